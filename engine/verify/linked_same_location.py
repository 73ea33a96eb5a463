"""Judge of ``linked_same_location``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.links import members_told, pair_violation
from engine.verify.violation import Violation

if TYPE_CHECKING:
    from engine.constraints.linked_same_location import LinkedSameLocation


def violations(rule: LinkedSameLocation, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Linked visits with different locations."""
    for link, told in members_told(snapshot, plan, snapshot.links.same_location):
        for one, visit in enumerate(told):
            for other in told[one + 1 :]:
                if visit.location != other.location:
                    yield pair_violation(rule.name, snapshot, link, visit, other)
