"""Judge of ``load_spread``."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import Int
from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Visits

if TYPE_CHECKING:
    from engine.objectives.load_spread import LoadSpread


def contributions(rule: LoadSpread, snapshot: Snapshot, plan: Plan) -> Int:
    """Nothing by request: what counts is what a doctor's visits take together."""
    return np.zeros(snapshot.num_requests, np.int64)


def shared(rule: LoadSpread, snapshot: Snapshot, plan: Plan) -> int:
    """Steps that the plan begins, the j-th counted j times."""
    sessions, visits = snapshot.sessions, Visits.of(snapshot, plan)
    offered: Counter[int] = Counter()
    used: Counter[int] = Counter()
    more: Counter[int] = Counter()
    for cell, start in enumerate(sessions.cell_start.tolist()):
        session = sessions.cell_session[cell]
        if sessions.is_day[session] or not max(snapshot.as_of, 0) <= start < snapshot.horizon_end:
            continue
        doctor = int(snapshot.roles.doctor[sessions.role[session]])
        minutes, seats = int(sessions.cell_minutes[session]), int(sessions.capacity[session])
        offered[doctor] += minutes * seats
        used[doctor] += minutes * min(int(snapshot.used[cell]), seats)
    for index in np.flatnonzero(visits.has_time).tolist():
        doctor = int(snapshot.roles.doctor[visits.role[index]])
        more[doctor] += int(visits.busy_end[index] - visits.busy_start[index])
    total, n = 0, rule.steps_per_doctor
    for doctor, minutes in more.items():
        if offered[doctor]:
            before = math.ceil(Fraction(used[doctor] * n, offered[doctor]))
            after = math.ceil(Fraction((used[doctor] + minutes) * n, offered[doctor]))
            total += sum(range(before + 1, after + 1))
    return total
