"""Judge of ``linked_max_gap``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.links import Told, members_told, pair_violation
from engine.verify.violation import Violation

if TYPE_CHECKING:
    from engine.constraints.linked_max_gap import LinkedMaxGap


def violations(rule: LinkedMaxGap, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Linked visits too far from each other."""
    links = snapshot.links
    stated = (links.max_gap >= 0) | (links.max_gap_days >= 0)
    for link, told in members_told(snapshot, plan, stated & links.ordered):
        for one, other in pairwise(told):
            if other.place == one.place + 1 and _too_far(snapshot, link, one, other):
                yield pair_violation(rule.name, snapshot, link, one, other)
    for link, told in members_told(snapshot, plan, stated & ~links.ordered):
        minutes, days = int(links.max_gap[link]), int(links.max_gap_days[link])
        timed = [visit for visit in told if visit.has_time]
        ids = tuple(sorted(snapshot.requests.ids[visit.request] for visit in told))
        for unit, ends in (
            ("minutes", _ends(timed, minutes) if minutes >= 0 else 0),
            ("days", _day_ends(told, days) if days >= 0 else 0),
        ):
            if ends > 1:
                yield Violation(rule.name, f"{links.ids[link]}, in {unit}", ids, ends - 1)


def _too_far(snapshot: Snapshot, link: int, one: Told, other: Told) -> bool:
    gap, days = snapshot.links.max_gap[link], snapshot.links.max_gap_days[link]
    if gap >= 0 and one.has_time and other.has_time and other.start - one.end > gap:
        return True
    return bool(days >= 0 and other.day - one.day > days)


def _ends(told: list[Told], gap: int) -> int:
    """Visits that no other one follows in time."""
    return sum(
        not any(0 <= other.start - one.end <= gap for other in told if other is not one)
        for one in told
    )


def _day_ends(told: list[Told], gap: int) -> int:
    """The same in days; of two on one day the one listed later follows."""
    return sum(
        not any(
            (other.day, other.place) > (one.day, one.place) and other.day - one.day <= gap
            for other in told
        )
        for one in told
    )
