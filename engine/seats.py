"""Seats of cells: what sessions offer, what a policy adds, what appointments leave."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from engine.arrays import Int
from engine.parameters import checked
from engine.snapshot import Snapshot


@checked
class Seats:
    """How many visits a cell takes.

    Formula: with a share p of overbooking and ``n = ⌈1/p⌉``, every n-th cell of a timed
    session has one seat more than the session's capacity; a day session has one more for
    every n of its seats. No cell ever has more than one extra visit at a time, so whoever
    comes next waits for one visit at most.

    Units: seats. Source: bounded overbooking for no-shows; off by default, since overbooking
    without a model of who stays away makes some groups wait longer (Samorani et al.).
    """

    overbooking: Annotated[float, Field(ge=0, le=0.5)] = 0.0

    def per_cell(self, snapshot: Snapshot) -> Int:
        """Seats of every cell; int64, shape (K,)."""
        sessions = snapshot.sessions
        session = sessions.cell_session
        seats = sessions.capacity[session]
        if not self.overbooking:
            return seats
        step = int(np.ceil(round(1 / self.overbooking, 6)))
        number = np.arange(len(session)) - sessions.first_cell[session] + 1
        extra = np.where(sessions.is_day[session], seats // step, number % step == 0)
        return seats + extra

    def room(self, snapshot: Snapshot) -> Int:
        """Seats that appointments leave in every cell, at least 0; int64, shape (K,)."""
        return np.maximum(self.per_cell(snapshot) - snapshot.used, 0)


def free_run(snapshot: Snapshot, room: Int) -> Int:
    """Number of cells with room from each cell on, within its session; int64, shape (K,)."""
    here = np.arange(len(room))
    blocked = np.where(room == 0, here, len(room))
    next_blocked = np.minimum.accumulate(blocked[::-1])[::-1]
    session_end = snapshot.sessions.first_cell[snapshot.sessions.cell_session + 1]
    return np.minimum(next_blocked, session_end) - here
