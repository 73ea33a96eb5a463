"""Judge of ``protected_people``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.arrays import Int
from engine.plan import UNPLACED, Plan
from engine.snapshot import BYSTANDER, Snapshot
from engine.verify.displaced_people import num_displaced

if TYPE_CHECKING:
    from engine.objectives.protected_people import ProtectedPeople


def contributions(rule: ProtectedPeople, snapshot: Snapshot, plan: Plan) -> Int:
    """1 for every bystander without a place; int64, shape (R,)."""
    lost = (snapshot.told.standing == BYSTANDER) & (plan.state == UNPLACED)
    return lost.astype("int64")


def shared(rule: ProtectedPeople, snapshot: Snapshot, plan: Plan) -> int:
    """People displaced beyond the limit."""
    return max(0, num_displaced(snapshot, plan) - rule.limit)
