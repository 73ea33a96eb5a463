"""What it costs people to be told another place."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from engine.arrays import Bool, Int
from engine.candidates import Candidates
from engine.displaced import is_moved
from engine.domain.fields import Days, Kilometres
from engine.equivalent_days import MILLI, half_up, milli_days, thousandths
from engine.parameters import assumed, cited
from engine.rules import Grain, rule
from engine.snapshot import Snapshot
from engine.urgency import MINUTES_PER_HOUR

MOST_MOVES = 8
"""Earlier moves beyond this make a person no dearer."""

_METRES_PER_KM = 1_000

Factor = Annotated[float, Field(ge=1, le=10)]


@rule
class Disruption:
    """Who is told another place is compensated in days of waiting for what that takes away.

    Formula: the sum of the prices of what differs from the place told, times
    ``short_notice`` where the visit told begins in less than ``notice_hours``, times
    ``per_earlier_move`` for every earlier move of the person (8 at most); each product rounded
    half up. Later and earlier days are local days. The price of the way is that of the metres
    beyond ``free_km``, as in ``travel``, as far as it is higher. ``unsuitable_time`` counts where
    the time told did suit. ``confirmed`` and ``asked_first`` are reasons to keep a place, paid by
    those who could. Off except in a repair.

    Unit: milli-days.
    """

    name: ClassVar[str] = "disruption"
    grain: ClassVar[Grain] = "place"
    unit: ClassVar[str] = "milli-days"
    level: ClassVar[str] = "disruption"
    is_off: ClassVar[bool] = True

    moved: Days = assumed(0.5, "to be called, and to enter another time; no source found")
    other_doctor: Days = cited(5.0, "Gerard et al., J Health Serv Res Policy 2008;13(S2):3-10")
    unsuitable_time: Days = cited(
        2.75, "Gerard et al. 2008, 2.5 to 3 days for an inconvenient time: the middle"
    )
    other_modality: Days = assumed(2.0, "no source found")
    other_place: Days = assumed(1.0, "no source found")
    per_day_later: Days = assumed(1.0, "a day of waiting is the unit")
    per_day_earlier: Days = assumed(0.25, "sooner is welcome, and still to be arranged")
    travel_per_km: Days = assumed(0.1, "no source found")
    free_km: Kilometres = assumed(5.0, "no source found")
    confirmed: Days = assumed(1.0, "who has confirmed has made room for it")
    asked_first: Days = assumed(0.1, "between equals, who asked first keeps the place")
    notice_hours: Annotated[int, Field(ge=0, le=8_760)] = assumed(72, "no source found")
    short_notice: Factor = assumed(2.0, "no source found")
    per_earlier_move: Factor = assumed(1.5, "no source found")

    def cost(self, snapshot: Snapshot, candidates: Candidates) -> Int:
        """Milli-days of what differs."""
        moved = np.flatnonzero(is_moved(snapshot, candidates))
        total = np.zeros(len(candidates), np.int64)
        if len(moved):
            some = candidates.where(moved)
            amount = np.sum(list(self.parts(snapshot, some).values()), axis=0)
            total[moved] = self.scaled(snapshot, some.request, amount)
        return total

    def unplaced(self, snapshot: Snapshot) -> Int:
        """Nothing: being left unplaced counts at its own level."""
        return np.zeros(snapshot.num_requests, np.int64)

    def parts(self, snapshot: Snapshot, moved: Candidates) -> dict[str, Int]:
        """Price of everything that differs, before it is scaled, by parameter; milli-days."""
        roles, request = snapshot.roles, moved.request
        told = Candidates.told(snapshot, request)
        innocent = snapshot.told.is_innocent[request]
        place = roles.location[told.role], roles.location[moved.role]
        by_video = snapshot.modality(told.role) != snapshot.modality(moved.role)
        days = moved.day - told.day
        return {
            "moved": _price(self.moved, np.ones(len(moved), np.bool_)),
            "other_doctor": _price(
                self.other_doctor, roles.doctor[told.role] != roles.doctor[moved.role]
            ),
            "unsuitable_time": _price(
                self.unsuitable_time, told.suit_times(snapshot) & ~moved.suit_times(snapshot)
            ),
            "other_modality": _price(self.other_modality, by_video),
            "other_place": _price(self.other_place, (place[0] != place[1]) & ~by_video),
            "per_day_later": np.maximum(days, 0) * milli_days(self.per_day_later),
            "per_day_earlier": np.maximum(-days, 0) * milli_days(self.per_day_earlier),
            "travel_per_km": np.maximum(self._way(snapshot, moved) - self._way(snapshot, told), 0),
            "confirmed": _price(self.confirmed, snapshot.told.is_confirmed[request] & innocent),
            "asked_first": _price(self.asked_first, snapshot.told.asked_first[request] & innocent),
        }

    def scaled(self, snapshot: Snapshot, request: Int, amount: Int) -> Int:
        """Milli-days for the visits told to some requests, scaled by notice and earlier moves."""
        return amount + np.sum(list(self.surcharges(snapshot, request, amount).values()), axis=0)

    def surcharges(self, snapshot: Snapshot, request: Int, amount: Int) -> dict[str, Int]:
        """What each factor adds to amounts, one after the other; by parameter, milli-days."""
        ahead = snapshot.told.start[request] - snapshot.as_of
        is_short = ahead < self.notice_hours * MINUTES_PER_HOUR
        noticed = half_up(amount * np.where(is_short, thousandths(self.short_notice), MILLI), MILLI)
        times = snapshot.patients.times_moved[snapshot.requests.patient[request]]
        factor = np.array([_power(self.per_earlier_move, n) for n in range(MOST_MOVES + 1)])
        total = half_up(noticed * factor[np.minimum(times, MOST_MOVES)], MILLI)
        return {"short_notice": noticed - amount, "per_earlier_move": total - noticed}

    def _way(self, snapshot: Snapshot, visits: Candidates) -> Int:
        metres = snapshot.metres(visits.request, visits.role)
        beyond = np.maximum(metres - thousandths(self.free_km), 0)
        return half_up(beyond * milli_days(self.travel_per_km), _METRES_PER_KM)


def _price(days: float, applies: Bool) -> Int:
    return np.where(applies, milli_days(days), 0)


def _power(factor: float, times: int) -> int:
    """Thousandths of a power of a number as it is written, half rounded up."""
    value = Decimal(repr(factor)) ** times * MILLI
    return int(value.to_integral_value(ROUND_HALF_UP))
