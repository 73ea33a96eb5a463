"""Doctors, roles, places and visit types as arrays."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from engine.arrays import NONE, Bool, Float, Int, Pairs, Ragged, frozen, ints
from engine.domain import Dataset, Location, VisitType
from engine.snapshot.demand import coordinates_of
from engine.snapshot.index import GENDERS, MODALITIES, Index, at, doctor_ids

ACCEPTS_NEW = ("all", "existing", "family", "none")
NO_AGE_LIMIT = 1_000
"""Above every age."""


@dataclass(frozen=True, slots=True)
class Doctors:
    """Doctors, and services after them; arrays of shape (D,).

    Parameters
    ----------
    is_service
        bool.
    gender
        int64 index or -1.
    languages
        Row per doctor: languages spoken.
    """

    ids: tuple[str, ...]
    is_service: Bool
    gender: Int
    languages: Ragged


@dataclass(frozen=True, slots=True)
class Roles:
    """Roles; arrays of shape (Q,) unless said otherwise.

    Parameters
    ----------
    doctor, zone
        int64 index.
    location, group
        int64 index or -1 (by video; no practice).
    codes, networks, states
        Row per role: specialties, networks, licensed states.
    any_network, accepts_self_pay
        bool.
    accepts_new
        int64 index into ``ACCEPTS_NEW``.
    age_min, age_max
        int64, whole years, inclusive; -1 and ``NO_AGE_LIMIT`` where there is no limit.
    genders_served
        bool, shape (Q, 3).
    min_notice
        int64, minutes; -1: the policy's.
    minutes, minutes_new
        Pairs (role, visit type): own lengths.
    """

    ids: tuple[str, ...]
    doctor: Int
    location: Int
    zone: Int
    group: Int
    codes: Ragged
    networks: Ragged
    states: Ragged
    any_network: Bool
    accepts_self_pay: Bool
    accepts_new: Int
    age_min: Int
    age_max: Int
    genders_served: Bool
    min_notice: Int
    minutes: Pairs
    minutes_new: Pairs


@dataclass(frozen=True, slots=True)
class Locations:
    """Places; arrays of shape (O,): float64 degrees, NaN where unknown."""

    ids: tuple[str, ...]
    latitude: Float
    longitude: Float


@dataclass(frozen=True, slots=True)
class VisitTypes:
    """Types of visit; arrays of shape (V,) unless said otherwise.

    Parameters
    ----------
    minutes, minutes_new, before, after
        int64, minutes.
    codes
        Row per type: specialties that offer it; empty: all.
    modality
        int64 index into ``MODALITIES``; -1: either.
    age_min, age_max
        int64, whole years, inclusive; -1 and ``NO_AGE_LIMIT`` where there is no limit.
    needs
        Row per type: kinds of rooms and devices, one of each.
    """

    ids: tuple[str, ...]
    minutes: Int
    minutes_new: Int
    before: Int
    after: Int
    codes: Ragged
    modality: Int
    age_min: Int
    age_max: Int
    needs: Ragged


def take_doctors(dataset: Dataset, index: Index) -> Doctors:
    """Arrays of the doctors and services."""
    doctors, services = dataset.doctors, dataset.services
    languages = [[index.languages[word] for word in row.languages] for row in doctors]
    genders = [NONE if row.gender is None else GENDERS.index(row.gender) for row in doctors]
    return Doctors(
        ids=doctor_ids(dataset),
        is_service=frozen(np.arange(len(doctors) + len(services)) >= len(doctors)),
        gender=ints(genders + [NONE] * len(services)),
        languages=Ragged.of(languages + [[] for _ in services]),
    )


def take_roles(dataset: Dataset, index: Index) -> Roles:
    """Arrays of the roles."""
    rows = dataset.roles
    zone_of = {row.id: row.time_zone for row in dataset.locations}
    zones = (row.time_zone if row.location_id is None else zone_of[row.location_id] for row in rows)
    own = [
        (q, index.visit_types[length.visit_type_id], length)
        for q, row in enumerate(rows)
        for length in row.visit_minutes
    ]
    served = [[not row.genders_served or g in row.genders_served for g in GENDERS] for row in rows]
    networks = (() if row.networks == "any" else row.networks for row in rows)
    return Roles(
        ids=tuple(row.id for row in rows),
        doctor=ints(index.doctors[row.doctor_id or row.service_id or ""] for row in rows),
        location=ints(at(index.locations, row.location_id) for row in rows),
        zone=ints(at(index.zones, zone) for zone in zones),
        group=ints(at(index.groups, row.group_id) for row in rows),
        codes=Ragged.of([index.codes[code] for code in row.specialties] for row in rows),
        networks=Ragged.of([index.networks[name] for name in names] for names in networks),
        states=Ragged.of([index.states[name] for name in row.licensed_states] for row in rows),
        any_network=frozen(np.array([row.networks == "any" for row in rows], np.bool_)),
        accepts_self_pay=frozen(np.array([row.accepts_self_pay for row in rows], np.bool_)),
        accepts_new=ints(ACCEPTS_NEW.index(row.accepts_new) for row in rows),
        age_min=ints(NONE if row.age_min is None else row.age_min for row in rows),
        age_max=ints(NO_AGE_LIMIT if row.age_max is None else row.age_max for row in rows),
        genders_served=frozen(np.array(served, np.bool_).reshape(-1, len(GENDERS))),
        min_notice=ints(
            NONE if row.min_notice_minutes is None else row.min_notice_minutes for row in rows
        ),
        minutes=Pairs.of({(q, v): length.minutes for q, v, length in own}, len(index.visit_types)),
        minutes_new=Pairs.of(
            {(q, v): length.minutes_new or length.minutes for q, v, length in own},
            len(index.visit_types),
        ),
    )


def take_locations(dataset: Dataset) -> Locations:
    """Arrays of the places."""
    rows = dataset.locations
    points = np.array([_point(row) for row in rows], np.float64).reshape(-1, 2)
    return Locations(
        ids=tuple(row.id for row in rows),
        latitude=frozen(points[:, 0].copy()),
        longitude=frozen(points[:, 1].copy()),
    )


def take_visit_types(dataset: Dataset, index: Index) -> VisitTypes:
    """Arrays of the visit types."""
    rows = dataset.visit_types
    return VisitTypes(
        ids=tuple(row.id for row in rows),
        minutes=ints(row.minutes for row in rows),
        minutes_new=ints(row.minutes_new or row.minutes for row in rows),
        before=ints(row.minutes_before for row in rows),
        after=ints(row.minutes_after for row in rows),
        codes=Ragged.of([index.codes[code] for code in row.specialties] for row in rows),
        modality=ints(_modality(row) for row in rows),
        age_min=ints(NONE if row.age_min is None else row.age_min for row in rows),
        age_max=ints(NO_AGE_LIMIT if row.age_max is None else row.age_max for row in rows),
        needs=Ragged.of([index.kinds[kind] for kind in row.resources] for row in rows),
    )


def take_resources(dataset: Dataset, index: Index) -> Pairs:
    """Pairs (location, kind): how many rooms or devices of the kind there are."""
    count: Counter[tuple[int, int]] = Counter()
    for row in dataset.resources:
        count[index.locations[row.location_id], index.kinds[row.kind]] += row.capacity
    return Pairs.of(count, len(index.kinds))


def _modality(row: VisitType) -> int:
    return NONE if row.modality == "any" else MODALITIES.index(row.modality)


def _point(row: Location) -> tuple[float, float]:
    point = row.coordinates
    if point is None and row.postal_code is not None:
        point = coordinates_of(row.postal_code)
    return (np.nan, np.nan) if point is None else (point.latitude, point.longitude)
