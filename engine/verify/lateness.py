"""Judge of ``lateness``."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from engine.arrays import Int
from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.calendar import nth_working_day
from engine.verify.violation import Visits, clock, on_visits

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
    origin, zones = snapshot.grid.origin, snapshot.roles.zone[visits.role].tolist()
    amount = np.zeros(len(visits.request), np.int64)
    for index, (request, start, zone, has_time) in enumerate(
        zip(
            visits.request.tolist(),
            visits.start.tolist(),
            zones,
            visits.has_time.tolist(),
            strict=True,
        )
    ):
        due = _due(urgencies, snapshot, request, zone)
        if has_time:
            late = origin + timedelta(minutes=start) - due
        else:
            last_moment = (due - timedelta(minutes=1)).astimezone(_clock_of(snapshot, zone))
            late = clock(snapshot, zone, start).date() - last_moment.date()
        amount[index] = max(0, -(-late // timedelta(days=1)))
    return amount


def _due(urgencies: Urgencies, snapshot: Snapshot, request: int, zone: int) -> datetime:
    """Instant in UTC at which a request is due, on the clock of a zone."""
    requests, origin = snapshot.requests, snapshot.grid.origin
    see_by, ready = int(requests.see_by[request]), int(requests.ready[request])
    if see_by < _NEVER:
        return origin + timedelta(minutes=see_by)
    urgency = list(snapshot.index.urgencies)[requests.urgency[request]]
    type_id = snapshot.visit_types.ids[requests.visit_type[request]]
    standard = urgencies.by_visit_type.get(type_id, {}).get(urgency, urgencies.standards[urgency])
    if standard.hours is not None:
        return origin + timedelta(minutes=ready, hours=standard.hours)
    day = clock(snapshot, zone, ready).date()
    return _end_of_working_days(
        day, standard.working_days or 0, snapshot.holidays, _clock_of(snapshot, zone)
    )


@cache
def _end_of_working_days(
    day: date, count: int, holidays: tuple[date, ...], zone: ZoneInfo
) -> datetime:
    """Instant in UTC at which the ``count``-th working day after a day ends."""
    last = nth_working_day(day, count, holidays)
    return datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)


def _clock_of(snapshot: Snapshot, zone: int) -> ZoneInfo:
    return ZoneInfo(snapshot.grid.zones[zone])
