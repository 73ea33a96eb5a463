"""Judge of ``age_limits``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.snapshot.supply import NO_AGE_LIMIT
from engine.verify.violation import Violation, Visits, broken

if TYPE_CHECKING:
    from engine.eligibility.age_limits import AgeLimits


def violations(rule: AgeLimits, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Visits of patients too young, too old, or of unknown age."""
    visits, roles, types = Visits.of(snapshot, plan), snapshot.roles, snapshot.visit_types
    limits = np.stack(
        [
            roles.age_min[visits.role],
            types.age_min[visits.visit_type],
            roles.age_max[visits.role],
            types.age_max[visits.visit_type],
        ]
    )
    is_limited = np.any((limits[:2] >= 0), axis=0) | np.any(limits[2:] < NO_AGE_LIMIT, axis=0)
    bad = np.zeros(len(visits.request), np.bool_)
    for index in np.flatnonzero(is_limited).tolist():
        birth = int(snapshot.patients.birth_day[visits.patient[index]])
        day = visits.local(snapshot, index, visits.start[index]).date()
        had_birthday = (day.month, day.day) >= (birth // 100 % 100, birth % 100)
        age = day.year - birth // 10_000 - (not had_birthday)
        young, old = max(limits[:2, index]), min(limits[2:, index])
        bad[index] = birth < 0 or not young <= age <= old
    yield from broken(rule.name, snapshot, visits, bad)
