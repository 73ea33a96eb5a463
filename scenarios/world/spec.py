"""What a generated world is asked to be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class WorldSpec:
    """Size and shape of a generated world; the same spec gives the same bytes.

    Parameters
    ----------
    requests, doctors
        How many.
    days
        Working days with sessions.
    visits
        "single": every visit takes one cell. "multi": 1 to 4 cells, 50/30/10/10 %.
    tightness
        "tight": 1.1 times as many free cells as requested ones, in blocks of 1 to 8, the
        rest booked. "loose": 60 % of the cells are free.
    seed
        Of all draws.
    postal_code
        Centre of the city.
    first_day
        First day with sessions, a working day.
    """

    requests: int = 1_000
    doctors: int = 100
    days: int = 10
    visits: Literal["single", "multi"] = "multi"
    tightness: Literal["tight", "loose"] = "tight"
    seed: int = 1
    postal_code: str = "10018"
    first_day: date = date(2026, 3, 2)

    def __post_init__(self) -> None:
        for name, least in (("requests", 0), ("doctors", 1), ("days", 1), ("seed", 0)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} {getattr(self, name)} is below {least}")
        if self.first_day.weekday() >= 5:
            raise ValueError(f"first_day {self.first_day} is no working day")
