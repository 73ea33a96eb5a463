"""Measures of a plan in the words of the field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.result import Result
from scenarios.measures.grouping import Grouping
from scenarios.measures.row import Row
from scenarios.measures.served import served
from scenarios.measures.third_next import ThirdNext
from scenarios.measures.utilisation import Utilisation, utilisation


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
    travel_km_median, travel_km_p90
        Kilometres, of those placed in person from a known home.
    with_wished_doctor
        Share of those placed who wished for doctors.
    at_suitable_time
        Share of those placed who named weekly times.
    continuity
        Share of those placed whom a doctor or practice knows, who see one that does.
    in_network
        Share of those placed who are insured, whose insurance plan pays.
    utilisation
        Free cells that the plan fills, in timed sessions.
    third_next_available
        Days to the third next available appointment after the plan, median over the doctors.
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
    travel_km_p90: float | None
    with_wished_doctor: float | None
    at_suitable_time: float | None
    continuity: float | None
    in_network: float | None
    utilisation: float | None
    third_next_available: float | None


def measure(result: Result) -> Measures:
    """Measure the plan of a result."""
    value = {row.measure: row.value for row in rows_of(result)}
    return Measures(
        requests=int(value["requests"] or 0),
        placed=int(value["placed"] or 0),
        kept=int(value["kept"] or 0),
        no_candidate=int(value["no_candidate"] or 0),
        crowded_out=int(value["crowded_out"] or 0),
        linked=int(value["linked"] or 0),
        match_rate=value["match_rate"],
        days_to_appointment_median=value["days_to_appointment_median"],
        days_to_appointment_p90=value["days_to_appointment_p90"],
        within_standard=value["within_standard"],
        travel_km_median=value["travel_km_median"],
        travel_km_p90=value["travel_km_p90"],
        with_wished_doctor=value["with_wished_doctor"],
        at_suitable_time=value["at_suitable_time"],
        continuity=value["continuity"],
        in_network=value["in_network"],
        utilisation=value["utilisation"],
        third_next_available=value["third_next_available"],
    )


def rows_of(result: Result, groupings: Iterable[Grouping] = ()) -> tuple[Row, ...]:
    """Every measure of a plan, of all and of each group.

    Parameters
    ----------
    groupings
        Of the dataset that the plan was made for.
    """
    known, third_next = served(result), ThirdNext.of(result)
    rows = [*known.rows(), utilisation(result), third_next.row()]
    for grouping in groupings:
        rows += known.of_groups(grouping)
        if grouping.name == "specialty":
            rows += third_next.of_specialties(_specialties(result))
    return tuple(rows)


def by_group(result: Result, grouping: Grouping) -> tuple[Row, ...]:
    """Every measure of a plan that is about requests, of each group, with its count."""
    return served(result).of_groups(grouping)


def by_doctor(result: Result) -> tuple[Row, ...]:
    """Third next available appointment and use of time, of each doctor and service."""
    return (*ThirdNext.of(result).of_doctors(), *Utilisation.of(result).of_doctors())


def _specialties(result: Result) -> list[str]:
    """Codes that doctors practise, ascending."""
    codes = list(result.snapshot.index.codes)
    return [codes[index] for index in sorted(set(result.snapshot.roles.codes.value.tolist()))]
