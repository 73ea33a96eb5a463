"""Judge of ``lateness``."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import Int
from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.calendar import nth_working_day
from engine.verify.violation import Visits, on_visits

_NEVER = 1 << 40

if TYPE_CHECKING:
    from engine.objectives.lateness import Lateness
    from engine.urgency import Urgencies


def contributions(rule: Lateness, snapshot: Snapshot, plan: Plan) -> Int:
    """Whole days that each placed request is late; int64, shape (R,)."""
    visits = Visits.of(snapshot, plan)
    return on_visits(snapshot, visits, days_late(rule.urgencies, snapshot, visits))


def days_late(urgencies: Urgencies, snapshot: Snapshot, visits: Visits) -> Int:
    """Whole days that each visit is late."""
    words = list(snapshot.index.urgencies)
    amount = np.zeros(len(visits.request), np.int64)
    for index, request in enumerate(visits.request.tolist()):
        start = visits.local(snapshot, index, visits.start[index])
        zone = start.tzinfo
        ready = snapshot.grid.instant(int(snapshot.requests.ready[request]), 0).astimezone(zone)
        type_id = snapshot.visit_types.ids[visits.visit_type[index]]
        urgency = words[snapshot.requests.urgency[request]]
        standard = urgencies.by_visit_type.get(type_id, {}).get(
            urgency, urgencies.standards[urgency]
        )
        see_by = int(snapshot.requests.see_by[request])
        if see_by < _NEVER:
            due = snapshot.grid.instant(see_by, 0).astimezone(zone)
        elif standard.hours is not None:
            due = (ready.astimezone(UTC) + timedelta(hours=standard.hours)).astimezone(zone)
        else:
            last = nth_working_day(ready.date(), standard.working_days or 0, snapshot.holidays)
            due = datetime.combine(last + timedelta(days=1), time(), zone)
        late = start.astimezone(UTC) - due.astimezone(UTC)
        if not visits.has_time[index]:
            last_moment = (due.astimezone(UTC) - timedelta(minutes=1)).astimezone(zone)
            late = start.date() - last_moment.date()
        amount[index] = max(0, -(-late // timedelta(days=1)))
    return amount
