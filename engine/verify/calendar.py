"""Clock times and working days for the judges, by the calendar of the standard library."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np

from engine.arrays import Bool, Int, ranges
from engine.snapshot import Snapshot
from engine.verify.violation import Visits, clock

_MINUTES_PER_DAY = 1440
_MINUTES_PER_WEEK = 7 * _MINUTES_PER_DAY
_AT_ONCE = 10_000  # visits, of which every minute is looked at


def suits(snapshot: Snapshot, visits: Visits, which: Int) -> Bool:
    """Whether some visits lie in their requests' weekly times, minute by minute.

    Parameters
    ----------
    which
        int64: visits, by index.

    Returns
    -------
    bool, the shape of ``which``
    """
    found = snapshot.wishes.times.is_empty[visits.request[which]]
    picky = np.flatnonzero(~found)
    found[picky] = _picky(snapshot, visits, which[picky])
    return found


def _picky(snapshot: Snapshot, visits: Visits, which: Int) -> Bool:
    """The same of visits whose requests give weekly times."""
    parts = [which[start : start + _AT_ONCE] for start in range(0, len(which), _AT_ONCE)]
    found = [np.zeros(0, np.bool_), *(_suits(snapshot, visits, part) for part in parts)]
    return np.concatenate(found)


def _suits(snapshot: Snapshot, visits: Visits, which: Int) -> Bool:
    """The same of few enough."""
    times, request = snapshot.wishes.times, visits.request[which]
    owner, minute = _minutes(snapshot, visits, which)
    entry, edge = times.expand(request[owner])
    low, high, passing = edge[::2], edge[1::2], minute[entry[::2]]
    falls = (low <= passing) & (passing < high)
    passing = passing + _MINUTES_PER_WEEK  # the week begins anew after its end
    falls |= (low <= passing) & (passing < high)
    is_good = np.zeros(len(owner), np.bool_)
    is_good[entry[::2][falls]] = True
    good = np.bincount(owner[is_good], minlength=len(which))
    wanted = np.where(visits.has_time[which], np.bincount(owner, minlength=len(which)), 1)
    return good >= wanted


def _minutes(snapshot: Snapshot, visits: Visits, which: Int) -> tuple[Int, Int]:
    """Minutes of the week through which each visit lasts, on the clock at its place; of a day
    session, all of the day.

    Returns
    -------
    owner, minute
        int64: position in ``which``, and the minute since Monday began.
    """
    begin, has_time = visits.start[which], visits.has_time[which]
    length = np.where(has_time, visits.end[which] - begin, 1)
    owner, minute = np.repeat(np.arange(len(which)), length), ranges(begin, length)
    zone = snapshot.roles.zone[visits.role[which]][owner]
    for index in np.unique(zone).tolist():
        here = zone == index
        moments, place = np.unique(minute[here], return_inverse=True)
        clocks = (clock(snapshot, index, moment) for moment in moments.tolist())
        shown = [c.weekday() * _MINUTES_PER_DAY + c.hour * 60 + c.minute for c in clocks]
        minute[here] = np.array(shown, np.int64)[place]
    midnight = minute - minute % _MINUTES_PER_DAY
    repeated = np.where(has_time, 1, _MINUTES_PER_DAY)[owner]
    start = np.where(has_time[owner], minute, midnight)
    return np.repeat(owner, repeated), ranges(start, repeated)


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
