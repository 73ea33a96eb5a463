"""Judge of ``other_doctor``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import Int
from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Visits, half_up, milli_days, on_visits

if TYPE_CHECKING:
    from engine.objectives.other_doctor import OtherDoctor


def contributions(rule: OtherDoctor, snapshot: Snapshot, plan: Plan) -> Int:
    """Milli-days for not being seen by the first doctor wished for; int64, shape (R,)."""
    visits, wishes = Visits.of(snapshot, plan), snapshot.wishes
    request, doctor = visits.request, snapshot.roles.doctor[visits.role]
    usual, prices = milli_days(rule.days), wishes.doctor_prices
    highest = np.full(snapshot.num_requests, usual)
    np.maximum.at(highest, prices.key // max(prices.width, 1), prices.value)
    length, place = wishes.num_doctors[request], wishes.doctors.get(request, doctor, -1)
    stated = prices.get(request, doctor, -1)
    by_place = half_up(place * usual, np.maximum(length, 1))
    listed = np.where(stated < 0, by_place, stated)
    amount = np.where(place < 0, highest[request], listed) * (length > 0)
    return on_visits(snapshot, visits, amount)
