"""New sessions from weekly hours or dated blocks, on the clock of a role."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from engine.domain import Dataset, Role, Session, WeeklyTime
from engine.interchange.unique_id import unique_id
from engine.interchange.weekly_hours import WeeklyHours, merged, occurrences
from engine.time_grid import clock_minutes
from scenarios.changes.stretch import Stretch, common_part, in_utc
from scenarios.situation import Situation


def zone_of(dataset: Dataset, role: Role) -> ZoneInfo:
    """The clock of a role: of its place, or by video its own."""
    zones = {row.id: row.time_zone for row in dataset.locations}
    name = role.time_zone if role.location_id is None else zones[role.location_id]
    return ZoneInfo(name or dataset.header.time_zone)


def usual_cell(dataset: Dataset, role_ids: Collection[str]) -> int | None:
    """The length of cells that most timed sessions of some roles have, the shorter of two.

    ``None``: they have no timed session.
    """
    lengths = Counter(
        row.cell_minutes
        for row in dataset.sessions
        if row.role_id in role_ids and row.cell_minutes is not None
    )
    return min(lengths, key=lambda length: (-lengths[length], length), default=None)


def weekly_stretches(
    dataset: Dataset, times: Sequence[WeeklyTime], zone: ZoneInfo, stretch: Stretch
) -> Iterator[Stretch]:
    """When weekly times lie in a stretch and in what is left of the horizon, whole."""
    header = dataset.header
    left = common_part((header.as_of, header.horizon.end), (header.horizon.start, stretch[1]))
    planned = left and common_part(left, stretch)
    if not planned:
        return
    stated = [
        WeeklyHours.on(time.days, clock_minutes(time.start), clock_minutes(time.end))
        for time in times
    ]
    for hours in merged(stated)[0]:
        yield from occurrences(hours, zone, *planned)


def new_sessions(
    dataset: Dataset, like: Session, zone: ZoneInfo, stretches: Iterable[Stretch]
) -> tuple[Session, ...]:
    """Sessions like one, in the order of time, with ids that nobody has.

    Parameters
    ----------
    like
        Role, cells and all else but id and time.
    zone
        On whose clock they are.
    """
    taken = {row.id for row in dataset.sessions}
    return tuple(
        replace(
            like,
            id=unique_id(f"{like.role_id}-{start.astimezone(zone):%Y%m%d-%H%M}", taken),
            start=start.astimezone(zone),
            end=end.astimezone(zone),
        )
        for start, end in sorted(stretches, key=lambda row: in_utc(row[0]))
    )


def with_sessions(situation: Situation, added: Sequence[Session]) -> Situation:
    """The situation with more sessions, behind those that there are."""
    dataset = situation.dataset
    return replace(situation, dataset=replace(dataset, sessions=(*dataset.sessions, *added)))
