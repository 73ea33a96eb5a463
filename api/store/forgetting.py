"""Forget a patient: what names the person goes; what happened stays, as nobody's.

Visits that are over stay, so that what doctors did can still be counted: their requests and
appointments have other ids then, and a patient of whom nothing is known.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, or_, select, update

from api.store.access_tables import audit, audit_body
from api.store.audit import Entry, content_of, hash_of_subject, secret_of
from api.store.auditing import FORGOTTEN
from api.store.database import Database
from api.store.errors import NotThereError, StillPromisedError
from api.store.rows import APPOINTMENTS, appointment_row, record_of, record_row
from api.store.sqlite import Sqlite
from api.store.store import Store
from api.store.tables import answer, appointment, change, occupation, plan, record
from api.store.transaction import Key, Transaction
from engine.domain import Patient, Request
from engine.problems import shown

ERRAND = "appointment "
"""How the home of a doctor begins who is in no session (``engine.occupied``)."""

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What went, and what stayed as nobody's.

    Parameters
    ----------
    requests, appointments
        How many went.
    kept
        Appointments that stayed.
    erased
        Rows of the audit of which the bodies went.
    """

    requests: int
    appointments: int
    kept: int
    erased: int


def forget(store: Store, patient_id: str) -> Forgotten:
    """Erase a person from a store, in one transaction; a row of its audit says that it was done.

    Raises
    ------
    NotThereError
        There is no such patient.
    StillPromisedError
        Some appointment is not over.
    """
    found = store.run(lambda tx: _Forgetting(tx, patient_id).done())
    _scrub(store.database)
    return found


class _Forgetting:
    """One transaction of it."""

    def __init__(self, tx: Transaction, patient_id: str) -> None:
        self._tx = tx
        self._connection = tx.connection
        tx.lock_records(shared=False)
        self._patient_id = patient_id
        self._patient = self._record("patients", patient_id)
        owned = and_(record.c.kind == "requests", record.c.owner == patient_id)
        self._requests = self._connection.execute(select(record).where(owned)).all()
        self._places = self._their_places([row.id for row in self._requests])

    def done(self) -> Forgotten:
        """Do it all."""
        now = self._tx.now()
        promised = [row.id for row in self._places if _is_promised(row, now)]
        if promised:
            raise StillPromisedError(sorted(promised))
        over = [row for row in self._places if row.status in ("booked", "conflicted")]
        names = {("requests", str(row.request_id)): _nobody() for row in over}
        names |= {(APPOINTMENTS, row.id): _nobody() for row in over}
        gone = {("patients", self._patient_id)}
        gone |= {("requests", row.id) for row in self._requests}
        gone |= {(APPOINTMENTS, row.id) for row in self._places}
        gone |= self._free_links(names)
        nobody = self._leave_nobody() if over else None
        self._leave_requests(names, nobody)
        self._leave_places(over, names, nobody)
        self._forget_changes(gone)
        self._forget_answers(gone)
        erased = self._erase_bodies(gone)
        self._note(len(self._requests), len(self._places) - len(over), len(over), erased)
        kept = len({str(row.request_id) for row in over})
        return Forgotten(
            len(self._requests) - kept, len(self._places) - len(over), len(over), len(erased)
        )

    def _record(self, kind: str, id: str) -> Row[Any]:
        query = select(record).where(record.c.kind == kind, record.c.id == id)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotThereError(f"there is no {kind}/{shown(id)}")
        return row

    def _their_places(self, ids: Sequence[str]) -> list[Row[Any]]:
        found: list[Row[Any]] = []
        for some in _pieces(ids):
            query = select(appointment).where(appointment.c.request_id.in_(some))
            found += self._connection.execute(query).all()
        return found

    def _free_links(self, names: Mapping[Key, str]) -> set[Key]:
        """Take their requests out of links; a link of one request is none."""
        theirs = {row.id for row in self._requests}
        changed: set[Key] = set()
        query = select(record).where(record.c.kind == "links")
        for row in self._connection.execute(query).all():
            link = record_of("links", row.body)
            if theirs.isdisjoint(link.request_ids):
                continue
            changed.add(("links", row.id))
            left = [names.get(("requests", name), name) for name in link.request_ids
                    if name not in theirs or ("requests", name) in names]  # fmt: skip
            if len(left) < 2:
                self._connection.execute(delete(record).where(record.c.number == row.number))
            else:
                self._rewrite(row, replace(link, id=_nobody(), request_ids=tuple(left)))
        return changed

    def _leave_nobody(self) -> str:
        """Write somebody of whom nothing is known in place of the patient."""
        name = _nobody()
        self._rewrite(self._patient, Patient(id=name))
        return name

    def _leave_requests(self, names: Mapping[Key, str], nobody: str | None) -> None:
        for row in self._requests:
            name = names.get(("requests", row.id))
            if name is None or nobody is None:
                self._connection.execute(delete(record).where(record.c.number == row.number))
                continue
            asked: Request = record_of("requests", row.body)
            bare = Request(
                id=name,
                patient_id=nobody,
                visit_type_id=asked.visit_type_id,
                specialty=asked.specialty,
                created=asked.created,
                urgency=asked.urgency,
            )
            self._rewrite(row, bare)
        if nobody is None:
            self._connection.execute(delete(record).where(record.c.number == self._patient.number))

    def _leave_places(
        self, over: Sequence[Row[Any]], names: Mapping[Key, str], nobody: str | None
    ) -> None:
        kept = {row.id for row in over}
        for row in self._places:
            same = appointment.c.number == row.number
            if row.id not in kept:
                self._connection.execute(delete(appointment).where(same))
                continue
            made = replace(
                record_of(APPOINTMENTS, row.body),
                id=names[APPOINTMENTS, row.id],
                request_id=names["requests", row.request_id],
                source="",
            )
            values = appointment_row(made) | {"version": row.version + 1}
            self._connection.execute(update(appointment).where(same).values(values))
            old, new = f"{ERRAND}{row.id}", f"{ERRAND}{made.id}"
            errand = update(occupation).where(occupation.c.home == old).values(home=new)
            self._connection.execute(errand)
        theirs = and_(occupation.c.kind == "patient", occupation.c.id == self._patient_id)
        self._connection.execute(update(occupation).where(theirs).values(id=nobody))

    def _rewrite(self, row: Row[Any], made: Any) -> None:
        values = record_row(row.kind, made) | {"version": row.version + 1}
        same = record.c.number == row.number
        self._connection.execute(update(record).where(same).values(values))

    def _forget_changes(self, gone: set[Key]) -> None:
        """Whoever reads on reads everything anew, so that nothing of before is needed."""
        for kind in {kind for kind, _ in gone}:
            for some in _pieces([id for other, id in gone if other == kind]):
                query = delete(change).where(change.c.kind == kind, change.c.id.in_(some))
                self._connection.execute(query)

    def _forget_answers(self, gone: set[Key]) -> None:
        """What clients were told of them is told to nobody again, nor is it ever committed."""
        for id in sorted({id for _, id in gone}):
            is_named = or_(answer.c.hold_id == id, _is_named(answer.c.body, id))
            self._connection.execute(delete(answer).where(is_named))
            self._connection.execute(delete(plan).where(_is_named(plan.c.body, id)))

    def _erase_bodies(self, gone: set[Key]) -> list[int]:
        """Erase what stands beside rows of the audit that are about them, or name them."""
        secret, numbers = secret_of(self._connection), set[int]()
        subjects = [hash_of_subject(secret, kind, id) for kind, id in gone]
        for some in _pieces(subjects):
            query = select(audit.c.number).where(audit.c.subject.in_(some))
            numbers |= set(self._connection.execute(query).scalars())
        for id in sorted({id for _, id in gone}):
            numbers |= set(self._connection.execute(_naming(id)).scalars())
        listed = sorted(numbers)
        bodies = audit_body.c.number
        there = [
            number
            for some in _pieces(listed)
            for number in self._connection.execute(select(bodies).where(bodies.in_(some))).scalars()
        ]
        for some in _pieces(there):
            self._connection.execute(delete(audit_body).where(bodies.in_(some)))
        return sorted(there)

    def _note(self, requests: int, went: int, kept: int, erased: Sequence[int]) -> None:
        said = {"requests": requests, "appointments": went, "kept": kept, "erased": list(erased)}
        before = content_of(self._patient)
        note = Entry(
            FORGOTTEN, "patients", self._patient_id, before, json.dumps(said), is_bare=True
        )
        self._tx.log_all(note)


def _naming(id: str) -> Any:
    """Bodies in which a word is written."""
    holds = (_is_named(column, id) for column in (audit_body.c.before, audit_body.c.after))
    return select(audit_body.c.number).where(or_(*holds))


def _is_named(column: ColumnElement[str], id: str) -> ColumnElement[bool]:
    """Whether a word is written in JSON, told apart by its case: LIKE would not everywhere."""
    return func.replace(column, json.dumps(id, ensure_ascii=False), "") != column


def _is_promised(row: Row[Any], now: int) -> bool:
    if row.status == "held":
        return bool(row.held_until > now)
    return row.status != "cancelled" and bool(row.end > now)


def _nobody() -> str:
    """An id that means nothing."""
    return f"forgotten-{secrets.token_hex(8)}"


def _pieces(values: Sequence[Any]) -> list[Sequence[Any]]:
    return [values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE)]


def _scrub(database: Database) -> None:
    """Leave nothing of it in the pages of a file that are free, nor in its log."""
    if not isinstance(database, Sqlite):
        return
    connection = sqlite3.connect(database.where, isolation_level=None, timeout=30)
    try:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.close()
