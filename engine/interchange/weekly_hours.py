"""Weekly hours on a wall clock, expanded into sessions over a horizon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine.time_grid import MINUTES_PER_DAY, WEEKDAYS, at_clock, elapsed

_NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """A stretch of clock time on certain weekdays.

    Parameters
    ----------
    weekdays
        0 is Monday.
    start, end
        Minutes since local midnight; 1440 is the end of the day.
    """

    weekdays: frozenset[int]
    start: int
    end: int

    @classmethod
    def on(cls, days: Sequence[str], start: int = 0, end: int = MINUTES_PER_DAY) -> WeeklyHours:
        """On named days; no day means every day."""
        named = days or WEEKDAYS
        return cls(frozenset(WEEKDAYS.index(day) for day in named), start, end)


def occurrences(
    hours: WeeklyHours, zone: ZoneInfo, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Stretches of weekly hours that lie within ``[start, end)``, whole, in order.

    Clock times that a daylight-saving night skips or repeats are read as by ``at_clock``;
    a stretch that vanishes so is left out.
    """
    day = start.astimezone(zone).date()
    last = end.astimezone(zone).date()
    while day <= last:
        if day.weekday() in hours.weekdays:
            begins = at_clock(day, hours.start, zone)
            ends = at_clock(day, hours.end, zone)
            before_the_horizon = elapsed(start, begins) < _NOTHING
            after_the_horizon = elapsed(ends, end) < _NOTHING
            if elapsed(begins, ends) > _NOTHING and not (before_the_horizon or after_the_horizon):
                yield begins, ends
        day += timedelta(days=1)
