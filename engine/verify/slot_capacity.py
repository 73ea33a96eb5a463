"""Judge of ``slot_capacity``."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import Int, ranges
from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Violation, Visits

if TYPE_CHECKING:
    from engine.constraints.slot_capacity import SlotCapacity

_DAY = 1_440  # minutes
_GOLDEN = 2_654_435_769  # 0.618… of 2³²
_MOST_STEPS = 2**30


def violations(rule: SlotCapacity, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Cells with more visits and appointments than seats."""
    visits, sessions = Visits.of(snapshot, plan), snapshot.sessions
    cell = sessions.cell_minutes[visits.session]
    first = sessions.first_cell[visits.session]
    from_cell = first + (visits.busy_start - sessions.start[visits.session]) // cell
    to_cell = from_cell + (visits.busy_end - visits.busy_start) // cell
    num_cells = len(snapshot.used)
    low, high = np.clip(from_cell, 0, num_cells), np.clip(to_cell, 0, num_cells)
    covered = ranges(low, np.maximum(high - low, 0))
    use = snapshot.used + np.bincount(covered, minlength=num_cells)
    excess = use - _seats(rule, snapshot)
    for k in np.flatnonzero(excess > 0).tolist():
        session = sessions.cell_session[k]
        zone = int(snapshot.roles.zone[sessions.role[session]])
        told = snapshot.grid.instant(int(sessions.cell_start[k]), zone)
        holders = visits.request[(low <= k) & (k < high)]
        request_ids = tuple(snapshot.requests.ids[r] for r in holders.tolist())
        where = f"{sessions.ids[session]} at {told.isoformat()}"
        yield Violation(rule.name, where, request_ids, int(excess[k]))


def _seats(rule: SlotCapacity, snapshot: Snapshot) -> Int:
    """Seats of every cell: of the first m cells of a day, ``⌊(m + s) / n⌋`` have one more."""
    sessions, share = snapshot.sessions, rule.seats.overbooking
    seats = np.repeat(sessions.capacity, np.diff(sessions.first_cell))
    if not share:
        return seats
    step = math.ceil(min(round(1 / share, 6), _MOST_STEPS))
    session = sessions.cell_session
    role, is_day = sessions.role[session], sessions.is_day[session]
    day, minute = np.divmod(
        snapshot.grid.wall(snapshot.roles.zone[role], sessions.cell_start), _DAY
    )
    begins = _begins(snapshot, role, day, step)
    first = np.where(is_day, 0, minute // sessions.cell_minutes[session])
    last = np.where(is_day, seats, first + 1)
    return seats + (last + begins) // step - (first + begins) // step


def _begins(snapshot: Snapshot, role: Int, day: Int, step: int) -> Int:
    """Where the count of each role and day begins, between 0 and ``step``, by whole numbers."""
    pairs, place = np.unique(np.stack([role, day], axis=1), axis=0, return_inverse=True)
    found = [
        (number * _GOLDEN + zlib.crc32(snapshot.roles.ids[index].encode())) % 2**32 * step // 2**32
        for index, number in pairs.tolist()
    ]
    return np.array(found, np.int64)[place.ravel()]
