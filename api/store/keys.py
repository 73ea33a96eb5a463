"""Keys of those who may ask: made, listed and revoked; the store knows their digests alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from api.scopes import SCOPES, Scope
from api.store.access_tables import access_key
from api.store.audit import Entry
from api.store.database import Database
from api.store.errors import NotThereError
from api.store.rows import instant
from api.store.secret import digest_of, new_key, require_strong
from api.store.transaction import NOBODY, Transaction
from engine.errors import InvalidInputError
from engine.policy import Policy
from engine.problems import Problem, shown

KEYS = "keys"
"""Kind of a key in the audit."""

MAX_NAME = 200
_AUDITED = ("name", "scopes", "created", "expires", "revoked", "hold_seconds")


@dataclass(frozen=True, slots=True)
class Key:
    """A key as the store knows it.

    Parameters
    ----------
    id
        Stands in the key itself, in the audit, and at holds.
    name
        Whose it is, for people.
    digest
        SHA-256 of the key.
    scopes
        What it may do.
    created, expires, revoked
        When, by the database's clock; ``None``: not.
    hold_seconds
        No hold of its lasts longer; ``None``: as long as any may.
    """

    id: str
    name: str
    digest: str
    scopes: tuple[Scope, ...]
    created: datetime
    expires: datetime | None = None
    revoked: datetime | None = None
    hold_seconds: int | None = None

    def holds_at(self, moment: datetime) -> bool:
        """Whether it is neither revoked nor over."""
        return self.revoked is None and (self.expires is None or moment < self.expires)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a store.

    Parameters
    ----------
    database
        Where they are kept.
    actor
        Who makes and revokes them, for the audit.
    """

    database: Database
    actor: str = NOBODY

    def create(
        self,
        name: str,
        scopes: Sequence[Scope],
        lifetime: timedelta | None = None,
        given: str | None = None,
        hold_seconds: int | None = None,
    ) -> str:
        """Make a key; its text is returned, and nowhere else.

        Parameters
        ----------
        lifetime
            After which it is of no use; ``None``: it is for good.
        given
            Its text, if somebody made one already.
        hold_seconds
            No hold of its lasts longer; ``None``: as long as any may.

        Raises
        ------
        InvalidInputError
            It is weak, or its id is another key's; or it may do nothing.
        """
        _require_usable(name, scopes)
        id, text = new_key() if given is None else (require_strong(given), given)

        def add(connection: Connection) -> None:
            if _row(connection, id) is not None:
                message = "its id is that of another key"
                raise InvalidInputError([Problem("duplicate_id", "key", message)])
            now = connection.execute(select(self.database.now)).scalar_one()
            row = {
                "id": id,
                "name": name,
                "digest": digest_of(text),
                "scopes": " ".join(scope for scope in SCOPES if scope in scopes),
                "created": now,
                "expires": None if lifetime is None else now + int(lifetime.total_seconds()),
                "hold_seconds": hold_seconds,
            }
            connection.execute(insert(access_key), [row])
            self._note(connection, id, None)

        self.database.write(add)
        return text

    def revoke(self, id: str) -> Key:
        """End a key; one that is revoked stays so.

        Raises
        ------
        NotThereError
            There is none of that id.
        """

        def end(connection: Connection) -> Row[Any]:
            row = _row(connection, id)
            if row is None:
                raise NotThereError(f"there is no key {shown(id)}")
            if row.revoked is None:
                now = connection.execute(select(self.database.now)).scalar_one()
                same = access_key.c.id == id
                connection.execute(update(access_key).where(same).values(revoked=now))
                self._note(connection, id, row)
            return connection.execute(select(access_key).where(access_key.c.id == id)).one()

        return _key(self.database.write(end))

    def _note(self, connection: Connection, id: str, before: Row[Any] | None) -> None:
        """Write down what changed, in the same transaction."""
        tx = Transaction(self.database, connection, Policy.default(), self.actor)
        action = "created" if before is None else "changed"
        after = _row(connection, id)
        tx.note(Entry(action, KEYS, id, _content(before), _content(after)))
        tx.finish()

    def all(self) -> tuple[datetime, tuple[Key, ...]]:
        """The time by the database's clock, and every key there ever was."""
        with self.database.reading() as connection:
            now = connection.execute(select(self.database.now)).scalar_one()
            rows = connection.execute(select(access_key).order_by(access_key.c.number)).all()
        return instant(now), tuple(_key(row) for row in rows)


def _require_usable(name: str, scopes: Sequence[Scope]) -> None:
    if not name.strip() or len(name) > MAX_NAME or not name.isprintable():
        message = f"a name has 1 to {MAX_NAME} printable signs"
        raise InvalidInputError([Problem("bad_text", "name", message)])
    if not scopes:
        message = f"a key needs a scope: {', '.join(SCOPES)}"
        raise InvalidInputError([Problem("missing_field", "scope", message)])


def _row(connection: Connection, id: str) -> Row[Any] | None:
    return connection.execute(select(access_key).where(access_key.c.id == id)).one_or_none()


def _content(row: Row[Any] | None) -> str | None:
    """A key as the audit keeps it: all but what could be guessed from."""
    if row is None:
        return None
    return json.dumps({name: getattr(row, name) for name in _AUDITED}, ensure_ascii=False)


def _key(row: Row[Any]) -> Key:
    return Key(
        id=row.id,
        name=row.name,
        digest=row.digest,
        scopes=tuple(scope for scope in SCOPES if scope in row.scopes.split()),
        created=instant(row.created),
        expires=None if row.expires is None else instant(row.expires),
        revoked=None if row.revoked is None else instant(row.revoked),
        hold_seconds=row.hold_seconds,
    )
