"""Judge of ``linked_order``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.links import Told, members_told, pair_violation
from engine.verify.violation import Violation

if TYPE_CHECKING:
    from engine.constraints.linked_order import LinkedOrder


def violations(rule: LinkedOrder, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Linked visits in the wrong order, or too close to each other."""
    links = snapshot.links
    everything = links.ordered | ~links.ordered
    for link, told in members_told(snapshot, plan, everything):
        for index, one in enumerate(told):
            for other in told[index + 1 :]:
                if _too_close(snapshot, link, one, other):
                    yield pair_violation(rule.name, snapshot, link, one, other)


def _too_close(snapshot: Snapshot, link: int, one: Told, other: Told) -> bool:
    links = snapshot.links
    gap, days, ordered = links.min_gap[link], links.min_gap_days[link], links.ordered[link]
    both_timed = one.has_time and other.has_time
    if ordered:
        if both_timed and other.start - one.end < max(gap, 0):
            return True
        if not both_timed and other.day < one.day:
            return True
        return bool(days >= 0 and other.day - one.day < days)
    if both_timed and max(gap, links.max_gap[link]) >= 0:
        early, late = sorted((one, other), key=lambda visit: (visit.start, visit.end))
        if late.start - early.end < max(gap, 0):
            return True
    return bool(days >= 0 and abs(one.day - other.day) < days)
