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
DRAWS_UNTIL_DOUBT = 64
"""Draws in a row that fit nowhere, until it is asked whether any block can."""


def tight(dice: Dice, num_sessions: int, num_cells: int) -> Bool:
    """Free cells of the sessions of one field, in blocks of 1 to 8.

    Blocks lie apart until half of all cells are free, or no gap has room for one more; then
    they may touch.

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
    wanted = left = min(num_cells, free.size)
    misses = 0
    while left:
        length = min(dice.whole(1, LONGEST_FREE_BLOCK), left)
        session = dice.whole(0, num_sessions - 1)
        first = dice.whole(0, CELLS_PER_HALF_DAY - length)
        block = free[session, first : first + length]
        around = free[session, max(0, first - 1) : first + length + 1]
        crowded = wanted - left > free.size // 2  # then blocks may touch
        if not around.any() or (crowded and not block.all()):
            left -= length - int(block.sum())
            block[:] = True
            misses = 0
            continue
        misses += 1
        if misses % DRAWS_UNTIL_DOUBT == 0 and not crowded and not _has_room_apart(free):
            free.flat[dice.rng.choice(np.flatnonzero(~free), left, replace=False)] = True
            break
    return free


def _has_room_apart(free: Bool) -> bool:
    """Whether some cell, and the cells beside it, are booked: room for a block of one."""
    booked = np.pad(~free, ((0, 0), (1, 1)), constant_values=True)
    return bool((booked[:, :-2] & booked[:, 1:-1] & booked[:, 2:]).any())


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
