"""Places on the globe: distances, and what a US postal code tells.

Postal codes come from the package ``zipcodes``, which carries them offline; time
zones of coordinates from ``tzfpy``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import tzfpy
import zipcodes
from numpy.typing import NDArray

from engine.time_grid import zone_names

EARTH_RADIUS_METRES = 6_371_008.8
"""Mean radius of the Earth (IUGG)."""

_POSTAL_CODE = re.compile(r"(\d{5})(-?\d{4})?")


@dataclass(frozen=True, slots=True)
class PostalPlace:
    """What is known of a US postal code: its centre, clock and state."""

    postal_code: str
    city: str
    state: str
    latitude: float
    longitude: float
    time_zone: str


def great_circle_metres(
    latitude: NDArray[np.float64],
    longitude: NDArray[np.float64],
    other_latitude: NDArray[np.float64],
    other_longitude: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Distance over the globe by the haversine formula, rounded to whole metres.

    Parameters
    ----------
    latitude, longitude, other_latitude, other_longitude
        float64, degrees; broadcast against each other. NaN: unknown.

    Returns
    -------
    int64
        Metres; -1 where a coordinate is unknown.

    Notes
    -----
    ``2 r asin(sqrt(sin²(Δφ/2) + cos φ₁ cos φ₂ sin²(Δλ/2)))``, on a sphere; up to 0.5 %
    from the ellipsoid.
    """
    phi, other_phi = np.radians(latitude), np.radians(other_latitude)
    half_phi = (other_phi - phi) / 2
    half_lambda = np.radians(other_longitude - longitude) / 2
    chord = np.sin(half_phi) ** 2 + np.cos(phi) * np.cos(other_phi) * np.sin(half_lambda) ** 2
    metres = 2 * EARTH_RADIUS_METRES * np.arcsin(np.sqrt(np.clip(chord, 0, 1)))
    return np.where(np.isnan(metres), -1.0, np.rint(metres)).astype(np.int64)


@lru_cache(maxsize=65_536)
def postal_place(postal_code: str) -> PostalPlace | None:
    """Look a US postal code up: five digits, or nine with or without a hyphen.

    Returns
    -------
    PostalPlace or None
        ``None`` where the code is unknown, or is a military or otherwise placeless one.
    """
    match = _POSTAL_CODE.fullmatch(postal_code)
    if match is None:
        return None
    rows = zipcodes.matching(match[1])
    return _place(rows[0]) if rows else None


@cache
def postal_places() -> tuple[PostalPlace, ...]:
    """Every postal code with a place of its own, ascending; no post office boxes."""
    rows = zipcodes.filter_by(active=True, zip_code_type="STANDARD")
    places = (_place(row) for row in rows)
    return tuple(sorted((p for p in places if p is not None), key=lambda p: p.postal_code))


def _place(row: Mapping[str, str]) -> PostalPlace | None:
    """A row of the package, ``None`` where it has no proper clock (military codes)."""
    if row["timezone"] not in zone_names():
        return None
    latitude, longitude = float(row["lat"]), float(row["long"])
    return PostalPlace(
        row["zip_code"], row["city"], row["state"], latitude, longitude, row["timezone"]
    )


@lru_cache(maxsize=65_536)
def zone_at(latitude: float, longitude: float) -> str | None:
    """IANA time zone of a point on land, ``None`` where the package knows none."""
    name = tzfpy.get_tz(longitude, latitude)
    return name if name in zone_names() else None
