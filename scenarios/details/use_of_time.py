"""How full the busiest doctors are, day by day."""

from __future__ import annotations

import numpy as np

from engine.result import Result
from scenarios.details.records import MAX_DAYS, MAX_DOCTORS, DoctorUse, UseOfTime
from scenarios.measures import Utilisation


def use_of_time(result: Result, names: dict[str, str]) -> UseOfTime | None:
    """Use of time once a plan is carried out; ``None`` where there are no timed sessions.

    Parameters
    ----------
    names
        Of doctors and services, by id.
    """
    whole = Utilisation.of(result)
    if not whole.days:
        return None
    busiest = np.argsort(-whole.taken.sum(axis=1), kind="stable")[:MAX_DOCTORS]
    return UseOfTime(
        first_day=whole.days[0],
        num_days=len(whole.days),
        num_doctors=len(whole.doctors),
        doctors=tuple(
            DoctorUse(
                id=whole.doctors[row],
                name=names.get(whole.doctors[row], ""),
                taken=tuple(whole.taken[row, :MAX_DAYS].tolist()),
                offered=tuple(whole.offered[row, :MAX_DAYS].tolist()),
            )
            for row in busiest.tolist()
        ),
    )
