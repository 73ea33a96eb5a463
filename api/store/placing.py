"""Hold, book, move, cancel: each in one transaction, all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, bindparam, insert, select, update

from api.store.chart import Need
from api.store.errors import (
    GuardedError,
    NotHeldError,
    NotThereError,
    OtherVersionError,
    OverlapError,
    TakenError,
    UnfitError,
)
from api.store.lying import lies_in_a_session
from api.store.needing import needs_of, surroundings
from api.store.promised import Promised
from api.store.rows import APPOINTMENTS, appointment_row, instant, record_of
from api.store.tables import appointment, occupation
from api.store.transaction import Key, Transaction
from engine.domain import Appointment
from engine.problems import Problem, shown
from engine.snapshot import take_snapshot
from engine.time_grid import elapsed

_OTHER = select(appointment.c.id).where(
    appointment.c.request_id == bindparam("request"),
    appointment.c.id != bindparam("this"),
    appointment.c.status != "cancelled",
)
_BOOK = (
    update(occupation)
    .where(occupation.c.appointment_id == bindparam("wanted"))
    .values(state="booked")
)
_SAVE = update(appointment).where(appointment.c.id == bindparam("wanted"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where an appointment could be.

    Parameters
    ----------
    role_id
        With whom.
    start, end
        The told interval; of a seat in a day session, the session's.
    session_id
        The session that is meant; it matters where a role has several day sessions at a time.
    """

    role_id: str
    start: datetime
    end: datetime
    session_id: str | None = None


def hold(tx: Transaction, request_id: str, place: Place, seconds: int, key: str) -> Promised:
    """Take a place for a request, for a while."""
    tx.lock_records(shared=True)
    made = _at(place, Appointment(id=uuid4().hex, request_id=request_id, **_anywhere(place)))
    needs = _needs(tx, made, place)
    tx.lock_places(_keys(needs), request_id)
    tx.expire(_keys(needs), request_id)
    _require_no_other(tx, request_id, made.id)
    until = instant(tx.now() + seconds)
    made = replace(made, status="held", held_until=until)
    row = appointment_row(made) | {"version": 1, "held_by": key}
    tx.connection.execute(insert(appointment), [row])
    _occupy(tx, made, needs)
    tx.log(APPOINTMENTS, made.id, None)
    return Promised(made, made.status, 1, key, None)


def book(tx: Transaction, id: str, key: str) -> Promised:
    """Make a hold an appointment, while it lasts and for whom it was made."""
    row = _locked(tx, id, None)
    record = _record(row)
    _require_hold(tx, row, key)
    saved = _save(tx, replace(record, status="booked", held_until=None), row, held_by=None)
    tx.connection.execute(_BOOK, {"wanted": id})
    return saved


def move(
    tx: Transaction,
    id: str,
    place: Place,
    key: str | None = None,
    expected: int | None = None,
) -> Promised:
    """Take another place for an appointment, and leave the old one only then."""
    tx.lock_records(shared=True)
    tx.lock_appointment(id)
    before = _there(tx, id)
    if before.request_id is None:
        problem = Problem("not_movable", f"appointments/{id}", "a block is not moved")
        raise UnfitError([problem])
    moved = _at(place, _record(before))
    needs = _needs(tx, moved, place)
    tx.lock_places(_keys(needs) | tx.occupied_by([id]), before.request_id)
    row = _there(tx, id)
    _require_version(row, expected)
    if row.status == "held":
        _require_hold(tx, row, key)
    tx.expire(_keys(needs))
    moved = replace(moved, confirmed=False)
    if row.status == "conflicted":
        moved = replace(moved, status="booked")
    tx.vacate([id])
    _occupy(tx, moved, needs)
    return _save(tx, moved, row)


def cancel(
    tx: Transaction,
    id: str,
    reason: str,
    key: str | None = None,
    expected: int | None = None,
) -> Promised:
    """Give a place back, and keep what it was and why."""
    row = _locked(tx, id, expected)
    if row.status == "held":
        _require_hold(tx, row, key)
    tx.vacate([id])
    given_back = {"status": "cancelled", "held_until": None, "held_by": None, "reason": reason}
    return _save(tx, _record(row), row, **given_back)


def _needs(tx: Transaction, record: Appointment, place: Place) -> list[Need]:
    """All that an appointment needs at a place.

    Raises
    ------
    NotThereError
        There is no such role, or no such request.
    UnfitError
        It is no place of the role: it lies in no session.
    """
    snapshot = take_snapshot(surroundings(tx.connection, [record], place.session_id))
    if not lies_in_a_session(snapshot)[0]:
        message = f"no session of role {shown(record.role_id)} lasts from its start to its end"
        where = f"appointments/{record.id}"
        raise UnfitError([Problem("not_a_place", where, message, place.start.isoformat())])
    return needs_of(snapshot, tx.policy)[record.id]


def _anywhere(place: Place) -> dict[str, Any]:
    return {"role_id": place.role_id, "start": place.start, "end": place.end}


def _at(place: Place, record: Appointment) -> Appointment:
    """The appointment at a place, where times make one."""
    if elapsed(place.start, place.end) <= timedelta():
        problem = Problem("empty_interval", "place/end", "the end is not after the start")
        raise UnfitError([problem])
    if any(moment.second or moment.microsecond for moment in (place.start, place.end)):
        raise UnfitError([Problem("not_whole_minute", "place", "must fall on whole minutes")])
    return replace(record, **_anywhere(place))


def _keys(needs: list[Need]) -> set[Key]:
    return {(need.kind, need.id) for need in needs}


def _record(row: Row[Any]) -> Appointment:
    found: Appointment = record_of(APPOINTMENTS, row.body)
    return found


def _there(tx: Transaction, id: str) -> Row[Any]:
    row = tx.appointment(id)
    if row is None or row.status == "cancelled":
        raise NotThereError(f"there is no appointment {shown(id)}")
    return row


def _locked(tx: Transaction, id: str, expected: int | None) -> Row[Any]:
    """The row of an appointment that nobody else can change any more, nor its seats."""
    tx.lock_records(shared=True)
    tx.lock_appointment(id)
    before = _there(tx, id)
    tx.lock_places(tx.occupied_by([id]), before.request_id)
    row = _there(tx, id)
    _require_version(row, expected)
    return row


def _require_version(row: Row[Any], expected: int | None) -> None:
    if expected is not None and row.version != expected:
        message = f"appointment {shown(row.id)} is at version {row.version}, not {expected}"
        raise OtherVersionError(message, row.version)


def _require_hold(tx: Transaction, row: Row[Any], key: str | None) -> None:
    """Whether a key holds it, and it is not over."""
    if row.status != "held" or row.held_by != key:
        raise NotHeldError(f"appointment {shown(row.id)} is not held by this key")
    if row.held_until <= tx.now():
        raise NotHeldError(f"the hold {shown(row.id)} is over")


def _require_no_other(tx: Transaction, request_id: str, id: str) -> None:
    """Whether a request has no place yet."""
    asked = {"request": request_id, "this": id}
    other = tx.connection.execute(_OTHER, asked).scalars().first()
    if other is not None:
        message = f"the request has appointment {shown(other)} already"
        raise UnfitError([Problem("two_places", "request_id", message, shown(request_id))])


def _occupy(tx: Transaction, record: Appointment, needs: list[Need]) -> None:
    """Occupy what is needed, or say by whom it is.

    Raises
    ------
    TakenError
        There is no room.
    GuardedError
        So says the database alone.
    """
    chart = tx.chart(needs, without=[record.id])
    collisions = chart.collisions(needs)
    if collisions:
        raise TakenError(collisions)
    occupied = chart.occupy(record.id, needs, record.status)
    try:
        with tx.database.said():
            tx.write_occupied(occupied, chart)
    except OverlapError:
        raise GuardedError from None


def _save(tx: Transaction, record: Appointment, row: Row[Any], **columns: Any) -> Promised:
    """Write an appointment's next version."""
    kept = {"version": row.version + 1, "held_by": row.held_by, "reason": None}
    values = appointment_row(record) | kept | columns
    tx.connection.execute(_SAVE, values | {"wanted": row.id})
    tx.log(APPOINTMENTS, row.id, row)
    return Promised(
        record, values["status"], values["version"], values["held_by"], values["reason"]
    )
