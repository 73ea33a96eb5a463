"""Times of the week as arrays, and what requests have said no to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from engine.domain import Declined, WeeklyTime
from engine.snapshot.index import ALWAYS, Index, at
from engine.time_grid import (
    MINUTES_PER_DAY,
    MINUTES_PER_WEEK,
    WEEKDAYS,
    TimeGrid,
    beginning_of,
    clock_minutes,
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Places that fit all of this are declined.

    Parameters
    ----------
    doctor, location, role
        Index; -1: any.
    start
        Minute at which they begin; ``None``: any.
    before
        Minute before which they begin; ``ALWAYS``: any.
    times
        Weekly times in which they begin, as in ``Wishes``; empty: any.
    """

    doctor: int
    location: int
    role: int
    start: int | None
    before: int
    times: tuple[int, ...]


def refusal_of(row: Declined, index: Index, grid: TimeGrid, zone: ZoneInfo) -> Refusal:
    """What a record says, by indices; ``zone`` is the dataset's."""
    before = ALWAYS if row.before is None else grid.minutes_up(beginning_of(row.before, zone))
    return Refusal(
        doctor=at(index.doctors, row.doctor_id),
        location=at(index.locations, row.location_id),
        role=at(index.roles, row.role_id),
        start=None if row.start is None else grid.minutes(row.start),
        before=before,
        times=tuple(merged_times(row.times)),
    )


def merged_times(times: Sequence[WeeklyTime]) -> list[int]:
    """Union of weekly times: starts and ends in minutes of the week, in turn, ascending.

    Where Sunday night and Monday morning both suit, the last end lies beyond the week.
    """
    stretches = sorted(
        (
            WEEKDAYS.index(day) * MINUTES_PER_DAY + clock_minutes(stretch.start),
            WEEKDAYS.index(day) * MINUTES_PER_DAY + clock_minutes(stretch.end),
        )
        for stretch in times
        for day in stretch.days
    )
    merged: list[int] = []
    for start, end in stretches:
        if merged and start <= merged[-1]:
            merged[-1] = max(merged[-1], end)
        else:
            merged += [start, end]
    if merged and merged[0] == 0 and merged[-1] == MINUTES_PER_WEEK:
        merged[-1] += merged[1]  # Sunday night goes on into Monday
    return merged
