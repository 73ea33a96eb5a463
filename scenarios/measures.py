"""Measures of a plan in the words of the field."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import NONE, Bool, Float, Int
from engine.plan import KEPT
from engine.result import Result
from engine.time_grid import MINUTES_PER_DAY
from engine.verify.violation import Visits

METRES_PER_KM = 1_000


@dataclass(frozen=True, slots=True)
class Measures:
    """How well patients are served; shares are of those they are stated for.

    Parameters
    ----------
    requests, placed, kept
        Requests in all; placed by the plan; with an appointment already.
    no_candidate, crowded_out, linked
        Unplaced: because nothing is eligible; because others hold all that is, or what goes
        with it; because a request that it goes with, all or none, has nothing eligible.
    match_rate
        Placed, of the requests without an appointment.
    days_to_appointment_median, days_to_appointment_p90
        Days from the later of asking and the earliest date, of those placed.
    within_standard
        Share of those placed who are seen by their due instant.
    travel_km_median
        Kilometres, of those placed in person from a known home.
    with_wished_doctor
        Share of those placed who wished for doctors.
    at_suitable_time
        Share of those placed who named weekly times.
    utilisation
        Free cells that the plan fills, in timed sessions.
    """

    requests: int
    placed: int
    kept: int
    no_candidate: int
    crowded_out: int
    linked: int
    match_rate: float | None
    days_to_appointment_median: float | None
    days_to_appointment_p90: float | None
    within_standard: float | None
    travel_km_median: float | None
    with_wished_doctor: float | None
    at_suitable_time: float | None
    utilisation: float | None


def measure(result: Result) -> Measures:
    """Measure the plan of a result."""
    snapshot, plan, wishes = result.snapshot, result.plan, result.snapshot.wishes
    visits = Visits.of(snapshot, plan)
    waited = np.maximum(visits.start - snapshot.requests.ready[visits.request], 0)
    metres = snapshot.metres(visits.request, visits.role)
    wished = wishes.num_doctors[visits.request] > 0
    listed = wishes.doctors.has(visits.request, snapshot.roles.doctor[visits.role])
    has_times = ~wishes.times.is_empty[visits.request]
    num_open = int(snapshot.is_open.sum())
    return Measures(
        requests=snapshot.num_requests,
        placed=len(visits.request),
        kept=int((plan.state == KEPT).sum()),
        no_candidate=result.num_no_candidate,
        crowded_out=result.num_crowded_out,
        linked=result.num_linked,
        match_rate=len(visits.request) / num_open if num_open else None,
        days_to_appointment_median=_quantile(waited / MINUTES_PER_DAY, 0.5),
        days_to_appointment_p90=_quantile(waited / MINUTES_PER_DAY, 0.9),
        within_standard=_free_of(result, "lateness", visits.request),
        travel_km_median=_quantile(metres[metres != NONE] / METRES_PER_KM, 0.5),
        with_wished_doctor=_share(listed[wished]),
        at_suitable_time=_free_of(result, "unsuitable_time", visits.request[has_times]),
        utilisation=_utilisation(result, visits),
    )


def _free_of(result: Result, objective: str, request: Int) -> float | None:
    """Share of requests that add nothing to an objective."""
    contribution = result.contribution(objective)
    return None if contribution is None else _share(contribution[request] == 0)


def _utilisation(result: Result, visits: Visits) -> float | None:
    """Filled share of the seats that appointments left free in timed sessions."""
    sessions, seats = result.snapshot.sessions, result.policy.seats
    is_timed = ~sessions.is_day[sessions.cell_session]
    room = int(seats.room(result.snapshot)[is_timed].sum())
    timed = visits.has_time
    cell = sessions.cell_minutes[visits.session[timed]]
    filled = int(((visits.busy_end - visits.busy_start)[timed] // cell).sum())
    return filled / room if room else None


def _quantile(values: Float, share: float) -> float | None:
    return float(np.quantile(values, share)) if len(values) else None


def _share(flags: Bool) -> float | None:
    return float(flags.mean()) if len(flags) else None
