"""What appointments need, by the records that the store has now and the engine's own meaning.

A snapshot is taken of no more than what matters: their roles, the sessions of these at that
time, places, rooms, and types of visit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, or_, select

from api.store.chart import Need
from api.store.errors import NotThereError
from api.store.rows import record_of, seconds
from api.store.tables import occupation, record
from engine.domain import (
    DATASET_SCHEMA,
    Appointment,
    Dataset,
    Doctor,
    Header,
    Interval,
    Location,
    Patient,
    Request,
    Role,
    Service,
    Session,
    VisitType,
)
from engine.occupied import uses
from engine.policy import Policy
from engine.problems import shown
from engine.snapshot import Snapshot

T = TypeVar("T")

_AT_ONCE = 500  # ids in one condition
LONGEST_AROUND = timedelta(days=7)
"""No type of visit takes more before or after."""


def _of_kind(kind: str, column: ColumnElement[Any], ids: str) -> ColumnElement[bool]:
    """Records of a kind, with one of some ids in a column."""
    return and_(record.c.kind == kind, column.in_(bindparam(ids, expanding=True)))


_BODIES = select(record.c.number, record.c.kind, record.c.body)
_WITH_WHOM = _BODIES.where(
    or_(_of_kind("roles", record.c.id, "roles"), _of_kind("requests", record.c.id, "requests"))
)
_BESIDE = _BODIES.where(
    or_(
        _of_kind("visit_types", record.c.id, "visit_types"),
        _of_kind("locations", record.c.id, "locations"),
        _of_kind("resources", record.c.owner, "locations"),
        and_(
            _of_kind("sessions", record.c.owner, "roles"),
            record.c.end > bindparam("since"),
            record.c.start < bindparam("until"),
        ),
    )
)
_TYPES = _BODIES.where(_of_kind("visit_types", record.c.id, "visit_types"))
_DAY = timedelta(days=1)
_BORNE: dict[type, tuple[str, ...]] = {
    Request: ("id", "patient_id", "visit_type_id", "created", "urgency"),
    Role: ("id", "doctor_id", "service_id", "location_id", "time_zone"),
    Location: ("id", "time_zone", "state"),
}


def surroundings(
    connection: Connection, appointments: Sequence[Appointment], session_id: str | None = None
) -> Dataset:
    """Records around some appointments, without all that is of no interest here.

    Parameters
    ----------
    appointments
        Where they are, or could be; they count, whatever their status.
    session_id
        A day session that is meant, where its role has others at the same time.

    Raises
    ------
    NotThereError
        A role, or a request, is not.
    """
    asked = {row.request_id for row in appointments if row.request_id is not None}
    named = {row.role_id for row in appointments}
    found = _read(connection, _WITH_WHOM, {"roles": named, "requests": asked})
    roles: list[Role] = _all_of(found, "roles", named)
    requests: list[Request] = _all_of(found, "requests", asked)
    start = min(row.start for row in appointments).astimezone(UTC)
    end = max(row.end for row in appointments).astimezone(UTC)
    beside = _beside(connection, roles, requests, start, end)
    return Dataset(
        header=_header(start, end),
        patients=tuple(Patient(id=name) for name in {row.patient_id for row in requests}),
        requests=tuple(_bare(row) for row in requests),
        doctors=tuple(Doctor(id=name) for name in {row.doctor_id for row in roles} if name),
        services=tuple(Service(id=name) for name in {row.service_id for row in roles} if name),
        roles=tuple(_bare(row) for row in roles),
        locations=tuple(_bare(row) for row in beside["locations"]),
        visit_types=tuple(beside["visit_types"]),
        resources=tuple(beside["resources"]),
        sessions=tuple(_without_twins(connection, beside["sessions"], session_id)),
        appointments=tuple(replace(row, status="booked") for row in appointments),
    )


def needs_of(snapshot: Snapshot, policy: Policy) -> dict[str, list[Need]]:
    """By appointment, all that it needs; active ones alone need anything."""
    origin = seconds(snapshot.grid.origin)
    found: dict[str, list[Need]] = defaultdict(list)
    for use in uses(snapshot, policy):
        start, end = origin + 60 * use.start, origin + 60 * use.end
        need = Need(use.kind, use.of, start, end, use.room, use.home)
        found[use.appointment_id].append(need)
    return found


def _beside(
    connection: Connection,
    roles: Sequence[Role],
    requests: Sequence[Request],
    start: datetime,
    end: datetime,
) -> dict[str, list[Any]]:
    """What some roles have between two instants, and what some requests are for."""
    places = {row.location_id for row in roles if row.location_id is not None}
    wanted = {
        "visit_types": {row.visit_type_id for row in requests},
        "locations": places,
        "roles": {row.id for row in roles},
    }
    since, until = seconds(start - LONGEST_AROUND), seconds(end + LONGEST_AROUND)
    found = _read(connection, _BESIDE, wanted, since=since, until=until)
    types: list[VisitType] = found["visit_types"]
    longest = max((max(row.minutes_before, row.minutes_after) for row in types), default=0)
    around = timedelta(minutes=longest)
    found["sessions"] = [
        row for row in found["sessions"] if row.start < end + around and row.end > start - around
    ]
    offered = {name for row in found["sessions"] for name in row.visit_type_ids}
    more = offered - {row.id for row in types}
    if more:
        types += _read(connection, _TYPES, {"visit_types": more})["visit_types"]
    return found


def _without_twins(
    connection: Connection, sessions: Sequence[Session], session_id: str | None
) -> list[Session]:
    """Sessions without those at the time of the day session that is meant."""
    named = next((row for row in sessions if row.id == session_id and row.kind == "day"), None)
    if named is None:
        return list(sessions)
    twins = [row for row in sessions if row is not named and _are_twins(row, named)]
    alike = [row for row in twins if _wanted(row) == _wanted(named)]
    meant = _with_room(connection, [named, *alike]) if alike else named
    return [row for row in sessions if row is meant or (row is not named and row not in twins)]


def _wanted(row: Session) -> tuple[frozenset[str], str | None]:
    """For what a session is."""
    return frozenset(row.visit_type_ids), row.reserved_for


def _with_room(connection: Connection, alike: Sequence[Session]) -> Session:
    """The first day session with a seat that is left, else the first: it is looked at again under
    locks.
    """
    names = [row.id for row in alike]
    there = occupation.c.kind == "session", occupation.c.id.in_(names)
    query = select(occupation.c.id, func.count()).where(*there).group_by(occupation.c.id)
    taken = {row[0]: int(row[1]) for row in connection.execute(query)}
    return next((row for row in alike if taken.get(row.id, 0) < row.capacity), alike[0])


def _all_of(found: Mapping[str, list[Any]], kind: str, ids: Collection[str]) -> list[Any]:
    """Records of a kind, every one of which has to be there."""
    missing = set(ids) - {row.id for row in found[kind]}
    if missing:
        names = ", ".join(shown(name) for name in sorted(missing))
        raise NotThereError(f"there is no {kind.removesuffix('s')} {names}")
    return found[kind]


def _read(
    connection: Connection,
    query: Select[int, str, str],
    ids: Mapping[str, Collection[str]],
    **values: int,
) -> dict[str, list[Any]]:
    """Records by kind, in the order of their coming; of lists of ids, so many at a time."""
    parts = {name: list(_parts(some)) for name, some in ids.items()}
    rows: list[tuple[int, str, str]] = []
    for index in range(max(len(part) for part in parts.values())):
        given = {name: part[index] if index < len(part) else [] for name, part in parts.items()}
        answer = connection.execute(query, given | values)
        rows += [(row.number, row.kind, row.body) for row in answer]
    found: dict[str, list[Any]] = defaultdict(list)
    for _, kind, body in sorted(rows):
        found[kind].append(record_of(kind, body))
    return found


def _parts(names: Collection[str]) -> Iterator[list[str]]:
    order = sorted(names)
    return (order[start : start + _AT_ONCE] for start in range(0, len(order), _AT_ONCE))


def _are_twins(one: Session, other: Session) -> bool:
    return one.kind == other.kind == "day" and (one.role_id, one.start, one.end) == (
        other.role_id,
        other.start,
        other.end,
    )


def _header(start: datetime, end: datetime) -> Header:
    """A horizon of whole days: clocks of the same days are worked out once."""
    first = start.replace(hour=0, minute=0, second=0, microsecond=0)
    last = end.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY
    return Header(
        schema=DATASET_SCHEMA,
        as_of=first,
        horizon=Interval(start=first, end=last),
        time_zone="UTC",
    )


def _bare(row: T) -> T:
    """A record with nothing but what matters here."""
    return type(row)(**{name: getattr(row, name) for name in _BORNE[type(row)]})
