"""Where patients live whom a change is about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.domain import Coordinates, Dataset, Location, Patient, PostalArea
from engine.domain.fields import Id, Kilometres
from engine.domain.record import record
from engine.geography import great_circle_metres, postal_place
from engine.problems import Report
from scenarios.changes.checking import Checker
from scenarios.situation import Situation

METRES_PER_KILOMETRE = 1_000


@record
class Area:
    """Homes in postal areas, or around a place."""

    postal_prefix: Id | None = None
    """Homes known by a postal code that begins so; exactly one of prefix and location."""
    location_id: Id | None = None
    """Homes around this place; exactly one of prefix and location."""
    km: Kilometres | None = None
    """How far around it, as the crow flies; required by a location."""

    def check(self, situation: Situation, path: str, report: Report) -> None:
        """Report an unknown place, one without coordinates, and a circle without a radius."""
        checker = Checker(situation, path, report)
        checker.exactly_one(postal_prefix=self.postal_prefix, location_id=self.location_id)
        checker.refer("location_id", self.location_id, "locations")
        if self.location_id is not None and self.km is None:
            checker.error("missing_field", "km", "an area around a place needs a distance")
        if self.location_id is None and self.km is not None:
            message = "a distance needs a location_id to measure from"
            checker.error("missing_field", "location_id", message)
        for row in situation.dataset.locations:
            if row.id == self.location_id and _point(row) is None:
                message = "the place has neither coordinates nor a known postal code"
                checker.error("place_unknown", "location_id", message, row.id)

    def patients(self, dataset: Dataset) -> set[str]:
        """Ids of the patients who live here; nobody whose home is unknown."""
        if self.postal_prefix is not None:
            return {
                row.id
                for row in dataset.patients
                if isinstance(row.home, PostalArea)
                and row.home.postal_code.startswith(self.postal_prefix)
            }
        (location,) = (row for row in dataset.locations if row.id == self.location_id)
        metres = _metres(dataset.patients, _point(location))
        near = (metres >= 0) & (metres <= (self.km or 0) * METRES_PER_KILOMETRE)
        return {row.id for row, is_near in zip(dataset.patients, near, strict=True) if is_near}


def _metres(patients: Sequence[Patient], centre: Coordinates | None) -> np.ndarray:
    """Distance of homes from a point; int64, shape (P,); -1 where one is unknown."""
    unknown = (np.nan, np.nan)
    points = [_point(row.home) for row in patients]
    pairs = [unknown if at is None else (at.latitude, at.longitude) for at in points]
    homes = np.array(pairs, np.float64).reshape(-1, 2)
    there = unknown if centre is None else (centre.latitude, centre.longitude)
    return great_circle_metres(homes[:, 0], homes[:, 1], *np.array(there, np.float64))


def _point(where: Coordinates | PostalArea | Location | None) -> Coordinates | None:
    """Coordinates of a home or place, of a postal code its centre; ``None``: unknown."""
    if isinstance(where, Coordinates) or where is None:
        return where
    if isinstance(where, Location) and where.coordinates is not None:
        return where.coordinates
    place = postal_place(where.postal_code) if where.postal_code is not None else None
    if place is None:
        return None
    return Coordinates(latitude=place.latitude, longitude=place.longitude)
