"""A whole dataset into the store, and out of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import Connection, delete, insert, or_, select

from api.store.audit import Entry, summary
from api.store.chart import Chart
from api.store.errors import Collision, StoreError
from api.store.lying import left_outside, lying
from api.store.needing import needs_of
from api.store.rows import (
    APPOINTMENTS,
    HEADER,
    RECORD_TYPES,
    appointment_row,
    dataset_of,
    record_row,
)
from api.store.settling import Settled, let_go, settle
from api.store.tables import appointment, occupation, record
from api.store.transaction import WORLD, Key, Transaction, occupation_row
from engine.checks import check_dataset
from engine.domain import COLLECTIONS, Dataset
from engine.errors import DatasetError
from engine.problems import Problem
from engine.snapshot import Snapshot, take_snapshot

Mode = Literal["new", "merge", "replace"]
"""Into an empty store; beside what is there, where the newer record of an id holds; instead of
what is there.
"""

_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Loading:
    """What loading a dataset does.

    Parameters
    ----------
    dataset
        What the store holds afterwards.
    added, changed, gone
        Records by collection.
    lost
        Appointments of the store that are not there afterwards.
    collisions
        Where appointments collide, or have no session any more, that are ``conflicted`` from now
        on.
    let_go
        Holds of which that is so; they end.
    """

    dataset: Dataset
    added: Counter[str]
    changed: Counter[str]
    gone: Counter[str]
    lost: tuple[str, ...]
    collisions: tuple[Collision, ...]
    let_go: tuple[str, ...]


def load(tx: Transaction, given: Dataset, mode: Mode, agreed: Callable[[Loading], bool]) -> Loading:
    """Put a dataset into the store.

    Parameters
    ----------
    given
        Without errors.
    agreed
        Is told everything before anything is done; what it refuses is not done.

    Raises
    ------
    StoreError
        The store holds a dataset, and nothing is said of what becomes of it.
    DatasetError
        Beside what is there the dataset has errors.
    """
    tx.lock_records(shared=False)
    tx.database.take_time(tx.connection)
    before = read_all(tx.connection)
    if before is not None and mode == "new":
        message = "it holds a dataset. Maybe --merge or --replace is meant"
        raise StoreError([Problem("store_not_empty", tx.database.where, message)])
    wanted = given
    if before is not None and mode == "merge":
        wanted = _merged(before, given)
        report = check_dataset(wanted, urgencies=tx.policy.urgencies.names)
        if report.num_errors:
            raise DatasetError.of(report)
    snapshot = take_snapshot(wanted)
    needs = needs_of(snapshot, tx.policy)
    settled = settle(wanted.appointments, needs, Chart(), _outside(before, snapshot))
    loading = _loading(before, wanted, settled)
    if agreed(loading):
        _write(tx, loading.dataset, settled)
    return loading


def read_all(connection: Connection) -> Dataset | None:
    """The dataset that a store holds, in the order in which it came; ``None``: it is empty."""
    return dataset_of(read_rows(connection))


def read_rows(connection: Connection) -> list[tuple[str, str]]:
    """Its rows as they are kept, each with its kind."""
    query = select(record.c.kind, record.c.body).order_by(record.c.number)
    rows = [(row.kind, row.body) for row in connection.execute(query)]
    promised = select(appointment.c.body).where(appointment.c.status != "cancelled")
    bodies = connection.execute(promised.order_by(appointment.c.number)).scalars()
    return [*rows, *((APPOINTMENTS, body) for body in bodies)]


def _merged(before: Dataset, given: Dataset) -> Dataset:
    """Both, where the given record of an id holds."""
    merged: dict[str, Any] = {}
    for name in COLLECTIONS:
        rows = {row.id: row for row in getattr(before, name)}
        merged[name] = tuple((rows | {row.id: row for row in getattr(given, name)}).values())
    return replace(given, **merged)


def _outside(before: Dataset | None, after: Snapshot) -> dict[str, Collision]:
    """Appointments of the store whose session goes, though they are to stay where they are."""
    if before is None:
        return {}
    conflicted = {row.id for row in before.appointments if row.status == "conflicted"}
    return left_outside(lying(take_snapshot(before)), lying(after), conflicted)


def _loading(before: Dataset | None, wanted: Dataset, settled: Settled) -> Loading:
    after = replace(wanted, appointments=settled.appointments)
    added, changed, gone = Counter[str](), Counter[str](), Counter[str]()
    for name in COLLECTIONS:
        old = {row.id: row for row in getattr(before, name)} if before else {}
        new = {row.id: row for row in getattr(after, name)}
        added[name] = len(new.keys() - old.keys())
        gone[name] = len(old.keys() - new.keys())
        changed[name] = sum(old[key] != new[key] for key in old.keys() & new.keys())
    there = before.appointments if before else ()
    left = {row.id for row in wanted.appointments}
    return Loading(
        dataset=after,
        added=added,
        changed=changed,
        gone=gone,
        lost=tuple(row.id for row in there if row.id not in left),
        collisions=settled.collisions,
        let_go=tuple(let_go(wanted.appointments, settled)),
    )


def _write(tx: Transaction, dataset: Dataset, settled: Settled) -> None:
    """Put everything in place of what is there; a record that is as it was keeps its version."""
    old = _versions(tx.connection)
    holders = select(appointment.c.id, appointment.c.held_by).where(appointment.c.status == "held")
    held_by = {row.id: row.held_by for row in tx.connection.execute(holders)}
    tx.connection.execute(delete(occupation))
    ids = [row.id for row in dataset.appointments]
    live = appointment.c.status != "cancelled"
    tx.connection.execute(delete(appointment).where(live))
    for start in range(0, len(ids), _AT_ONCE):
        again = appointment.c.id.in_(ids[start : start + _AT_ONCE])
        tx.connection.execute(delete(appointment).where(or_(again)))
    tx.connection.execute(delete(record))
    records = [record_row(HEADER, dataset.header)]
    for kind in RECORD_TYPES:
        if kind != HEADER:
            records += [record_row(kind, row) for row in getattr(dataset, kind)]
    for row in records:
        row["version"] = _version(old, row["kind"], row)
    appointments = [appointment_row(row) for row in dataset.appointments]
    for row in appointments:
        row["version"] = _version(old, APPOINTMENTS, row)
        row["held_by"] = held_by.get(row["id"]) if row["status"] == "held" else None
    _insert(tx.connection, record, records)
    _insert(tx.connection, appointment, appointments)
    _insert(tx.connection, occupation, [occupation_row(row) for row in settled.occupied])
    tx.log_all(_loaded(old, [*records, *(row | {"kind": APPOINTMENTS} for row in appointments)]))


def _loaded(old: Mapping[Key, tuple[int, str]], new: Iterable[dict[str, Any]]) -> Entry:
    """One word for all: what there was, and what there is."""
    before = summary((*key, *value) for key, value in old.items())
    after = summary((row["kind"], row["id"], row["version"], row["body"]) for row in new)
    return Entry("loaded", WORLD, "", before if old else None, after)


def _insert(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        connection.execute(insert(table), rows[start : start + _AT_ONCE])


def _versions(connection: Connection) -> dict[tuple[str, str], tuple[int, str]]:
    """Version and body of everything, by kind and id."""
    found = {
        (row.kind, row.id): (row.version, row.body)
        for row in connection.execute(
            select(record.c.kind, record.c.id, record.c.version, record.c.body)
        )
    }
    query = select(appointment.c.id, appointment.c.version, appointment.c.body)
    for row in connection.execute(query):
        found[APPOINTMENTS, row.id] = (row.version, row.body)
    return found


def _version(
    old: Mapping[tuple[str, str], tuple[int, str]], kind: str, row: Mapping[str, Any]
) -> int:
    version, body = old.get((kind, row["id"]), (0, None))
    return version if body == row["body"] else version + 1
