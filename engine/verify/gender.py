"""Judge of ``gender``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Violation, Visits, broken, given

if TYPE_CHECKING:
    from engine.eligibility.gender import Gender


def violations(rule: Gender, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Visits with roles that do not serve, or do not suit, the patient."""
    visits = Visits.of(snapshot, plan)
    served = snapshot.roles.genders_served[visits.role]
    gender = snapshot.patients.gender[visits.patient]
    refused = ~served[np.arange(len(gender)), gender] | ~given(gender)
    refused &= np.count_nonzero(served, axis=1) < served.shape[1]
    wish = snapshot.wishes.gender[visits.request]
    offered = snapshot.doctors.gender[snapshot.roles.doctor[visits.role]]
    yield from broken(rule.name, snapshot, visits, refused | (given(wish) & (wish != offered)))
