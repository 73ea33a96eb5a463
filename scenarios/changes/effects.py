"""What a change does: how many records there are before and after, and which kinds it touches."""

from __future__ import annotations

from collections.abc import Iterator

from engine.domain import COLLECTIONS, Dataset
from engine.domain.record import record
from engine.interchange.policy_file import policy_content
from scenarios.situation import Situation


@record
class Touched:
    """Records of a collection that a change makes, takes away or alters."""

    collection: str
    """Such as sessions."""
    before: int
    """How many there were."""
    after: int
    """How many there are."""
    added: int
    """Made."""
    removed: int
    """Taken away."""
    altered: int
    """There still, and not as they were."""


@record
class Effect:
    """What one change does."""

    kind: str
    """Of the change."""
    touched: tuple[Touched, ...]
    """Collections that are not as they were."""
    policy: tuple[str, ...]
    """Tables of the policy, and rules, that are not as they were: seats, rules/travel."""


def effect_of(kind: str, before: Situation, after: Situation) -> Effect:
    """What changed between two situations."""
    return Effect(
        kind=kind,
        touched=tuple(_touched(before.dataset, after.dataset)),
        policy=tuple(_altered(policy_content(before.policy), policy_content(after.policy))),
    )


def _touched(before: Dataset, after: Dataset) -> Iterator[Touched]:
    for name in COLLECTIONS:
        rows, others = getattr(before, name), getattr(after, name)
        if rows == others:
            continue
        known = {row.id: row for row in rows}
        kept = [row for row in others if row.id in known]
        yield Touched(
            collection=name,
            before=len(rows),
            after=len(others),
            added=len(others) - len(kept),
            removed=len(rows) - len(kept),
            altered=sum(row != known[row.id] for row in kept),
        )


def _altered(before: dict[str, object], after: dict[str, object]) -> Iterator[str]:
    """Names of what differs, rule by rule."""
    for name, value in after.items():
        was = before.get(name)
        if name == "rules" and isinstance(value, dict) and isinstance(was, dict):
            yield from (f"rules/{rule}" for rule in value if value[rule] != was.get(rule))
        elif value != was:
            yield name
