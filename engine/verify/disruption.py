"""Judge of ``disruption``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import Int
from engine.plan import Plan
from engine.snapshot import FORCED, Snapshot
from engine.verify.calendar import suits
from engine.verify.violation import Visits, half_up, milli_days, on_visits

if TYPE_CHECKING:
    from engine.objectives.disruption import Disruption

_VIDEO = -1
_MOST_MOVES = 8


def contributions(rule: Disruption, snapshot: Snapshot, plan: Plan) -> Int:
    """Milli-days for what differs from the place told; int64, shape (R,)."""
    visits = Visits.of(snapshot, plan)
    told = Visits.told(snapshot, visits.request)
    amount = np.zeros(len(visits.request), np.int64)
    held = np.flatnonzero(snapshot.told.standing[visits.request] >= 0)
    spoiled = suits(snapshot, told, held) & ~suits(snapshot, visits, held)
    for index, is_spoiled in zip(held.tolist(), spoiled.tolist(), strict=True):
        total = sum(_prices(rule, snapshot, told, visits, index))
        total += is_spoiled * milli_days(rule.unsuitable_time)
        amount[index] = _scaled(rule, snapshot, int(visits.request[index]), total)
    return on_visits(snapshot, visits, amount)


def _prices(
    rule: Disruption, snapshot: Snapshot, told: Visits, visits: Visits, index: int
) -> Iterator[int]:
    """Prices of what differs beside the weekly times."""
    roles, request = snapshot.roles, int(visits.request[index])
    before, after = int(told.role[index]), int(visits.role[index])
    there, here = int(roles.location[before]), int(roles.location[after])
    same_doctor = roles.doctor[before] == roles.doctor[after]
    yield milli_days(rule.moved)
    if not same_doctor:
        yield milli_days(rule.other_doctor)
    if (there == _VIDEO) != (here == _VIDEO):
        yield milli_days(rule.other_modality)
    elif there != here:
        yield milli_days(rule.other_place)
    days = (
        visits.local(snapshot, index, int(visits.start[index])).date()
        - told.local(snapshot, index, int(told.start[index])).date()
    ).days
    yield milli_days(rule.per_day_later) * max(days, 0)
    yield milli_days(rule.per_day_earlier) * max(-days, 0)
    yield max(0, _way(rule, snapshot, request, after) - _way(rule, snapshot, request, before))
    if snapshot.told.standing[request] != FORCED:
        yield milli_days(rule.confirmed) if snapshot.told.is_confirmed[request] else 0
        yield milli_days(rule.asked_first) if snapshot.told.asked_first[request] else 0


def _way(rule: Disruption, snapshot: Snapshot, request: int, role: int) -> int:
    metres = snapshot.metres(np.array([request]), np.array([role]))
    beyond = np.clip(metres - milli_days(rule.free_km), 0, None)
    return int(half_up(beyond * milli_days(rule.travel_per_km), 1000)[0])


def _scaled(rule: Disruption, snapshot: Snapshot, request: int, total: int) -> int:
    """A price, scaled by notice and by earlier moves."""
    hours = Fraction(int(snapshot.told.start[request]) - snapshot.as_of, 60)
    factor = (
        Fraction(milli_days(rule.short_notice), 1000) if hours < rule.notice_hours else Fraction(1)
    )
    total = math.floor(total * factor + Fraction(1, 2))
    patient = int(snapshot.requests.patient[request])
    times = min(int(snapshot.patients.times_moved[patient]), _MOST_MOVES)
    dearer = Fraction(str(rule.per_earlier_move)) ** times
    return math.floor(
        total * Fraction(math.floor(dearer * 1000 + Fraction(1, 2)), 1000) + Fraction(1, 2)
    )
