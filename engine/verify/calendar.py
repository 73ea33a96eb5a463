"""Clock times and working days for the judges, by the calendar of the standard library."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from engine.snapshot import Snapshot
from engine.verify.violation import Visits

_MINUTES_PER_DAY = 1440
_MINUTES_PER_WEEK = 7 * _MINUTES_PER_DAY


def suits(snapshot: Snapshot, visits: Visits, index: int) -> bool:
    """Whether a visit lies in its request's weekly times, minute by minute."""
    edges = snapshot.wishes.times.row(visits.request[index]).tolist()
    if not edges:
        return True
    if not visits.has_time[index]:
        start = visits.local(snapshot, index, visits.start[index])
        midnight = start.weekday() * _MINUTES_PER_DAY
        asked = range(midnight, midnight + _MINUTES_PER_DAY)
        return any(_is_suitable(edges, minute) for minute in asked)
    passing = range(int(visits.start[index]), int(visits.end[index]))
    clocks = (visits.local(snapshot, index, minute) for minute in passing)
    return all(
        _is_suitable(edges, clock.weekday() * _MINUTES_PER_DAY + clock.hour * 60 + clock.minute)
        for clock in clocks
    )


def _is_suitable(edges: list[int], minute: int) -> bool:
    """Whether a minute of the week lies in a stretch; the week begins anew after its end."""
    moments = (minute % _MINUTES_PER_WEEK, minute % _MINUTES_PER_WEEK + _MINUTES_PER_WEEK)
    pairs = list(zip(edges[::2], edges[1::2], strict=True))
    return any(low <= moment < high for low, high in pairs for moment in moments)


@cache
def nth_working_day(day: date, count: int, holidays: tuple[date, ...]) -> date:
    """The ``count``-th working day after ``day``; the last one up to ``day`` for 0."""
    step = timedelta(days=1)
    while day.weekday() >= 5 or day in holidays:
        day -= step
    while count:
        day += step
        count -= day.weekday() < 5 and day not in holidays
    return day
