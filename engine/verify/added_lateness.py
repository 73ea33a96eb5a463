"""Judge of ``added_lateness``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import Int
from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.lateness import days_late
from engine.verify.violation import Visits, on_visits

if TYPE_CHECKING:
    from engine.objectives.added_lateness import AddedLateness


def contributions(rule: AddedLateness, snapshot: Snapshot, plan: Plan) -> Int:
    """Whole days later, beyond the standard, than what was told; int64, shape (R,)."""
    visits = Visits.of(snapshot, plan)
    late = days_late(rule.urgencies, snapshot, visits)
    was_told = np.flatnonzero(snapshot.told.standing[visits.request] >= 0)
    told = Visits.told(snapshot, visits.request[was_told])
    added = np.zeros(len(late), np.int64)
    before = days_late(rule.urgencies, snapshot, told)
    added[was_told] = np.clip(late[was_told] - before, 0, None)
    return on_visits(snapshot, visits, added)
