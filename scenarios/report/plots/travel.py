"""Places and homes, with who has how far to go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from scenarios.details import Home, Place, TravelMap
from scenarios.numbers import count_text
from scenarios.report.numbers import shortened
from scenarios.report.plots.axes import ticks
from scenarios.report.svg import drawing, element, text

BANDS = (
    (5.0, "under 5 km"),
    (10.0, "5 to 10 km"),
    (20.0, "10 to 20 km"),
    (np.inf, "20 km or more"),
)
"""Kilometres below which a home has a colour, and its name."""

_SIZE = 460.0
_EDGE = 14.0
_LARGEST = 15.0
_TALL = 0.85  # at most, beside the width
_OUTER = (2.0, 98.0)
"""Percentiles of homes between which the map reaches: one that is far off would shrink it all."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A map, and how many homes lie beyond its edge."""

    map: Markup
    num_beyond: int


def travel(label: str, told: TravelMap) -> Drawn:
    """Draw places, as large as they have visits, and homes, coloured by how far they have to go."""
    sheet = _Sheet.around(told)
    shown = [home for home in told.homes if sheet.holds(home.x, home.y)]
    most = max([1, *(place.visits for place in told.places)])
    drawn = [
        element("rect", width=_SIZE, height=sheet.height, rx=6, class_="sheet"),
        *(_home(home, sheet) for home in shown),
        *(_place(place, most, sheet) for place in told.places if sheet.holds(place.x, place.y)),
        *sheet.ruler(),
    ]
    found = drawing(_SIZE, sheet.height, label, *drawn)
    return Drawn(found, len(told.homes) - len(shown))


def band_of(home: Home) -> str:
    """The class of a home."""
    if not home.is_placed:
        return "none"
    if home.km is None:
        return "video"
    return f"b{next(row for row, (limit, _) in enumerate(BANDS) if home.km < limit)}"


class _Sheet:
    """Kilometres to positions on the drawing; north is above."""

    def __init__(self, west: float, east: float, south: float, north: float) -> None:
        self._west, self._east, self._south, self._north = west, east, south, north
        self._scale = (_SIZE - 2 * _EDGE) / max(east - west, (north - south) / _TALL, 1.0)
        self._indent = (_SIZE - 2 * _EDGE - (east - west) * self._scale) / 2
        self.height = (north - south) * self._scale + 2 * _EDGE + 26

    @classmethod
    def around(cls, told: TravelMap) -> _Sheet:
        """What holds every place, and all homes but the farthest."""
        x, y = _reach([home.x for home in told.homes]), _reach([home.y for home in told.homes])
        across = [*x, *(place.x for place in told.places)]
        up = [*y, *(place.y for place in told.places)]
        return cls(min(across) - 0.3, max(across) + 0.3, min(up) - 0.3, max(up) + 0.3)

    def holds(self, x: float, y: float) -> bool:
        """Whether a position is on it."""
        return self._west <= x <= self._east and self._south <= y <= self._north

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where kilometres are."""
        left = _EDGE + self._indent + (x - self._west) * self._scale
        return left, _EDGE + (self._north - y) * self._scale

    def ruler(self) -> Iterator[Markup]:
        """How long some kilometres are."""
        km = ticks(0, _SIZE / self._scale / 5, 1)[-1]
        left, base = _EDGE, self.height - 10
        right = left + km * self._scale
        shape = f"M{left:.1f} {base - 4:.1f}V{base:.1f}H{right:.1f}V{base - 4:.1f}"
        yield element("path", d=shape, class_="axis ruler")
        yield text(right + 6, base, f"{km:g} km", "tick")


def _reach(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(np.percentile(values, _OUTER).tolist()) if values else ()


def _home(home: Home, sheet: _Sheet) -> Markup:
    x, y = sheet.at(home.x, home.y)
    band = band_of(home)
    if band == "none":
        cross = f"M{x - 2.4:.1f} {y - 2.4:.1f}l4.8 4.8m0-4.8l-4.8 4.8"
        return element("path", d=cross, class_="home none")
    return element("circle", cx=x, cy=y, r=2.4, class_=f"home {band}")


def _place(place: Place, most: int, sheet: _Sheet) -> Markup:
    x, y = sheet.at(place.x, place.y)
    said = f"{shortened(place.name or place.id)}: {count_text(place.visits, 'visit')}"
    radius = max(2.5, _LARGEST * (place.visits / most) ** 0.5)
    return element("circle", element("title", said), cx=x, cy=y, r=radius, class_="place")
