"""Judge of ``wait``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import Int
from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Visits, half_up, milli_days, on_visits

if TYPE_CHECKING:
    from engine.objectives.wait import Wait


def contributions(rule: Wait, snapshot: Snapshot, plan: Plan) -> Int:
    """Milli-days that each placed request waits; int64, shape (R,)."""
    visits = Visits.of(snapshot, plan)
    ready = snapshot.requests.ready[visits.request]
    price = milli_days(rule.days_per_day)
    amount = half_up(np.maximum(visits.start - ready, 0) * price, 1440)
    for index in np.flatnonzero(~visits.has_time).tolist():
        day = visits.local(snapshot, index, visits.start[index]).date()
        first = visits.local(snapshot, index, ready[index]).date()
        amount[index] = max(0, (day - first).days) * price
    return on_visits(snapshot, visits, amount)
