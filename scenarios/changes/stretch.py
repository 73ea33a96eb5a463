"""From when until when a change holds."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from engine.domain import Dataset
from engine.time_grid import beginning_of, end_of

Moment = date | datetime
"""An instant, or a plain date of the dataset's clock."""

Stretch = tuple[datetime, datetime]
"""A half-open stretch of time."""


def stretch_of(dataset: Dataset, start: Moment | None, end: Moment | None) -> Stretch:
    """The stretch that two fields of a change state.

    Parameters
    ----------
    start
        First instant; a plain date is its local midnight; none: the dataset's ``as_of``.
    end
        First instant after; a plain date is the end of that day; none: when all is over.
    """
    zone = ZoneInfo(dataset.header.time_zone)
    begins = dataset.header.as_of if start is None else beginning_of(start, zone)
    return begins, when_all_is_over(dataset) if end is None else end_of(end, zone)


def when_all_is_over(dataset: Dataset) -> datetime:
    """The end of the horizon, or of what ends last, sessions and appointments included."""
    sessions = (row.end for row in dataset.sessions)
    appointments = (row.end for row in dataset.appointments)
    return max((dataset.header.horizon.end, *sessions, *appointments), key=in_utc)


def common_part(one: Stretch, other: Stretch) -> Stretch | None:
    """What two stretches have in common; ``None``: nothing."""
    start, end = max(one[0], other[0], key=in_utc), min(one[1], other[1], key=in_utc)
    return (start, end) if in_utc(start) < in_utc(end) else None


def in_utc(instant: datetime) -> datetime:
    """An instant that compares with others by time and not by clock."""
    return instant.astimezone(UTC)
