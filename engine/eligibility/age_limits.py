"""The patient is of an age that is served."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.arrays import NONE, Bool, Int
from engine.candidates import Candidates
from engine.rules import Grain, Suspicion, nowhere, rule
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
        return _served(snapshot, candidates.request, candidates.role, _packed_days(candidates.day))

    def suspects(self, snapshot: Snapshot) -> Suspicion:
        """Suspects pairs who are not of an age that is served on every day of the horizon."""
        days = snapshot.grid.day(0, np.array([0, snapshot.horizon_end]))
        first, last = _packed_days(days + np.array([-1, 1])).tolist()  # whatever the time zone

        of_role, of_type = (
            (limits.age_min != NONE) | (limits.age_max != NO_AGE_LIMIT)
            for limits in (snapshot.roles, snapshot.visit_types)
        )
        if not of_role.any() and not of_type.any():
            return nowhere
        of_request, role_of = of_type[snapshot.requests.visit_type], snapshot.sessions.role

        def could_refuse(request: Int, session: Int) -> Bool:
            found = of_role.take(role_of.take(session))
            if of_request.any():
                found |= of_request.take(request)
            limited = np.flatnonzero(found)
            pair = request[limited], role_of[session[limited]]
            found[limited] = ~_served(snapshot, *pair, np.int64(first))
            found[limited] |= ~_served(snapshot, *pair, np.int64(last))
            return found

        return could_refuse


def _served(snapshot: Snapshot, request: Int, role: Int, date: Int | np.int64) -> Bool:
    """Whether patients are of an age that is served, on a packed date."""
    roles, types = snapshot.roles, snapshot.visit_types
    visit_type = snapshot.requests.visit_type[request]
    youngest = np.maximum(roles.age_min[role], types.age_min[visit_type])
    oldest = np.minimum(roles.age_max[role], types.age_max[visit_type])
    birth = snapshot.patients.birth_day[snapshot.requests.patient[request]]
    age = (date - birth) // _YEAR
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
