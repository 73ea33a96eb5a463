"""Judge of ``unsuitable_time``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import Int
from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.calendar import suits
from engine.verify.violation import Visits, milli_days, on_visits

if TYPE_CHECKING:
    from engine.objectives.unsuitable_time import UnsuitableTime


def contributions(rule: UnsuitableTime, snapshot: Snapshot, plan: Plan) -> Int:
    """Milli-days for a time that does not suit; int64, shape (R,)."""
    visits = Visits.of(snapshot, plan)
    unsuitable = ~suits(snapshot, visits, np.arange(len(visits.request)))
    return on_visits(snapshot, visits, unsuitable * milli_days(rule.days))
