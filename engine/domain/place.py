"""Where somebody or something is."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Tag

from engine.domain.fields import Id, Latitude, Longitude
from engine.domain.record import record


@record
class Coordinates:
    """A point on the globe (WGS 84)."""

    latitude: Latitude
    """Degrees north."""
    longitude: Longitude
    """Degrees east."""


@record
class PostalArea:
    """A place known by its postal code alone (United States)."""

    postal_code: Id
    """Five digits, or nine with or without a hyphen."""


def _kind_of_home(value: Any) -> str:
    by_code = isinstance(value, PostalArea)
    return "postal_area" if by_code or "postal_code" in _keys(value) else "coordinates"


def _keys(value: Any) -> Any:
    return value if isinstance(value, dict) else ()


Home = Annotated[
    Annotated[Coordinates, Tag("coordinates")] | Annotated[PostalArea, Tag("postal_area")],
    Discriminator(_kind_of_home),
]
"""Where a patient lives: a point, or a postal code."""
