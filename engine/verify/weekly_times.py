"""Judge of ``weekly_times``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.domain import INSISTABLE
from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.calendar import suits
from engine.verify.violation import Violation, Visits, broken

if TYPE_CHECKING:
    from engine.eligibility.weekly_times import WeeklyTimes


def violations(rule: WeeklyTimes, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Visits at a time that an insisting patient does not have."""
    visits = Visits.of(snapshot, plan)
    insists = snapshot.wishes.insists_on[visits.request, INSISTABLE.index("times")]
    bad = np.zeros(len(visits.request), np.bool_)
    asking = np.flatnonzero(insists)
    bad[asking] = ~suits(snapshot, visits, asking)
    yield from broken(rule.name, snapshot, visits, bad)
