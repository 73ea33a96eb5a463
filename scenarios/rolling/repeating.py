"""Sessions for longer than a dataset has them: its weeks, again and again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.domain import Dataset, Session
from engine.interchange.unique_id import unique_id
from engine.time_grid import at_clock

_WEEK = timedelta(days=7)


def repeated(dataset: Dataset, days: int) -> Dataset:
    """The dataset with its sessions again, on the same weekdays and at the same time on the clock
    of their place, until they cover a number of days from ``as_of`` on.

    What is repeated are whole weeks, as many as the sessions span; appointments and blocks are not.

    Parameters
    ----------
    days
        Days to cover, the one of ``as_of`` included.
    """
    if not dataset.sessions:
        return dataset
    zones = _zones(dataset)
    dates = [row.start.astimezone(zones[row.role_id]).date() for row in dataset.sessions]
    first = min(dates)
    period = ((max(dates) - first) // _WEEK + 1) * _WEEK
    own_zone, header = ZoneInfo(dataset.header.time_zone), dataset.header
    end = header.as_of.astimezone(own_zone).date() + timedelta(days=days)
    taken = {row.id for row in dataset.sessions}
    more = [
        replace(
            row,
            id=unique_id(f"{row.id}-again-{number}", taken),
            start=_later(row.start, number * period, zones[row.role_id]),
            end=_later(row.end, number * period, zones[row.role_id]),
        )
        for number in range(1, (end - first) // period + 1)
        for row in dataset.sessions
    ]
    until = max(header.horizon.end.astimezone(UTC), at_clock(end, 0, own_zone).astimezone(UTC))
    return replace(
        dataset,
        header=replace(header, horizon=replace(header.horizon, end=until.astimezone(own_zone))),
        sessions=(*dataset.sessions, *(row for row in more if _is_before(row, until))),
    )


def _zones(dataset: Dataset) -> dict[str, ZoneInfo]:
    """Clock of every role: its place's, or its own by video."""
    of_place = {row.id: row.time_zone for row in dataset.locations}
    return {
        row.id: ZoneInfo(of_place.get(row.location_id or "") or row.time_zone or "UTC")
        for row in dataset.roles
    }


def _later(instant: datetime, shift: timedelta, zone: ZoneInfo) -> datetime:
    """The instant at which the clock shows the same, some days later."""
    local = instant.astimezone(zone)
    return at_clock(local.date() + shift, local.hour * 60 + local.minute, zone)


def _is_before(session: Session, until: datetime) -> bool:
    return session.start.astimezone(UTC) < until
