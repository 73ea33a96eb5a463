"""A database as the store uses it: one way to read, one to write, one clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, Connection

T = TypeVar("T")

MOST_TRIES = 4
"""The first, and three more."""


class Database(Protocol):
    """SQLite or PostgreSQL."""

    where: str
    """Its address, without a password."""

    @property
    def now(self) -> ColumnElement[int]:
        """The database's own clock: whole seconds since 1970, as it is when this is read."""

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection that cannot write, and sees one state of things.

        Raises
        ------
        DatabaseError
            Inside, where the database fails.
        """

    def write(self, work: Callable[[Connection], T], tries: int = MOST_TRIES) -> T:
        """Do some work in a transaction; whatever it raises, nothing of it is left.

        Parameters
        ----------
        work
            It may be called again, from the beginning, where others were in the way.
        tries
            How often at most.

        Raises
        ------
        DatabaseError
            The database fails, and will again.
        """

    def lock(self, connection: Connection, names: Iterable[str], *, shared: bool = False) -> None:
        """Wait until nobody else holds any of some names, and hold them to the end of the
        transaction; with others who share them, if ``shared``.

        All at once, in one order for everybody. Where only one can write at all, there is
        nothing to wait for.
        """

    def try_lock(
        self, connection: Connection, names: Iterable[str], *, shared: bool = False
    ) -> bool:
        """The same without waiting; where it fails, some of them may be held."""

    def said(self) -> AbstractContextManager[None]:
        """Raise what the database raises inside at once, as ``write`` would in the end; a savepoint
        around it can be taken back.

        Raises
        ------
        DatabaseError
            The database failed.
        """

    def take_time(self, connection: Connection) -> None:
        """Let this transaction, and no other, take as long as it takes."""

    def check(self) -> list[str]:
        """Everything that is wrong with it, in sentences; it reads all there is."""

    def close(self) -> None:
        """Let go of every connection."""

    def facts(self) -> dict[str, Any]:
        """What it runs on, for people."""
