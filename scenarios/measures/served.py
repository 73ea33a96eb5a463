"""How the plan of a match serves each request, measure by measure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import NONE, Bool, Float, Int
from engine.eligibility.network import Network
from engine.plan import CROWDED_OUT, KEPT, LINKED, NO_CANDIDATE
from engine.result import Result
from engine.time_grid import MINUTES_PER_DAY
from engine.verify.violation import Visits
from scenarios.measures.by_request import ByRequest

METRES_PER_KM = 1_000


@dataclass(frozen=True, slots=True)
class Served:
    """A result and the visits that its plan places."""

    result: Result
    visits: Visits

    def spread(self, values: Float | Bool, stated: Bool | None = None) -> Float:
        """Values of visits as values of requests, NaN where they are not stated.

        Parameters
        ----------
        values
            Shape (N,): of every visit.
        stated
            bool, shape (N,): of which visits they are; ``None``: of all.
        """
        found = np.full(self.result.snapshot.num_requests, np.nan)
        which = slice(None) if stated is None else stated
        found[self.visits.request[which]] = values[which]
        return found


def served(result: Result) -> ByRequest:
    """Every measure of a plan that is made of what becomes of each request."""
    whole = Served(result, Visits.of(result.snapshot, result.plan))
    made = {column: column(whole) for column in dict.fromkeys(_COLUMNS.values())}
    columns = {name: made[column] for name, column in _COLUMNS.items()}
    return ByRequest(result.snapshot.requests.patient, columns)


def is_request(served: Served) -> Float:
    """Formula: 1. Unit: requests."""
    return np.ones(served.result.snapshot.num_requests)


def is_placed(served: Served) -> Float:
    """Formula: 1 where the plan places the request. Unit: requests."""
    return served.result.plan.is_placed.astype(np.float64)


def is_kept(served: Served) -> Float:
    """Formula: 1 where the request had an appointment before. Unit: requests."""
    return (served.result.plan.state == KEPT).astype(np.float64)


def has_no_candidate(served: Served) -> Float:
    """Formula: 1 where nothing is eligible at all. Unit: requests."""
    return _for_reason(served, NO_CANDIDATE)


def is_crowded_out(served: Served) -> Float:
    """Formula: 1 where others hold all that is eligible, or what goes with it. Unit: requests."""
    return _for_reason(served, CROWDED_OUT)


def is_linked(served: Served) -> Float:
    """Formula: 1 where the request goes, all or none, with one for which nothing is eligible.

    Unit: requests.
    """
    return _for_reason(served, LINKED)


def match_rate(served: Served) -> Float:
    """Formula: 1 where the plan places the request, 0 where it does not; stated for requests
    without an appointment before. Unit: share.

    Source: match rate, a measure of the field.
    """
    is_open = served.result.snapshot.is_open
    return np.where(is_open, served.result.plan.is_placed, np.nan)


def days_to_appointment(served: Served) -> Float:
    """Formula: ``max(0, told start − ready) / 1440 min``, ready being the later of asking and
    the earliest date; stated for those placed. Unit: days.

    Source: days to appointment, median and 90th percentile, a measure of the field.
    """
    ready = served.result.snapshot.requests.ready[served.visits.request]
    return served.spread(np.maximum(served.visits.start - ready, 0) / MINUTES_PER_DAY)


def within_standard(served: Served) -> Float:
    """Formula: 1 where the visit is no day late by the rule ``lateness``; stated for those
    placed, and unknown where the policy lacks the rule. Unit: share.

    Source: the standards of the urgency classes, which the policy states and cites.
    """
    return _adds_nothing(served, "lateness", np.ones(len(served.visits.request), np.bool_))


def travel_km(served: Served) -> Float:
    """Formula: great-circle distance from home to the place; stated for those placed in person
    from a known home. Unit: km.

    Source: travel, a measure of the field.
    """
    metres = served.result.snapshot.metres(served.visits.request, served.visits.role)
    return served.spread(metres / METRES_PER_KM, metres != NONE)


def with_wished_doctor(served: Served) -> Float:
    """Formula: 1 where the doctor is one of those wished for; stated for those placed who wish
    for doctors. Unit: share.
    """
    snapshot, visits = served.result.snapshot, served.visits
    listed = snapshot.wishes.doctors.has(visits.request, snapshot.roles.doctor[visits.role])
    return served.spread(listed, snapshot.wishes.num_doctors[visits.request] > 0)


def at_suitable_time(served: Served) -> Float:
    """Formula: 1 where the rule ``unsuitable_time`` counts nothing; stated for those placed who
    name weekly times, and unknown where the policy lacks the rule. Unit: share.
    """
    times = served.result.snapshot.wishes.times
    return _adds_nothing(served, "unsuitable_time", ~times.is_empty[served.visits.request])


def continuity(served: Served) -> Float:
    """Formula: 1 where the doctor or the practice knows the patient; stated for those placed
    whom any doctor or practice knows. Unit: share.

    Source: continuity, a measure of the field: seen by one's own doctor or practice.
    """
    snapshot, visits = served.result.snapshot, served.visits
    known = _known_patients(served)[visits.patient]
    return served.spread(snapshot.knows(visits.request, visits.role), known)


def in_network(served: Served) -> Float:
    """Formula: 1 where the role takes any network, or shares one with the patient's insurance
    plan; stated for those placed who have an insurance plan. Unit: share.

    Source: share in network, a measure of the field. Below 1 only where a policy lacks the rule
    ``network``.
    """
    snapshot, visits = served.result.snapshot, served.visits
    paid = Network().admits(snapshot, visits.request, visits.role)
    return served.spread(paid, snapshot.patients.insurance_plan[visits.patient] != NONE)


_COLUMNS: dict[str, Callable[[Served], Float]] = {
    "requests": is_request,
    "placed": is_placed,
    "kept": is_kept,
    "no_candidate": has_no_candidate,
    "crowded_out": is_crowded_out,
    "linked": is_linked,
    "match_rate": match_rate,
    "days_to_appointment_median": days_to_appointment,
    "days_to_appointment_p90": days_to_appointment,
    "within_standard": within_standard,
    "travel_km_median": travel_km,
    "travel_km_p90": travel_km,
    "with_wished_doctor": with_wished_doctor,
    "at_suitable_time": at_suitable_time,
    "continuity": continuity,
    "in_network": in_network,
}


def _for_reason(served: Served, reason: int) -> Float:
    return (served.result.plan.reason == reason).astype(np.float64)


def _adds_nothing(served: Served, objective: str, stated: Bool) -> Float:
    """Whether visits add nothing to an objective; NaN where the policy has it not."""
    contribution = served.result.contribution(objective)
    if contribution is None:
        return np.full(served.result.snapshot.num_requests, np.nan)
    return served.spread(contribution[served.visits.request] == 0, stated)


def _known_patients(served: Served) -> Bool:
    """Patients whom any doctor or practice knows; bool, shape (P,)."""
    patients = served.result.snapshot.patients
    known = np.zeros(len(patients.ids), np.bool_)
    for pairs in (patients.established, patients.established_group):
        person: Int = pairs.key // max(pairs.width, 1)
        known[person] = True
    return known
