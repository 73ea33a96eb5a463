"""Judge of ``travel``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import Int
from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Visits, half_up, milli_days, on_visits

if TYPE_CHECKING:
    from engine.objectives.travel import Travel


def contributions(rule: Travel, snapshot: Snapshot, plan: Plan) -> Int:
    """Milli-days for the way; int64, shape (R,)."""
    visits = Visits.of(snapshot, plan)
    metres = snapshot.metres(visits.request, visits.role)
    beyond = np.clip(metres - milli_days(rule.free_km), 0, None)
    amount = half_up(beyond * milli_days(rule.days_per_km), 1000)
    return on_visits(snapshot, visits, amount)
