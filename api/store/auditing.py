"""Whether an audit is what was written: every row, in its place, and none too few."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, select

from api.store.access_tables import audit, audit_body, audit_head
from api.store.audit import (
    FIRST_LINK,
    Head,
    hash_of_body,
    hash_of_subject,
    head_of,
    link_of,
)
from api.store.database import Database

FORGOTTEN = "forgotten"
"""Action of a row that names the rows of which the bodies were erased."""

_AT_ONCE = 2_000
_MOST_SAID = 20


@dataclass(slots=True)
class Verdict:
    """What was found.

    Parameters
    ----------
    head
        The last row that there is.
    num_erased
        Rows of which the bodies were erased, by a row that says so.
    num_faults
        What is wrong; of more than a few only their number is known.
    faults
        Sentences.
    """

    head: Head = field(default_factory=lambda: Head(0, FIRST_LINK))
    num_erased: int = 0
    num_faults: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, fault: str) -> None:
        """Note what is wrong."""
        self.num_faults += 1
        if len(self.faults) < _MOST_SAID:
            self.faults.append(fault)


def head(database: Database) -> Head:
    """Where the audit of a store ends."""
    with database.reading() as connection:
        return head_of(connection)


def verify(database: Database, known: Head | None = None) -> Verdict:
    """Read the whole audit, and judge it.

    Parameters
    ----------
    known
        Where it ended at some time, as it was kept elsewhere.
    """
    with database.reading() as connection:
        return _Judge(connection, known).verdict


class _Judge:
    """Goes from row to row."""

    def __init__(self, connection: Connection, known: Head | None) -> None:
        self.verdict = Verdict()
        self._known = known
        self._bare: set[int] = set()
        self._erased: set[int] = set()
        row = connection.execute(select(audit_head)).one_or_none()
        self._secret = "" if row is None else str(row.secret)
        for found in _rows(connection):
            self._judge(found)
        self._judge_end(connection)

    def _judge(self, row: Row[Any]) -> None:
        last, add = self.verdict.head, self.verdict.add
        if row.number != last.number + 1:
            add(f"{_span(last.number + 1, row.number - 1)} missing")
        if link_of(row._mapping, last.link) != row.link:  # noqa: SLF001 its public name
            add(f"row {row.number} is not what was written there, or not after what stands before")
        if row.salt is None:
            self._bare.add(row.number)
        elif not self._has_its_bodies(row):
            add(f"row {row.number}: what stands beside it is not what was changed")
        elif row.action == FORGOTTEN:
            self._erased |= set(json.loads(row.body_after)["erased"])
        self.verdict.head = Head(row.number, row.link)
        if self._known and self._known.number == row.number and self._known.link != row.link:
            add(f"row {row.number} is not the one that was kept elsewhere")

    def _has_its_bodies(self, row: Row[Any]) -> bool:
        if not self._secret:
            return False
        after = hash_of_body(self._secret, row.salt, row.body_after)
        if row.action == FORGOTTEN:  # who it was, and what there was, is kept as hashes alone
            return after == row.after
        subject = hash_of_subject(self._secret, row.kind, row.id)
        before = hash_of_body(self._secret, row.salt, row.body_before)
        return (subject, before, after) == (row.subject, row.before, row.after)

    def _judge_end(self, connection: Connection) -> None:
        verdict, stated = self.verdict, head_of(connection)
        if stated != verdict.head:
            verdict.add(f"it should end with row {stated.number}, link {stated.link}")
        if self._known is not None and self._known.number > verdict.head.number:
            verdict.add(f"it had {self._known.number} rows when that was kept elsewhere")
        for number in sorted(self._bare - self._erased):
            verdict.add(f"row {number}: what was changed is gone, and was not forgotten")
        verdict.num_erased = len(self._bare & self._erased)


def _rows(connection: Connection) -> Iterator[Row[Any]]:
    """Every row with what stands beside it, in order."""
    beside = (audit_body.c.salt, audit_body.c.id, audit_body.c.before.label("body_before"))
    query = select(audit, *beside, audit_body.c.after.label("body_after"))
    query = query.outerjoin_from(audit, audit_body, audit.c.number == audit_body.c.number)
    after: int | None = None
    while True:
        some = query if after is None else query.where(audit.c.number > after)
        rows = connection.execute(some.order_by(audit.c.number).limit(_AT_ONCE)).all()
        yield from rows
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1].number


def _span(first: int, last: int) -> str:
    return f"row {first} is" if first == last else f"rows {first} to {last} are"
