"""Where people live and doctors work: real postal codes around a centre."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import Float, Int
from engine.geography import PostalPlace, postal_place, postal_places_near
from scenarios.world.dice import Dice

METRES_PER_DEGREE = 111_195.0
"""Of latitude, on the mean sphere."""

_METRES_PER_100_DOCTORS = 15_000
_SCATTER_METRES = 1_000.0


@dataclass(frozen=True, slots=True)
class City:
    """Postal areas around a centre, by postal code."""

    areas: tuple[PostalPlace, ...]
    latitude: Float
    longitude: Float

    @classmethod
    def around(cls, postal_code: str, doctors: int) -> City:
        """The city, or with many doctors the region, around a US postal code.

        Its radius is 15 km with 100 doctors and grows with their number to the power of 0.4.

        Raises
        ------
        ValueError
            The postal code is unknown.
        """
        radius = _METRES_PER_100_DOCTORS * (doctors / 100) ** 0.4
        centre = postal_place(postal_code)
        if centre is None:
            raise ValueError(f"postal code {postal_code!r} is unknown")
        near = postal_places_near(centre.latitude, centre.longitude, radius)
        return cls(
            near,
            np.array([place.latitude for place in near]),
            np.array([place.longitude for place in near]),
        )

    def points(self, dice: Dice, area: Int) -> tuple[Float, Float]:
        """A random point near the centre of each area: latitude and longitude, degrees."""
        return scatter(dice, self.latitude[area], self.longitude[area], _SCATTER_METRES)


def scatter(dice: Dice, latitude: Float, longitude: Float, metres: float) -> tuple[Float, Float]:
    """Points normally scattered around others, rounded to five decimals (a metre).

    Beside a pole or the date line they are drawn back into the range of coordinates.
    """
    north, east = dice.rng.normal(0.0, metres / METRES_PER_DEGREE, (2, len(latitude)))
    narrow = np.cos(np.radians(latitude))
    return (
        np.clip(np.round(latitude + north, 5), -90.0, 90.0),
        np.clip(np.round(longitude + east / narrow, 5), -180.0, 180.0),
    )
