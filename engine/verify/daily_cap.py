"""Judge of ``daily_cap``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Violation, Visits

if TYPE_CHECKING:
    from engine.constraints.daily_cap import DailyCap


def violations(rule: DailyCap, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Days with more visits than a role or doctor takes."""
    visits, published = Visits.of(snapshot, plan), snapshot.published
    told = np.flatnonzero(published.request >= 0)
    role = np.concatenate([published.role[told], visits.role]).tolist()
    request = np.concatenate([published.request[told], visits.request]).tolist()
    start = np.concatenate([published.start[told], visits.start]).tolist()
    on_day: dict[tuple[int, date], list[int]] = defaultdict(list)
    caps_of: dict[int, list[int]] = defaultdict(list)
    for index, cap in enumerate(snapshot.caps):
        for q in cap.roles.tolist():
            caps_of[q].append(index)
    for q, r, minute in zip(role, request, start, strict=True):
        for index in caps_of.get(q, ()):
            if snapshot.caps[index].visit_type in (-1, snapshot.requests.visit_type[r]):
                day = snapshot.grid.instant(minute, int(snapshot.roles.zone[q])).date()
                on_day[index, day].append(r)
    for (index, day), counted in on_day.items():
        cap = snapshot.caps[index]
        if len(counted) > cap.limit:
            role_ids = ", ".join(snapshot.roles.ids[q] for q in cap.roles.tolist())
            request_ids = tuple(sorted(snapshot.requests.ids[r] for r in counted))
            where = f"{role_ids} on {day.isoformat()} (cap {index})"
            yield Violation(rule.name, where, request_ids, len(counted) - cap.limit)
