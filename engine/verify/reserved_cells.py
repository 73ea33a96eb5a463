"""Judge of ``reserved_cells``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

import numpy as np

from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Violation, Visits, broken, given

if TYPE_CHECKING:
    from engine.eligibility.reserved_cells import ReservedCells


def violations(rule: ReservedCells, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Visits in cells kept for more urgent requests."""
    visits, words = Visits.of(snapshot, plan), list(snapshot.index.urgencies)
    order = list(rule.urgencies.standards)
    bad = np.zeros(len(visits.request), np.bool_)
    reserved = snapshot.sessions.reserved_for[visits.session]
    for index in np.flatnonzero(given(reserved)).tolist():
        session = visits.session[index]
        mine = order.index(words[snapshot.requests.urgency[visits.request[index]]])
        last_cell = visits.busy_end[index] - snapshot.sessions.cell_minutes[session]
        ahead = snapshot.grid.instant(last_cell, 0) - snapshot.as_of_instant.astimezone(UTC)
        is_released = ahead <= timedelta(minutes=rule.release_minutes)
        bad[index] = mine > order.index(words[reserved[index]]) and not is_released
    yield from broken(rule.name, snapshot, visits, bad)
