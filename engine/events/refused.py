"""Places that patients hold, judged by the rules between a request and a role or session."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from engine.arrays import NONE
from engine.policy import Policy
from engine.snapshot import Snapshot

FOR_NEW_PLACES = frozenset({"new_patients"})
"""Rules that say who may come; who has a place already keeps it whatever becomes of them."""


def newly_refused(
    before: Snapshot, after: Snapshot, policy: Policy, appointment_ids: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """Which places a rule admitted before and refuses now, and which rule: the first of the
    policy.

    Only what changed counts: who holds a place against a rule goes on doing so. Where the
    appointment lies in no session, before or after, rules about sessions are not asked.

    Parameters
    ----------
    appointment_ids
        Of appointments that are in both, at the same place, for the same request.
    """
    names = list(appointment_ids)
    was, now = (_Held(snapshot, names) for snapshot in (before, after))
    seen: set[str] = set()
    for rule in policy.pair_rules:
        if rule.name in FOR_NEW_PLACES:
            continue
        by_session = rule.grain == "session"
        asked = was.has_session & now.has_session if by_session else np.ones(len(names), np.bool_)
        rows = np.flatnonzero(asked)
        there = "session" if by_session else "role"
        admitted = rule.admits(before, was.request[rows], getattr(was, there)[rows])
        admits = rule.admits(after, now.request[rows], getattr(now, there)[rows])
        for row in rows[admitted & ~admits].tolist():
            if names[row] not in seen:
                seen.add(names[row])
                yield names[row], rule.name


class _Held:
    """What appointments hold, as indices of a snapshot."""

    def __init__(self, snapshot: Snapshot, names: list[str]) -> None:
        published = snapshot.published
        number = {name: index for index, name in enumerate(published.ids)}
        row = np.array([number[name] for name in names], np.int64)
        self.request = published.request[row]
        self.role = published.role[row]
        self.session = published.session[row]
        self.has_session = self.session != NONE
