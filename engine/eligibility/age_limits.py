"""The patient is of an age that is served."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.arrays import NONE, Bool, Int
from engine.candidates import Candidates
from engine.rules import Grain, rule
from engine.snapshot import Snapshot
from engine.snapshot.supply import NO_AGE_LIMIT

_YEAR = 10_000


@rule
class AgeLimits:
    """Children's doctors see children; some types of visit are for certain ages.

    Formula: ``age_min ≤ age ≤ age_max`` of the role and of the visit type, the age being
    that in whole years on the local day of the visit. Who was born on 29 February has
    their birthday on 1 March in other years. Unknown birth date where a limit is set:
    excluded.

    Units: whole years.
    """

    name: ClassVar[str] = "age_limits"
    grain: ClassVar[Grain] = "place"

    def admits_places(self, snapshot: Snapshot, candidates: Candidates) -> Bool:
        """Whether each candidate's patient is of an age that is served."""
        roles, types = snapshot.roles, snapshot.visit_types
        visit_type = snapshot.requests.visit_type[candidates.request]
        youngest = np.maximum(roles.age_min[candidates.role], types.age_min[visit_type])
        oldest = np.minimum(roles.age_max[candidates.role], types.age_max[visit_type])
        birth = snapshot.patients.birth_day[snapshot.requests.patient[candidates.request]]
        age = (_packed_days(candidates.day) - birth) // _YEAR
        unlimited = (youngest == NONE) & (oldest == NO_AGE_LIMIT)
        return unlimited | ((birth != NONE) & (youngest <= age) & (age <= oldest))


def _packed_days(days: Int) -> Int:
    """``year * 10_000 + month * 100 + day`` of days since 1970-01-01."""
    dates = days.astype("datetime64[D]")
    years = dates.astype("datetime64[Y]")
    months = dates.astype("datetime64[M]")
    year = years.astype(np.int64) + 1970
    month = (months - years).astype(np.int64) + 1
    return year * _YEAR + month * 100 + (dates - months).astype(np.int64) + 1
