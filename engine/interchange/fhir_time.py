"""Dates and times as FHIR writes them: years, months, days and instants."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from engine.interchange import fhir_shapes as fhir
from engine.interchange.weekly_hours import Span
from engine.time_grid import beginning_of, end_of

ALWAYS: Span = (datetime(1990, 1, 1, tzinfo=UTC), datetime(2110, 1, 1, tzinfo=UTC))
"""From before to after every instant that a dataset may hold."""

_LAST_MONTH = 12


def is_in_reach(text: str) -> bool:
    """Whether the year of a text lies within ``ALWAYS``: not every year has dates."""
    return ALWAYS[0].year <= int(text[:4]) < ALWAYS[1].year


def first_of(text: str) -> date | datetime:
    """An instant, or the first day of the year, month or day that a text names."""
    if "T" in text:
        return datetime.fromisoformat(text)
    year, month, day = (*_numbers(text), 1, 1)[:3]
    return date(year, month, day)


def last_of(text: str) -> date | datetime:
    """An instant, or the last day of the year, month or day that a text names."""
    numbers = _numbers(text) if "T" not in text else ()
    if len(numbers) in (1, 2):
        year, month = (*numbers, _LAST_MONTH)[:2]
        return date(year, month, monthrange(year, month)[1])
    return first_of(text)


def span_of(period: fhir.Period, zone: ZoneInfo) -> Span:
    """A period in UTC, from 1990 to 2110 at most; dates are those of ``zone``, and inclusive."""
    start, end = ALWAYS
    if period.start is not None:
        start = _bound(period.start) or beginning_of(first_of(period.start), zone)
    if period.end is not None:
        end = _bound(period.end) or end_of(last_of(period.end), zone)
    return start.astimezone(UTC), end.astimezone(UTC)


def _bound(text: str) -> datetime | None:
    """The end of ``ALWAYS`` that a text lies beyond; ``None`` where it lies within."""
    return None if is_in_reach(text) else ALWAYS[int(text[:4]) >= ALWAYS[1].year]


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("-"))
