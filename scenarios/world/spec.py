"""What a generated world is asked to be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

MAX_REQUESTS = 1_000_000
MAX_DOCTORS = 100_000
MAX_DAYS = 366
MAX_DOCTOR_DAYS = 2_000_000
"""Doctors times days: 1,000 times 100 make 166,000 sessions in 270 MB; this, twenty times that."""
FIRST_DATE, LAST_DATE = date(2000, 1, 1), date(2099, 12, 31)
"""What the dataset format can say."""


@dataclass(frozen=True, slots=True)
class WorldSpec:
    """Size and shape of a generated world; the same spec gives the same bytes.

    Parameters
    ----------
    requests, doctors
        How many: up to 1,000,000 and 100,000.
    days
        Working days with sessions, up to 366; times doctors, up to 2,000,000.
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
        for name, least, most in (
            ("requests", 0, MAX_REQUESTS),
            ("doctors", 1, MAX_DOCTORS),
            ("days", 1, MAX_DAYS),
        ):
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"{name} {getattr(self, name)} is outside {least} … {most}")
        if self.seed < 0:
            raise ValueError(f"seed {self.seed} is below 0")
        if self.doctors * self.days > MAX_DOCTOR_DAYS:
            raise ValueError(f"doctors times days is above {MAX_DOCTOR_DAYS}")
        if self.first_day.weekday() >= 5:
            raise ValueError(f"first_day {self.first_day} is no working day")
        if self.first_day < FIRST_DATE or self._end > np.datetime64(LAST_DATE):
            raise ValueError(f"the horizon leaves {FIRST_DATE.year} … {LAST_DATE.year}")

    @property
    def _end(self) -> np.datetime64:
        """The day after the last one with sessions."""
        last: np.datetime64 = np.busday_offset(np.datetime64(self.first_day), self.days - 1)
        return last + np.timedelta64(1, "D")
