"""Patients, requests and their wishes as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from engine.arrays import NONE, Bool, Float, Int, Pairs, Ragged, frozen, ints
from engine.domain import (
    INSISTABLE,
    Coordinates,
    Dataset,
    PostalArea,
)
from engine.equivalent_days import milli_days
from engine.geography import postal_place
from engine.snapshot.index import ALWAYS, GENDERS, MODALITIES, Index, at
from engine.snapshot.refusals import Refusal, merged_times, refusal_of
from engine.time_grid import (
    TimeGrid,
    beginning_of,
    end_of,
)


@dataclass(frozen=True, slots=True)
class Patients:
    """Patients; arrays of shape (P,).

    Parameters
    ----------
    latitude, longitude
        float64, degrees; NaN: home unknown.
    insurance_plan, state, family, gender
        int64 index or -1.
    birth_day
        int64, ``year * 10_000 + month * 100 + day``; -1: unknown.
    times_moved
        int64: how often an appointment was moved before.
    languages
        Row per patient: languages spoken.
    established
        Pairs (patient, doctor).
    established_group
        Pairs (patient, group).
    """

    ids: tuple[str, ...]
    latitude: Float
    longitude: Float
    insurance_plan: Int
    state: Int
    family: Int
    gender: Int
    birth_day: Int
    times_moved: Int
    languages: Ragged
    established: Pairs
    established_group: Pairs


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests; arrays of shape (R,).

    Parameters
    ----------
    patient, visit_type, urgency
        int64 index.
    code
        int64 index of the specialty; -1: the visit type alone decides.
    ready
        int64, minutes: the later of ``created`` (rounded down) and ``earliest``.
    earliest, latest, see_by
        int64, minutes; ``-ALWAYS`` and ``ALWAYS`` where not given.
    max_travel_metres
        int64; ``ALWAYS`` where not given.
    term_minutes, term_prices
        Pairs (request, doctor): own minutes; own price in milli-days.
    declined
        Of every request, what it has said no to.
    """

    ids: tuple[str, ...]
    patient: Int
    visit_type: Int
    urgency: Int
    code: Int
    ready: Int
    earliest: Int
    latest: Int
    see_by: Int
    max_travel_metres: Int
    term_minutes: Pairs
    term_prices: Pairs
    declined: tuple[tuple[Refusal, ...], ...]

    @property
    def has_declined(self) -> Bool:
        """Whether places are not to be offered again; bool, shape (R,)."""
        return np.array([bool(rows) for rows in self.declined], np.bool_)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What requests wish for; arrays of shape (R,).

    Parameters
    ----------
    gender, language, modality
        int64 index or -1.
    times
        Row per request: weekly times that suit, merged, as starts and ends in minutes of
        the week, one after the other; empty: all.
    doctors
        Pairs (request, doctor): place in the list, from 0.
    doctor_prices
        Pairs (request, doctor): price in milli-days, where one is given.
    num_doctors, num_locations
        int64, lengths of the lists.
    locations
        Pairs (request, location).
    insists_on
        bool, shape (R, 4): whether the wishes ``INSISTABLE`` bind.
    """

    gender: Int
    language: Int
    modality: Int
    times: Ragged
    doctors: Pairs
    doctor_prices: Pairs
    num_doctors: Int
    locations: Pairs
    num_locations: Int
    insists_on: Bool


def take_patients(dataset: Dataset, index: Index) -> Patients:
    """Arrays of the patients."""
    rows = dataset.patients
    homes = np.array([_home(row.home) for row in rows], np.float64).reshape(-1, 2)
    known = [(p, other) for p, row in enumerate(rows) for other in row.established_with]
    doctors, groups = index.doctors, index.groups
    genders = (row.gender for row in rows)
    return Patients(
        ids=tuple(row.id for row in rows),
        latitude=frozen(homes[:, 0].copy()),
        longitude=frozen(homes[:, 1].copy()),
        insurance_plan=ints(at(index.insurance_plans, row.insurance_plan_id) for row in rows),
        state=ints(at(index.states, row.state) for row in rows),
        family=ints(at(index.families, row.family_id) for row in rows),
        gender=ints(NONE if gender is None else GENDERS.index(gender) for gender in genders),
        birth_day=ints(NONE if row.birth_date is None else packed(row.birth_date) for row in rows),
        times_moved=ints(row.times_moved for row in rows),
        languages=Ragged.of([index.languages[word] for word in row.languages] for row in rows),
        established=Pairs.of({(p, doctors[i]): 1 for p, i in known if i in doctors}, len(doctors)),
        established_group=Pairs.of(
            {(p, groups[i]): 1 for p, i in known if i in groups}, len(groups)
        ),
    )


def take_requests(dataset: Dataset, index: Index, grid: TimeGrid) -> Requests:
    """Arrays of the requests."""
    rows = dataset.requests
    zone = ZoneInfo(dataset.header.time_zone)
    earliest = [
        -ALWAYS if row.earliest is None else grid.minutes_up(beginning_of(row.earliest, zone))
        for row in rows
    ]
    created = [grid.minutes(row.created) for row in rows]
    doctors = index.doctors
    terms = [
        (r, doctors[term.doctor_id], term)
        for r, row in enumerate(rows)
        for term in row.doctor_terms
    ]
    return Requests(
        ids=tuple(row.id for row in rows),
        patient=ints(index.patients[row.patient_id] for row in rows),
        visit_type=ints(index.visit_types[row.visit_type_id] for row in rows),
        urgency=ints(index.urgencies[row.urgency] for row in rows),
        code=ints(at(index.codes, row.specialty) for row in rows),
        ready=ints(map(max, created, earliest)),
        earliest=ints(earliest),
        latest=ints(_ends((row.latest for row in rows), grid, zone)),
        see_by=ints(_ends((row.see_by for row in rows), grid, zone)),
        max_travel_metres=ints(
            ALWAYS if row.max_travel_km is None else round(row.max_travel_km * 1000) for row in rows
        ),
        term_minutes=Pairs.of(
            {(r, d): term.minutes for r, d, term in terms if term.minutes is not None}, len(doctors)
        ),
        term_prices=Pairs.of({(r, d): milli_days(term.days) for r, d, term in terms}, len(doctors)),
        declined=tuple(
            tuple(refusal_of(place, index, grid, zone) for place in row.declined) for row in rows
        ),
    )


def take_wishes(dataset: Dataset, index: Index) -> Wishes:
    """Arrays of the requests' wishes."""
    rows = [row.wishes for row in dataset.requests]
    doctors, locations = index.doctors, index.locations
    wished = [
        (r, doctors[wish.doctor_id], place, wish.days)
        for r, row in enumerate(rows)
        for place, wish in enumerate(row.doctors)
    ]
    insists = [[name in row.insists_on for name in INSISTABLE] for row in dataset.requests]
    return Wishes(
        gender=ints(NONE if row.gender is None else GENDERS.index(row.gender) for row in rows),
        language=ints(at(index.languages, row.language) for row in rows),
        modality=ints(
            NONE if row.modality is None else MODALITIES.index(row.modality) for row in rows
        ),
        times=Ragged.of(merged_times(row.times) for row in rows),
        doctors=Pairs.of({(r, d): place for r, d, place, _ in wished}, len(doctors)),
        doctor_prices=Pairs.of(
            {(r, d): milli_days(days) for r, d, _, days in wished if days is not None}, len(doctors)
        ),
        num_doctors=ints(len(row.doctors) for row in rows),
        locations=Pairs.of(
            {(r, locations[i]): 1 for r, row in enumerate(rows) for i in row.location_ids},
            len(locations),
        ),
        num_locations=ints(len(row.location_ids) for row in rows),
        insists_on=frozen(np.array(insists, np.bool_).reshape(-1, len(INSISTABLE))),
    )


def packed(day: date) -> int:
    """``year * 10_000 + month * 100 + day``: comparable, and a year is a division away."""
    return day.year * 10_000 + day.month * 100 + day.day


def _home(home: Coordinates | PostalArea | None) -> tuple[float, float]:
    if isinstance(home, PostalArea):
        home = coordinates_of(home.postal_code)
    return (np.nan, np.nan) if home is None else (home.latitude, home.longitude)


def coordinates_of(postal_code: str) -> Coordinates | None:
    """Centre of a US postal code, ``None`` where it is unknown."""
    place = postal_place(postal_code)
    if place is None:
        return None
    return Coordinates(latitude=place.latitude, longitude=place.longitude)


def _ends(
    values: Iterable[date | datetime | None], grid: TimeGrid, zone: ZoneInfo
) -> Iterator[int]:
    for value in values:
        yield ALWAYS if value is None else grid.minutes(end_of(value, zone))
