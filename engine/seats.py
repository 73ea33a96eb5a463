"""Seats of cells: what sessions offer, what a policy adds, what appointments leave."""

from __future__ import annotations

import math
from typing import Annotated
from zlib import crc32

import numpy as np
from pydantic import Field

from engine.arrays import Int
from engine.parameters import checked
from engine.snapshot import Snapshot
from engine.time_grid import MINUTES_PER_DAY

GOLDEN = 2_654_435_769
"""The golden section in units of 2⁻³²: of all fractions the one that its multiples come near to
last, so that they fill a circle evenly however many of them there are."""

_CIRCLE = 1 << 32
_MOST_STEPS = 1 << 30  # cells from one extra seat to the next: more than there ever are


@checked
class Seats:
    """How many visits a cell takes.

    Formula: with a share p of overbooking and ``n = ⌈1/p⌉``, one cell of n has one seat more than
    its session's capacity. Cells of a role are numbered through the day, ``k = ⌊minutes on the
    local clock since midnight / minutes of the cell⌋``, and a cell has the seat if
    ``(k + s) mod n = n − 1``. Where a day begins to count, ``s = ⌊n · frac(day · φ + role)⌋``, is
    spread evenly: φ = 0.618…, the golden section, day counts from 1970-01-01, and role is
    a fraction made of the role's id (CRC-32). A day session is counted seat by seat instead, and
    has ``⌊(capacity + s) / n⌋`` more.

    So every n-th cell in a row has the seat, and over many days (all, or Mondays alone) the cell
    of some time of day has it on one of n. It depends on the role, the day and the clock, and on
    nothing else: what is cut from a session, or added, moves no seat of any other cell. No cell
    ever has more than one extra visit at a time, so whoever comes next waits for one visit at
    most.

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
        step = self._step
        role = sessions.role[session]
        wall = snapshot.grid.wall(snapshot.roles.zone[role], sessions.cell_start)
        day, minute = wall // MINUTES_PER_DAY, wall % MINUTES_PER_DAY
        own = np.array([crc32(name.encode()) for name in snapshot.roles.ids], np.int64)
        begin = step * ((day * GOLDEN + own[role]) % _CIRCLE) // _CIRCLE
        number = minute // sessions.cell_minutes[session] + begin
        of_day = (seats + begin) // step
        return seats + np.where(sessions.is_day[session], of_day, number % step == step - 1)

    @property
    def _step(self) -> int:
        """Cells from one extra seat to the next."""
        return math.ceil(min(round(1 / self.overbooking, 6), _MOST_STEPS))

    def room(self, snapshot: Snapshot) -> Int:
        """Seats that appointments leave in every cell, at least 0; int64, shape (K,)."""
        return np.maximum(self.per_cell(snapshot) - snapshot.used, 0)


def free_run(snapshot: Snapshot, room: Int) -> Int:
    """Number of cells with room from each cell on, within its session; int64, shape (K,)."""
    return run_until(room, snapshot.sessions.first_cell[snapshot.sessions.cell_session + 1])


def run_until(room: Int, end: Int) -> Int:
    """Number of cells with room from each cell on, up to the one at which its session ends;
    int64, shapes (N,), by position.
    """
    here = np.arange(len(room))
    blocked = np.where(room == 0, here, len(room))
    next_blocked = np.minimum.accumulate(blocked[::-1])[::-1]
    return np.minimum(next_blocked, end) - here
