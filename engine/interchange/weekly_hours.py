"""Weekly hours on a wall clock, expanded into sessions over a horizon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.time_grid import MINUTES_PER_DAY, WEEKDAYS, at_clock, elapsed

_NOTHING = timedelta()

Span = tuple[datetime, datetime]
"""A half-open stretch of time."""


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
) -> Iterator[Span]:
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


def merged(stretches: Sequence[WeeklyHours]) -> tuple[tuple[WeeklyHours, ...], set[int]]:
    """Weekly hours of which none overlap: those that do become their union, day by day.

    Returns
    -------
    hours
        The stretches themselves where none overlap.
    overlapping
        Indices of the stretches that reach into another which begins no later.
    """
    unions: dict[tuple[int, int], set[int]] = defaultdict(set)
    overlapping: set[int] = set()
    for day in range(len(WEEKDAYS)):
        rows = [(row.start, row.end, n) for n, row in enumerate(stretches) if day in row.weekdays]
        spans: list[tuple[int, int]] = []
        for start, end, number in sorted(rows, key=lambda row: (row[0], row[2])):
            if spans and start < spans[-1][1]:
                overlapping.add(number)
                spans[-1] = (spans[-1][0], max(spans[-1][1], end))
            else:
                spans.append((start, end))
        for span in spans:
            unions[span].add(day)
    if not overlapping:
        return tuple(stretches), overlapping
    hours = (WeeklyHours(frozenset(days), *span) for span, days in sorted(unions.items()))
    return tuple(hours), overlapping


def without(span: Span, gap: Span) -> list[Span]:
    """What a gap, of some length, leaves of a span: one or two parts in UTC, or none."""
    start, end, gap_start, gap_end = (instant.astimezone(UTC) for instant in (*span, *gap))
    parts = [(start, min(end, gap_start)), (max(start, gap_end), end)]
    return [(begins, ends) for begins, ends in parts if begins < ends]
