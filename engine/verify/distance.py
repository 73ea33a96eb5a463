"""Judge of ``distance``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Violation, Visits, broken, given

_NO_LIMIT = 1 << 40

if TYPE_CHECKING:
    from engine.eligibility.distance import Distance


def violations(rule: Distance, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Visits farther away than the patient goes."""
    visits = Visits.of(snapshot, plan)
    metres = snapshot.metres(visits.request, visits.role)
    stated = snapshot.requests.max_travel_metres[visits.request]
    has_limit = stated < _NO_LIMIT
    in_person = given(snapshot.roles.location[visits.role])
    usual = int(1000 * rule.default_max_km + 0.5)
    too_far = metres > np.where(has_limit, stated, usual)
    unmeasured = ~given(metres) & has_limit
    yield from broken(rule.name, snapshot, visits, in_person & (too_far | unmeasured))
