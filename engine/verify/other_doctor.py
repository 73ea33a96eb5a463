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
    usual = milli_days(rule.days)
    amount = np.zeros(len(visits.request), np.int64)
    length = wishes.num_doctors[visits.request]
    for index in np.flatnonzero(length).tolist():
        request, doctor = visits.request[index], snapshot.roles.doctor[visits.role[index]]
        place = int(wishes.doctors.get(request, doctor, -1))
        stated = int(wishes.doctor_prices.get(request, doctor, -1))
        mine = wishes.doctor_prices.key // wishes.doctor_prices.width == request
        highest = max([usual, *wishes.doctor_prices.value[mine].tolist()])
        by_place = int(half_up(np.array(place * usual), int(length[index])))
        amount[index] = highest if place < 0 else by_place if stated < 0 else stated
    return on_visits(snapshot, visits, amount)
