"""Judge of ``other_modality``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.arrays import Int
from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.snapshot.index import MODALITIES
from engine.verify.violation import Visits, milli_days, on_visits

if TYPE_CHECKING:
    from engine.objectives.other_modality import OtherModality


def contributions(rule: OtherModality, snapshot: Snapshot, plan: Plan) -> Int:
    """Milli-days for the other modality; int64, shape (R,)."""
    visits = Visits.of(snapshot, plan)
    wish = snapshot.wishes.modality[visits.request]
    by_video = snapshot.roles.location[visits.role] < 0
    other = (wish >= 0) & ((wish == MODALITIES.index("video")) != by_video)
    return on_visits(snapshot, visits, other * milli_days(rule.days))
