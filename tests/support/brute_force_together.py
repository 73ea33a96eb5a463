"""What visits may do together, for the brute force: links, rooms, ways, load.

Plain Python on lists of visits; a visit is a place chosen or an appointment.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from engine.domain import Link, Role

if TYPE_CHECKING:
    from brute_force_world import World

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Visit:
    """A visit that somebody has, or may get."""

    request_id: str
    patient_id: str
    visit_type_id: str
    role: Role
    start: datetime
    end: datetime
    busy_start: datetime
    busy_end: datetime
    day: date
    is_timed: bool
    is_new: bool


def hold_together(world: World, visits: list[Visit], *, alone: bool) -> bool:
    """Whether visits keep to rooms, ways and links, as far as new ones are concerned.

    Of a place looked at ``alone``, a gap in any order says nothing: others may close it.
    """
    return (
        _rooms_hold(world, visits)
        and _ways_hold(world, visits)
        and all(_link_holds(world, link, visits, alone=alone) for link in world.dataset.links)
    )


def all_or_none(world: World, placed: set[str]) -> bool:
    """Whether links that must be complete are, or are left out; open requests alone."""
    still_open = {row.id for row in world.open}
    for link in world.dataset.links:
        mine = set(link.request_ids) & still_open
        if link.all_or_none and mine & placed and not mine <= placed:
            return False
    return True


def _rooms_hold(world: World, visits: list[Visit]) -> bool:
    timed = [visit for visit in visits if visit.is_timed]
    for visit in timed:
        for kind in world.visit_types[visit.visit_type_id].resources:
            rooms = sum(
                row.capacity
                for row in world.dataset.resources
                if row.kind == kind and row.location_id == visit.role.location_id
            )
            others = [
                other
                for other in timed
                if kind in world.visit_types[other.visit_type_id].resources
                and other.role.location_id == visit.role.location_id
            ]
            for moment in {other.busy_start for other in others}:
                there = [o for o in others if o.busy_start <= moment < o.busy_end]
                if len(there) > rooms and any(o.is_new for o in there):
                    return False
    return True


def _ways_hold(world: World, visits: list[Visit]) -> bool:
    for a, b in combinations([visit for visit in visits if visit.is_timed], 2):
        if a.patient_id != b.patient_id or not (a.is_new or b.is_new):
            continue
        way = _way(world, a.role, b.role)
        if way and b.start - a.end < way and a.start - b.end < way:
            return False
    return True


def _way(world: World, one: Role, other: Role) -> timedelta:
    """Minutes at 40 km/h over 1.3 times the distance, by the spherical law of cosines."""
    if None in (one.location_id, other.location_id) or one.location_id == other.location_id:
        return timedelta()
    here, there = world.point(one.location_id), world.point(other.location_id)
    if here is None or there is None:
        return timedelta()
    a, b = math.radians(here.latitude), math.radians(there.latitude)
    across = math.cos(math.radians(here.longitude - there.longitude))
    cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * across
    metres = round(6_371_008.8 * math.acos(max(-1.0, min(1.0, cosine))))
    return math.ceil(round(metres * 1.3 / 40_000 * 60, 6)) * MINUTE


def _link_holds(world: World, link: Link, visits: list[Visit], *, alone: bool) -> bool:
    place = {name: number for number, name in enumerate(link.request_ids)}
    mine = sorted(
        (visit for visit in visits if visit.request_id in place),
        key=lambda visit: place[visit.request_id],
    )
    for a, b in combinations(mine, 2):
        if (a.is_new or b.is_new) and not _pair_holds(world, link, a, b):
            return False
    if link.ordered:
        return all(
            not (a.is_new or b.is_new) or _near_enough(link, a, b)
            for a, b in combinations(mine, 2)
            if place[b.request_id] == place[a.request_id] + 1
        )
    return alone or _chain_holds(link, mine)


def _pair_holds(world: World, link: Link, a: Visit, b: Visit) -> bool:
    both_timed = a.is_timed and b.is_timed
    gap = MINUTE * (link.min_gap_minutes or 0)
    days = link.min_gap_days
    apart = abs((b.day - a.day).days)
    checks = [
        not link.same_day or a.day == b.day,
        not link.same_location or a.role.location_id == b.role.location_id,
        not link.same_doctor or world.who(a.role) == world.who(b.role),
    ]
    if link.ordered:
        checks.append(b.start - a.end >= gap if both_timed else b.day >= a.day)
        checks.append(days is None or (b.day - a.day).days >= days)
    else:
        told = link.min_gap_minutes is not None or link.max_gap_minutes is not None
        free = b.start - a.end >= gap or a.start - b.end >= gap
        checks.append(not told or not both_timed or free)
        checks.append(days is None or apart >= days)
    return all(checks)


def _near_enough(link: Link, a: Visit, b: Visit) -> bool:
    minutes, days = link.max_gap_minutes, link.max_gap_days
    if minutes is not None and a.is_timed and b.is_timed and b.start - a.end > MINUTE * minutes:
        return False
    return days is None or (b.day - a.day).days <= days


def _chain_holds(link: Link, mine: list[Visit]) -> bool:
    """Whether the visits, in the order of time, leave no more too large gaps than before."""
    timed = [visit for visit in mine if visit.is_timed]
    kept, kept_timed = ([v for v in some if not v.is_new] for some in (mine, timed))
    minutes, days = link.max_gap_minutes, link.max_gap_days
    in_time = minutes is None or _gaps(timed, minutes) <= _gaps(kept_timed, minutes)
    return in_time and (days is None or _day_gaps(mine, days) <= _day_gaps(kept, days))


def _gaps(visits: list[Visit], most: int) -> int:
    """Visits that no other follows within ``most`` minutes, less the last one."""
    alone = [
        a
        for a in visits
        if not any(timedelta() <= b.start - a.end <= MINUTE * most for b in visits if b is not a)
    ]
    return max(len(alone) - 1, 0)


def _day_gaps(visits: list[Visit], most: int) -> int:
    days = sorted(visit.day for visit in visits)
    return sum((b - a).days > most for a, b in pairwise(days))


def load(world: World, visits: list[Visit], steps: int = 10) -> int:
    """Steps of their doctors' time that new visits begin, the j-th counted j times."""
    total = 0
    for who in {world.who(visit.role) for visit in visits if visit.is_new and visit.is_timed}:
        offered, used = _offered_and_used(world, who)
        more = sum(
            (visit.busy_end - visit.busy_start) // MINUTE
            for visit in visits
            if visit.is_new and visit.is_timed and world.who(visit.role) == who
        )
        if offered:
            before, after = (-(-taken * steps // offered) for taken in (used, used + more))
            total += sum(range(before + 1, after + 1))
    return total


def _offered_and_used(world: World, who: str) -> tuple[int, int]:
    offered = used = 0
    horizon = world.dataset.header.horizon
    for start, length, capacity, taken in _cells(world, who):
        if max(world.now, horizon.start.astimezone(UTC)) <= start < horizon.end.astimezone(UTC):
            offered += length * capacity
            used += length * min(capacity, taken)
    return offered, used


def _cells(world: World, who: str) -> Iterator[tuple[datetime, int, int, int]]:
    """Start, minutes, seats and seats taken of every cell of a doctor's timed sessions."""
    for session in world.dataset.sessions:
        if session.kind != "timed" or world.who(world.roles[session.role_id]) != who:
            continue
        length = session.cell_minutes or 0
        start = session.start.astimezone(UTC)
        while start + length * MINUTE <= session.end.astimezone(UTC):
            taken = sum(
                session.id in row.sessions
                and row.busy_start < start + length * MINUTE
                and start < row.busy_end
                for row in world.published
            )
            yield start, length, session.capacity, taken
            start += length * MINUTE
