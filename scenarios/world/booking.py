"""Which cells of a world are free; the rest is booked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby

import numpy as np

from engine.arrays import Bool
from engine.domain import Appointment, Session
from scenarios.world.dice import Dice
from scenarios.world.medicine import CELL_MINUTES
from scenarios.world.supply import CELLS_PER_HALF_DAY

FREE_PER_REQUESTED = 1.1
SHARE_FREE_IF_LOOSE = 0.6
LONGEST_FREE_BLOCK = 8
LONGEST_BOOKED_BLOCK = 4


def tight(dice: Dice, num_sessions: int, num_cells: int) -> Bool:
    """Free cells of the sessions of one field, in blocks of 1 to 8.

    Parameters
    ----------
    num_sessions
        Sessions of the field.
    num_cells
        Free cells wanted; all cells, if there are not so many.

    Returns
    -------
    bool, shape (sessions, cells per session)
    """
    free = np.zeros((num_sessions, CELLS_PER_HALF_DAY), np.bool_)
    left = min(num_cells, free.size)
    while left:
        length = min(dice.whole(1, LONGEST_FREE_BLOCK), left)
        session = dice.whole(0, num_sessions - 1)
        first = dice.whole(0, CELLS_PER_HALF_DAY - length)
        around = free[session, max(0, first - 1) : first + length + 1]
        crowded = free.sum() > free.size // 2  # then blocks may touch
        if not around.any() or (crowded and not free[session, first : first + length].all()):
            left += int(free[session, first : first + length].sum())
            free[session, first : first + length] = True
            left -= length
    return free


def loose(dice: Dice, num_sessions: int) -> Bool:
    """Free cells, 60 % of all; booked blocks of 1 to 4 lie at random."""
    free = np.ones((num_sessions, CELLS_PER_HALF_DAY), np.bool_)
    booked = round(free.size * (1 - SHARE_FREE_IF_LOOSE))
    while booked:
        length = min(dice.whole(1, LONGEST_BOOKED_BLOCK), booked)
        session = dice.whole(0, num_sessions - 1)
        first = dice.whole(0, CELLS_PER_HALF_DAY - length)
        booked -= int(free[session, first : first + length].sum())
        free[session, first : first + length] = False
        booked = max(booked, 0)
    return free


def booked_blocks(sessions: Sequence[Session], free: Bool) -> Iterator[Appointment]:
    """Appointments, without a request, over the cells that are not free."""
    cell = timedelta(minutes=CELL_MINUTES)
    for session, row in zip(sessions, free, strict=True):
        first = 0
        for is_free, run in groupby(row.tolist()):
            length = len(list(run))
            if not is_free:
                yield Appointment(
                    id=f"{session.id}-{first}",
                    role_id=session.role_id,
                    start=session.start + first * cell,
                    end=session.start + (first + length) * cell,
                    source="generated",
                )
            first += length
