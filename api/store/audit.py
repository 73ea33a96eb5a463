"""The audit: a row for every change, bound to the row before it by its SHA-256.

Rows hold hashes of what was changed, under a key of the store; what it was stands beside them,
and can be erased without that any link breaks.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from api.store.access_tables import audit, audit_body, audit_head

FIRST_LINK = "0" * 64
"""Before the first row."""

_SALT_BYTES = 16
_SAID = ("number", "at", "actor", "action", "kind", "subject", "before", "after")


@dataclass(frozen=True, slots=True)
class Entry:
    """A change.

    Parameters
    ----------
    action
        ``created``, ``changed``, ``deleted``, ``expired``, ``loaded`` or ``forgotten``.
    kind, id
        What was changed.
    before, after
        What it was, and what it is; ``None``: there was none, or is none any more.
    is_bare
        Whether the id, and what it was, are not kept beside their hashes.
    """

    action: str
    kind: str
    id: str
    before: str | None
    after: str | None
    is_bare: bool = False


@dataclass(frozen=True, slots=True)
class Noted:
    """A change, who made it, and when by the database's clock."""

    entry: Entry
    actor: str
    at: int


@dataclass(frozen=True, slots=True)
class Head:
    """Where an audit ends: kept elsewhere, it tells whether anything before it was changed.

    Parameters
    ----------
    number
        How many rows there are.
    link
        Of the last one.
    """

    number: int
    link: str


def head_of(connection: Connection) -> Head:
    """Where the audit ends, as it says itself."""
    row = connection.execute(select(audit_head)).one_or_none()
    return Head(0, FIRST_LINK) if row is None else Head(int(row.number), row.link)


def secret_of(connection: Connection) -> str:
    """The key of a store's hashes; drawn when it is first needed."""
    return _opened(connection)[0]


def write(connection: Connection, changes: Sequence[Noted]) -> None:
    """Add rows at the end, where nobody else can be meanwhile."""
    secret, head = _opened(connection)
    rows, bodies = [], []
    for number, noted in enumerate(changes, head.number + 1):
        entry = noted.entry
        salt = secrets.token_hex(_SALT_BYTES)
        row: dict[str, Any] = {
            "number": number,
            "at": noted.at,
            "actor": noted.actor,
            "action": entry.action,
            "kind": entry.kind,
            "subject": hash_of_subject(secret, entry.kind, entry.id),
            "before": hash_of_body(secret, salt, entry.before),
            "after": hash_of_body(secret, salt, entry.after),
        }
        head = Head(number, link_of(row, head.link))
        rows.append(row | {"link": head.link})
        body = {"number": number, "salt": salt, "id": entry.id, "before": entry.before}
        if entry.is_bare:
            body |= {"id": "", "before": None}
        bodies.append(body | {"after": entry.after})
    for table, values in ((audit, rows), (audit_body, bodies)):
        connection.execute(insert(table), values if len(values) > 1 else values[0])  # it is quicker
    connection.execute(update(audit_head).values(number=head.number, link=head.link))


def link_of(row: Any, before: str) -> str:
    """SHA-256 over a row and the link of the one before."""
    said = [row[name] for name in _SAID]
    return hashlib.sha256(json.dumps([*said, before]).encode()).hexdigest()


def hash_of_subject(secret: str, kind: str, id: str) -> str:
    """What stands for an id: the same in every row of the store."""
    return _hash(secret, "subject", kind, id)


def hash_of_body(secret: str, salt: str, body: str | None) -> str | None:
    """What stands for a body: without the salt, nobody can try out what it was."""
    return None if body is None else _hash(secret, "body", salt, body)


def content_of(row: Row[Any] | None) -> str | None:
    """A row of a record or an appointment, as the audit keeps it."""
    if row is None:
        return None
    said = {"version": row.version}
    if "status" in row._fields:
        names = ("status", "held_until", "held_by", "reason")
        said |= {name: getattr(row, name) for name in names if getattr(row, name) is not None}
    return f'{json.dumps(said, ensure_ascii=False)[:-1]}, "body": {row.body}}}'


def summary(rows: Iterable[tuple[str, str, int, str]]) -> str:
    """Very many records (kind, id, version, body) as one: how many, and their hash."""
    digest, number = hashlib.sha256(), 0
    for row in sorted(rows):
        number += 1
        digest.update(json.dumps(row).encode())
    return json.dumps({"records": number, "sha256": digest.hexdigest()})


def _opened(connection: Connection) -> tuple[str, Head]:
    row = connection.execute(select(audit_head)).one_or_none()
    if row is not None:
        return row.secret, Head(int(row.number), row.link)
    secret = secrets.token_hex(32)
    new = {"one": 1, "secret": secret, "number": 0, "link": FIRST_LINK}
    connection.execute(insert(audit_head), [new])
    return secret, Head(0, FIRST_LINK)


def _hash(secret: str, *words: str) -> str:
    said = json.dumps(words).encode()
    return hmac.new(bytes.fromhex(secret), said, hashlib.sha256).hexdigest()
