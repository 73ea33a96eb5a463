"""One record at a time, as it is from now on; and what that does to appointments."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update

from api.store.errors import BreaksError, Collision, NotThereError, OtherVersionError, UnfitError
from api.store.lying import Lying, left_outside, lying
from api.store.needing import LONGEST_AROUND, needs_of, surroundings
from api.store.rows import (
    APPOINTMENTS,
    HEADER,
    appointment_row,
    record_of,
    record_row,
    seconds,
)
from api.store.settling import let_go, settle
from api.store.tables import appointment, record
from api.store.transaction import Transaction
from engine.checks import check_dataset
from engine.checks.dataset import record_path
from engine.domain import COLLECTIONS, Appointment, Dataset
from engine.problems import parents, shown
from engine.snapshot import Snapshot, take_snapshot

PUT = ("doctors", "patients", "requests", "roles", "sessions")
"""Kinds of which single records come and change; all others come with a dataset."""

_AROUND = int(LONGEST_AROUND.total_seconds())
_BEARS: dict[str, tuple[str, ...]] = {
    "requests": ("patient_id", "visit_type_id"),
    "roles": ("doctor_id", "service_id", "location_id", "time_zone"),
    "sessions": ("role_id", "start", "end", "kind", "cell_minutes", "capacity", "visit_type_ids",
                 "reserved_for"),
}  # fmt: skip
"""Fields that say what appointments occupy."""


def put(
    tx: Transaction, kind: str, value: Any, expected: int | None, *, breaking: bool
) -> tuple[int, tuple[Collision, ...]]:
    """Write a record; its version, and who collides or has no session any more because of it."""
    if kind not in PUT:
        raise NotThereError(f"single records of kind {shown(kind)} are not taken")
    is_new = expected == 0
    tx.lock_records(shared=kind not in _BEARS or (is_new and kind == "requests"))
    tx.lock([f"{kind} {value.id}"])
    before = _row(tx, kind, value.id)
    version = 0 if before is None else int(before.version)
    if expected is not None and expected != version:
        message = f"{kind}/{shown(value.id)} is at version {version}, not {expected}"
        raise OtherVersionError(message, version)
    _require_fit(tx, kind, value)
    row = record_row(kind, value)
    if before is not None and before.body == row["body"]:
        return version, ()
    old = None if before is None else record_of(kind, before.body)
    rows = _concerned(tx, kind, old, value)
    lay = lying(_around(tx, rows)) if rows else {}
    _write(tx, row, version + 1)
    tx.log(kind, value.id, before)
    return version + 1, _settle_again(tx, rows, lay, breaking=breaking)


def _row(tx: Transaction, kind: str, id: str) -> Row[Any] | None:
    query = select(record).where(record.c.kind == kind, record.c.id == id)
    return tx.connection.execute(query).one_or_none()


def _write(tx: Transaction, row: dict[str, Any], version: int) -> None:
    values = row | {"version": version}
    if version == 1:
        tx.connection.execute(insert(record), [values])
        return
    same = (record.c.kind == row["kind"]) & (record.c.id == row["id"])
    tx.connection.execute(update(record).where(same).values(values))


def _require_fit(tx: Transaction, kind: str, value: Any) -> None:
    """Whether a record keeps the rules of a dataset, beside those that it names.

    Raises
    ------
    UnfitError
        With everything that is wrong with it.
    """
    query = select(record.c.kind, record.c.id, record.c.body).where(
        or_(record.c.id.in_(sorted({value.id, *_named(value)})), record.c.kind == HEADER)
    )
    header = None
    beside: dict[str, list[Any]] = {name: [] for name in COLLECTIONS}
    for row in tx.connection.execute(query):
        if row.kind == HEADER:
            header = record_of(HEADER, row.body)
        elif (row.kind, row.id) != (kind, value.id):
            beside[row.kind].append(record_of(row.kind, row.body))
    if header is None:
        raise NotThereError("there is no dataset to put a record into")
    beside[kind].append(value)
    own = record_path(kind, len(beside[kind]) - 1)
    dataset = Dataset(header=header, **{name: tuple(rows) for name, rows in beside.items()})
    found = check_dataset(dataset, urgencies=tx.policy.urgencies.names).problems
    problems = [row for row in found if row.is_error and own in parents(row.path)]
    if problems:
        raise UnfitError(problems)


def _named(value: Any) -> Iterator[str]:
    """Ids that a record names, wherever in it."""
    for field in fields(value):
        found = getattr(value, field.name)
        for part in found if isinstance(found, tuple) else (found,):
            if is_dataclass(part):
                yield from _named(part)
            elif isinstance(part, str) and field.name.endswith(("_id", "_ids")):
                yield part


def _concerned(tx: Transaction, kind: str, old: Any, new: Any) -> Sequence[Row[Any]]:
    """Appointments that may need something else now, in the order of their coming."""
    bears = _BEARS.get(kind, ())
    if all(old is not None and getattr(old, name) == getattr(new, name) for name in bears):
        return ()
    if kind == "requests":
        condition: Any = appointment.c.request_id == new.id
    elif kind == "roles":
        condition = appointment.c.role_id == new.id
    else:
        sessions = [row for row in (old, new) if row is not None]
        condition = or_(
            *(
                (appointment.c.role_id == row.role_id)
                & (appointment.c.end > seconds(row.start) - _AROUND)
                & (appointment.c.start < seconds(row.end) + _AROUND)
                for row in sessions
            )
        )
    tx.expire_all()
    query = select(appointment).where(condition, appointment.c.status != "cancelled")
    return tx.connection.execute(query.order_by(appointment.c.number)).all()


def _around(tx: Transaction, rows: Sequence[Row[Any]]) -> Snapshot:
    """Some appointments among the records that there are now."""
    return take_snapshot(surroundings(tx.connection, _records(rows)))


def _records(rows: Sequence[Row[Any]]) -> list[Appointment]:
    return [record_of(APPOINTMENTS, row.body) for row in rows]


def _settle_again(
    tx: Transaction, rows: Sequence[Row[Any]], lay: Mapping[str, Lying], *, breaking: bool
) -> tuple[Collision, ...]:
    """Let appointments occupy what they need now.

    Parameters
    ----------
    lay
        Where they were before.

    Raises
    ------
    BreaksError
        Some collide, or have no session any more, and that is not wanted.
    """
    if not rows:
        return ()
    before, snapshot = _records(rows), _around(tx, rows)
    needs = needs_of(snapshot, tx.policy)
    ids = [row.id for row in rows]
    every = [need for some in needs.values() for need in some]
    chart = tx.chart(every, without=ids, conflicted=False)
    settled = settle(before, needs, chart, left_outside(lay, lying(snapshot)))
    if settled.collisions and not breaking:
        raise BreaksError(settled.collisions)
    tx.vacate(ids)
    _forget(tx, let_go(before, settled))
    old = {row.id: row for row in rows}
    for made in settled.appointments:
        if made.status != old[made.id].status:
            values = appointment_row(made) | {"version": old[made.id].version + 1}
            same = appointment.c.id == made.id
            tx.connection.execute(update(appointment).where(same).values(values))
    for made in before:
        tx.log(APPOINTMENTS, made.id, old[made.id])
    tx.write_occupied(settled.occupied, chart)
    return settled.collisions


def _forget(tx: Transaction, ids: Collection[str]) -> None:
    if ids:
        tx.connection.execute(delete(appointment).where(appointment.c.id.in_(ids)))
