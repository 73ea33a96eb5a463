"""What changed in a store since somebody last looked, as it is by now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from api.store.loading import read_all
from api.store.rows import APPOINTMENTS, instant, record_of
from api.store.store import Store, last_sequence
from api.store.tables import appointment, change, record
from engine.domain import Appointment, Dataset, Patient, Request

REQUESTS = "requests"
_MOST = 500  # ids in one query


@dataclass(frozen=True, slots=True)
class World:
    """Everything at one moment.

    Parameters
    ----------
    dataset
        ``None``: there is none.
    sequence
        The last change that it has.
    now
        The database's clock.
    """

    dataset: Dataset | None
    sequence: int
    now: datetime


@dataclass(frozen=True, slots=True)
class News:
    """Some changes, and what they left.

    Parameters
    ----------
    sequence
        The last one.
    now
        The database's clock.
    appointments
        By id; ``None``: gone, or cancelled.
    requests
        Each with its patient.
    others
        Kinds and ids of what else changed.
    left
        By how much the log goes on after them.
    """

    sequence: int
    now: datetime
    appointments: dict[str, Appointment | None]
    requests: tuple[tuple[Request, Patient], ...]
    others: tuple[tuple[str, str], ...]
    left: int = 0


def whole(store: Store) -> World:
    """Everything there is."""
    with store.database.reading() as connection:
        last = last_sequence(connection)
        return World(read_all(connection), last, _now(store, connection))


def news(store: Store, since: int) -> News:
    """The next changes after a sequence."""
    clock = select(store.database.now.label("now")).subquery()
    changes = clock.outerjoin(change, change.c.sequence > since)
    query = select(clock.c.now, change).select_from(changes).order_by(change.c.sequence)
    with store.database.reading() as connection:
        read = connection.execute(query.limit(_MOST)).all()
        rows = [row for row in read if row.sequence is not None]
        found = {(row.kind, row.id) for row in rows}
        promised = [id for kind, id in found if kind == APPOINTMENTS]
        asked = [id for kind, id in found if kind == REQUESTS]
        last = last_sequence(connection) if len(rows) == _MOST else 0
        return News(
            sequence=rows[-1].sequence if rows else since,
            now=instant(read[0].now),
            appointments=_appointments(connection, promised),
            requests=_requests(connection, asked),
            others=tuple(row for row in found if row[0] not in (APPOINTMENTS, REQUESTS)),
            left=max(0, last - rows[-1].sequence) if rows else 0,
        )


def _now(store: Store, connection: Connection) -> datetime:
    return instant(connection.execute(select(store.database.now)).scalar_one())


def _appointments(connection: Connection, ids: Collection[str]) -> dict[str, Appointment | None]:
    found: dict[str, Appointment | None] = dict.fromkeys(ids)
    if ids:
        query = select(appointment.c.id, appointment.c.body).where(
            appointment.c.id.in_(ids), appointment.c.status != "cancelled"
        )
        for row in connection.execute(query):
            found[row.id] = record_of(APPOINTMENTS, row.body)
    return found


def _requests(connection: Connection, ids: Collection[str]) -> tuple[tuple[Request, Patient], ...]:
    requests = _records(connection, REQUESTS, ids)
    patients = _records(connection, "patients", {row.patient_id for row in requests.values()})
    return tuple((row, patients[row.patient_id]) for row in requests.values())


def _records(connection: Connection, kind: str, ids: Collection[str]) -> dict[str, Any]:
    if not ids:
        return {}
    query = select(record.c.id, record.c.body).where(record.c.kind == kind, record.c.id.in_(ids))
    return {row.id: record_of(kind, row.body) for row in connection.execute(query)}
