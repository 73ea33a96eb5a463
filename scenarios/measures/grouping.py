"""Groups of patients, between whom a plan should make no difference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
from scipy.spatial import cKDTree

from engine.arrays import Float, Int, ints
from engine.domain import Dataset, Patient, PostalArea, Request
from engine.domain.place import Home
from engine.geography import EARTH_RADIUS_METRES
from engine.snapshot.demand import coordinates_of
from engine.snapshot.supply import take_locations

UNKNOWN = "unknown"
"""Label of those of whom it is not said where they belong."""

SELF_PAY = "self-pay"
ANY_SPECIALTY = "any"

AGES = ((17, "0-17"), (39, "18-39"), (64, "40-64"), (1_000, "65+"))
"""Oldest age, and label."""

DISTANCES = ((5, "under 5 km"), (10, "5-10 km"), (20, "10-20 km"), (np.inf, "20 km and more"))
"""Kilometres below which, and label."""

_AREA_DIGITS = 3  # of a US postal code: the area of one sorting centre

Labels = Callable[[Request, Patient], tuple[str, ...]]
"""Labels of the groups that a request belongs to."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """Requests, sorted into groups.

    Parameters
    ----------
    name
        A name in ``GROUPINGS``.
    labels
        Names of the groups, ascending by the number that they begin with, then by name; those of
        whom it is not known last.
    members
        int64, per group: requests by their index in the dataset; a request may be in several.
    """

    name: str
    labels: tuple[str, ...]
    members: tuple[Int, ...]

    @classmethod
    def of(cls, dataset: Dataset, name: str) -> Grouping:
        """Sort the requests of a dataset.

        Parameters
        ----------
        name
            A name in ``GROUPINGS``.
        """
        labels_of = GROUPINGS[name](dataset)
        patients = {row.id: row for row in dataset.patients}
        found: dict[str, list[int]] = defaultdict(list)
        for index, request in enumerate(dataset.requests):
            for label in dict.fromkeys(labels_of(request, patients[request.patient_id])):
                found[label].append(index)
        labels = sorted(found, key=_order)
        return cls(name, tuple(labels), tuple(ints(found[label]) for label in labels))


def groupings_of(dataset: Dataset) -> tuple[Grouping, ...]:
    """The requests of a dataset, sorted in every way there is."""
    return tuple(Grouping.of(dataset, name) for name in GROUPINGS)


def groups_by(dataset: Dataset) -> Labels:
    """By everything there is, each label with what it is sorted by: ``age=18-39``."""
    every = {name: labels_of(dataset) for name, labels_of in GROUPINGS.items()}

    def labels(request: Request, patient: Patient) -> tuple[str, ...]:
        return tuple(
            f"{name}={label}"
            for name, labels_of in every.items()
            for label in dict.fromkeys(labels_of(request, patient))
        )

    return labels


def by_specialty(dataset: Dataset) -> Labels:
    """By the code of the specialty asked for."""
    del dataset
    return lambda request, _: (request.specialty or ANY_SPECIALTY,)


def by_insurance_plan(dataset: Dataset) -> Labels:
    """By the patient's insurance plan, or that there is none."""
    del dataset
    return lambda _, patient: (patient.insurance_plan_id or SELF_PAY,)


def by_area(dataset: Dataset) -> Labels:
    """By where patients live: the area that their record states, else the first three digits of
    the postal code, else how far it is from home to the nearest place of the dataset.
    """
    band_of = _bands(dataset)

    def labels(_: Request, patient: Patient) -> tuple[str, ...]:
        if "area" in patient.groups:
            return (patient.groups["area"],)
        if isinstance(patient.home, PostalArea):
            return (patient.home.postal_code[:_AREA_DIGITS],)
        return (band_of[patient.home],)

    return labels


def by_age(dataset: Dataset) -> Labels:
    """By age in whole years on the day that is now, in the time zone of the dataset."""
    today = dataset.header.as_of.astimezone(ZoneInfo(dataset.header.time_zone)).date()

    def labels(_: Request, patient: Patient) -> tuple[str, ...]:
        if patient.birth_date is None:
            return (UNKNOWN,)
        age = _age(patient.birth_date, today)
        return (next(label for oldest, label in AGES if age <= oldest),)

    return labels


def by_language(dataset: Dataset) -> Labels:
    """By every language that the patient speaks; who speaks two is in two groups."""
    del dataset
    return lambda _, patient: patient.languages or (UNKNOWN,)


GROUPINGS: Mapping[str, Callable[[Dataset], Labels]] = {
    "specialty": by_specialty,
    "insurance_plan": by_insurance_plan,
    "area": by_area,
    "age": by_age,
    "language": by_language,
}
"""Every way to sort requests, by its name."""


def _order(label: str) -> tuple[bool, float, str]:
    """Where a label stands among others."""
    digits = label[: len(label) - len(label.lstrip("0123456789"))]
    return label == UNKNOWN, float(digits) if digits else -1.0, label


def _age(born: date, today: date) -> int:
    had_birthday = (today.month, today.day) >= (born.month, born.day)
    return today.year - born.year - (not had_birthday)


def _bands(dataset: Dataset) -> dict[Home | None, str]:
    """How far it is from every home to the nearest place, in words; copies have the same home."""
    lived_in = list(dict.fromkeys(row.home for row in dataset.patients))
    points = [
        coordinates_of(home.postal_code) if isinstance(home, PostalArea) else home
        for home in lived_in
    ]
    homes = np.array([(p.latitude, p.longitude) if p else (np.nan, np.nan) for p in points])
    kilometres = _nearest_km(homes.reshape(-1, 2), dataset)
    limits = np.array([limit for limit, _ in DISTANCES])
    band = np.searchsorted(limits, kilometres, side="right")
    return {
        home: UNKNOWN if np.isnan(km) else DISTANCES[index][1]
        for home, km, index in zip(lived_in, kilometres, band.tolist(), strict=True)
    }


def _nearest_km(homes: Float, dataset: Dataset) -> Float:
    """Kilometres from homes to the nearest place, as the crow flies; NaN: not known."""
    places = take_locations(dataset)
    known = np.stack([places.latitude, places.longitude], axis=1)
    known = known[~np.isnan(known).any(axis=1)]
    found = np.full(len(homes), np.nan)
    here = np.flatnonzero(~np.isnan(homes).any(axis=1))
    if len(known) and len(here):
        chord, _ = cKDTree(_on_sphere(known)).query(_on_sphere(homes[here]))
        found[here] = 2 * EARTH_RADIUS_METRES / 1_000 * np.arcsin(np.clip(chord / 2, 0, 1))
    return found


def _on_sphere(degrees: Float) -> Float:
    """Points of the unit sphere; float64, shape (N, 3)."""
    phi, lam = np.radians(degrees).T
    return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=1)
