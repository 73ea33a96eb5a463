"""Judge of ``other_location``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import Int
from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Visits, milli_days, on_visits

if TYPE_CHECKING:
    from engine.objectives.other_location import OtherLocation


def contributions(rule: OtherLocation, snapshot: Snapshot, plan: Plan) -> Int:
    """Milli-days for another place than those wished for; int64, shape (R,)."""
    visits, wishes = Visits.of(snapshot, plan), snapshot.wishes
    location = snapshot.roles.location[visits.role]
    wished = np.isin(visits.request, wishes.locations.key // max(wishes.locations.width, 1))
    asked = visits.request * wishes.locations.width + location
    listed = np.isin(asked, wishes.locations.key) & (location >= 0)
    amount = (wished & ~listed) * milli_days(rule.days)
    return on_visits(snapshot, visits, amount)
