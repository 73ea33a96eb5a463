"""Judge of ``doctor_price``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import Int
from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Visits, on_visits

if TYPE_CHECKING:
    from engine.objectives.doctor_price import DoctorPrice


def contributions(rule: DoctorPrice, snapshot: Snapshot, plan: Plan) -> Int:
    """Milli-days as the request states them for its doctor; int64, shape (R,)."""
    visits, terms = Visits.of(snapshot, plan), snapshot.requests.term_prices
    prices = dict(zip(terms.key.tolist(), terms.value.tolist(), strict=True))
    doctor = snapshot.roles.doctor[visits.role]
    keys = (visits.request * terms.width + doctor).tolist()
    amount = np.array([prices.get(key, 0) for key in keys], np.int64)
    return on_visits(snapshot, visits, amount)
