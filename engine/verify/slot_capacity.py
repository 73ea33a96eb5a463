"""Judge of ``slot_capacity``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import Int, ranges
from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Violation, Visits

if TYPE_CHECKING:
    from engine.constraints.slot_capacity import SlotCapacity


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
    """Seats of every cell, counted session by session."""
    sessions, share = snapshot.sessions, rule.seats.overbooking
    length = np.diff(sessions.first_cell)
    seats = np.repeat(sessions.capacity, length)
    if not share:
        return seats
    step = math.ceil(round(1 / share, 6))
    for session, capacity in enumerate(sessions.capacity.tolist()):
        cells = seats[sessions.first_cell[session] : sessions.first_cell[session + 1]]
        if sessions.is_day[session]:
            cells += capacity // step
        else:
            cells[step - 1 :: step] += 1
    return seats
