"""What the parts of one transaction have changed: written at its end, once for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert

from api.store import audit
from api.store.database import Database
from api.store.tables import change

_CHANGES = "changes"


class InTheWayError(Exception):
    """A part cannot be done now: others hold a lock for which it may not wait, or parts before it
    have changed what it has to look at from outside.
    """


@dataclass(slots=True)
class Ledger:
    """The log of changes, the audit and the locks of a transaction.

    Parameters
    ----------
    database, connection
        Where.
    """

    database: Database
    connection: Connection
    _changed: list[tuple[str, str]] = field(default_factory=list)
    _noted: list[audit.Noted] = field(default_factory=list)
    _held: set[tuple[str, bool]] = field(default_factory=set)
    _is_patient: bool = True

    @contextmanager
    def part(self, *, patient: bool = True) -> Iterator[None]:
        """A part that can be taken back alone, with all that it noted, by whatever it raises.

        Parameters
        ----------
        patient
            Whether it may wait for locks. Parts take theirs in an order of their own: where only
            the first of a transaction waits, nobody waits in a circle.
        """
        marks = len(self._changed), len(self._noted), set(self._held), self._is_patient
        self._is_patient = self._is_patient and patient
        try:
            with self.connection.begin_nested():
                yield
        except BaseException:
            del self._changed[marks[0] :], self._noted[marks[1] :]
            self._held = marks[2]
            raise
        finally:
            self._is_patient = marks[3]

    def lock(self, names: Iterable[str], *, shared: bool = False) -> None:
        """Hold some names to the end of the transaction, or of a part that is taken back.

        Raises
        ------
        InTheWayError
            Others hold one of them, and this part does not wait.
        """
        wanted = [name for name in names if not self._holds(name, shared=shared)]
        if not wanted:
            return
        if self._is_patient:
            self.database.lock(self.connection, wanted, shared=shared)
        elif not self.database.try_lock(self.connection, wanted, shared=shared):
            raise InTheWayError
        self._held |= {(name, shared) for name in wanted}

    def require_nothing_changed(self) -> None:
        """Leave a part for later where those before it have changed what nobody else sees yet.

        Raises
        ------
        InTheWayError
            They have.
        """
        if self._changed:
            raise InTheWayError

    def add(self, changed: Iterable[tuple[str, str]], noted: Sequence[audit.Noted]) -> None:
        """Note what a part has changed."""
        self._changed += changed
        self._noted += noted

    def write(self) -> None:
        """Write down what changed: in the order of commits, so that nobody who reads on from
        where they were can miss what was committed later. It is the last lock of everybody.
        """
        if self._changed or self._noted:
            self.database.lock(self.connection, [_CHANGES])
        if self._changed:
            rows = [{"kind": kind, "id": id} for kind, id in self._changed]
            self.connection.execute(insert(change), rows)
        if self._noted:
            audit.write(self.connection, self._noted)

    def _holds(self, name: str, *, shared: bool) -> bool:
        return (name, False) in self._held or (shared and (name, True) in self._held)
