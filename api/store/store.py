"""The store as routes and commands see it: small operations, each one transaction."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, TypeVar

from sqlalchemy import ColumnElement, Connection, func, or_, select

from api.store import loading, placing, putting
from api.store.database import Database
from api.store.errors import Collision, NotThereError, StoreError
from api.store.loading import Loading, Mode
from api.store.placing import Place
from api.store.promised import Page, Promised, promised
from api.store.rows import HEADER, instant, record_of
from api.store.tables import appointment, change, record
from api.store.transaction import NOBODY, Transaction
from engine.domain import Dataset
from engine.policy import Policy
from engine.problems import Problem, shown

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A record and its version."""

    kind: str
    record: Any
    version: int


@dataclass(frozen=True, slots=True)
class Change:
    """Something that changed: to be read anew, as it is by now.

    Parameters
    ----------
    sequence
        Grows from commit to commit.
    kind, id
        A collection and an id; ``dataset`` and nothing: everything.
    """

    sequence: int
    kind: str
    id: str


class Store:
    """What is known and what is promised.

    Parameters
    ----------
    database
        Where it is kept.
    policy
        Says what appointments occupy, and how many seats there are; the same for all who use
        the store.
    actor
        Who changes it, for the audit: the id of a key, or somebody at the command line.
    """

    def __init__(
        self, database: Database, policy: Policy | None = None, actor: str = NOBODY
    ) -> None:
        self.database = database
        self.policy = policy or Policy.default()
        self._actor = actor

    def by(self, actor: str) -> Self:
        """The same store, changed by somebody: ``store.by(key_id).book(…)``."""
        other = copy(self)
        other._actor = actor  # noqa: SLF001 its own
        return other

    # What is there

    def dataset(self) -> Dataset:
        """Everything, as a dataset.

        Raises
        ------
        StoreError
            There is none.
        """
        with self.database.reading() as connection:
            found = loading.read_all(connection)
        if found is None:
            message = "it holds no dataset. Maybe slotmatch load puts one in"
            raise StoreError([Problem("empty_store", self.database.where, message)])
        return found

    def record(self, kind: str, id: str = HEADER) -> Recorded:
        """One record; of the header, ``header``.

        Raises
        ------
        NotThereError
            There is none.
        """
        query = select(record).where(record.c.kind == kind, record.c.id == id)
        with self.database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotThereError(f"there is no {kind}/{shown(id)}")
        return Recorded(kind, record_of(kind, row.body), row.version)

    def appointment(self, id: str) -> Promised:
        """One appointment, cancelled ones too; holds that are over are none.

        Raises
        ------
        NotThereError
            There is none.
        """
        query = select(appointment).where(appointment.c.id == id, self._counts())
        with self.database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotThereError(f"there is no appointment {shown(id)}")
        return promised(row)

    def appointments(
        self, after: str | None = None, limit: int = 100, status: str | None = None
    ) -> Page:
        """Appointments in the order of their ids, which no change disturbs.

        Parameters
        ----------
        after
            Where the page before ended.
        status
            Only these; by default all.
        """
        query = select(appointment).where(self._counts())
        query = query.order_by(appointment.c.id).limit(limit + 1)
        if after is not None:
            query = query.where(appointment.c.id > after)
        if status is not None:
            query = query.where(appointment.c.status == status)
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
        more = rows[limit - 1].id if len(rows) > limit else None
        return Page(tuple(promised(row) for row in rows[:limit]), more)

    def _counts(self) -> ColumnElement[bool]:
        """Whether an appointment is no hold that is over."""
        held_until = appointment.c.held_until
        return or_(appointment.c.status != "held", held_until > self.database.now)

    def changes(self, since: int = 0, limit: int = 1_000) -> tuple[Change, ...]:
        """What changed after a sequence; nothing that is committed later comes before it."""
        query = select(change).where(change.c.sequence > since).order_by(change.c.sequence)
        with self.database.reading() as connection:
            rows = connection.execute(query.limit(limit)).all()
        return tuple(Change(row.sequence, row.kind, row.id) for row in rows)

    def last_change(self) -> int:
        """The sequence of the last change; 0: there was none."""
        with self.database.reading() as connection:
            return last_sequence(connection)

    def now(self) -> datetime:
        """The database's clock, in whole seconds."""
        with self.database.reading() as connection:
            return instant(connection.execute(select(self.database.now)).scalar_one())

    # What is changed

    def load(
        self,
        dataset: Dataset,
        mode: Mode = "new",
        agreed: Callable[[Loading], bool] = lambda _: True,
    ) -> Loading:
        """Put a whole dataset in; ``agreed`` is told what that does before anything is done.

        Raises
        ------
        StoreError, DatasetError
            It holds one already; or the two do not go together.
        """
        return self._done(lambda tx: loading.load(tx, dataset, mode, agreed))

    def put(
        self, kind: str, value: Any, expected: int | None = None, *, breaking: bool = False
    ) -> tuple[int, tuple[Collision, ...]]:
        """Write one record; its version, and the collisions of appointments that it makes.

        Parameters
        ----------
        expected
            Version that it must have; 0: it must be new; ``None``: whatever.
        breaking
            Whether appointments may collide because of it: they are ``conflicted`` then, and
            holds end.

        Raises
        ------
        OtherVersionError, UnfitError, BreaksError, NotThereError
        """
        return self._done(lambda tx: putting.put(tx, kind, value, expected, breaking=breaking))

    def hold(self, request_id: str, place: Place, seconds: int, key: str) -> Promised:
        """Take a place for a request until so many seconds have passed.

        Raises
        ------
        TakenError
            Somebody has it, or something that it needs.
        UnfitError
            It is no place of its role; or the request has one.
        NotThereError
            There is no such role or request.
        """
        return self._done(lambda tx: placing.hold(tx, request_id, place, seconds, key))

    def book(self, id: str, key: str) -> Promised:
        """Make a hold an appointment.

        Raises
        ------
        NotHeldError
            It is over, or another key's, or booked.
        NotThereError
            It is gone.
        """
        return self._done(lambda tx: placing.book(tx, id, key))

    def move(
        self,
        id: str,
        place: Place,
        key: str | None = None,
        expected: int | None = None,
    ) -> Promised:
        """Put an appointment elsewhere; a conflicted one is booked then.

        Parameters
        ----------
        key
            Whose hold it is, if it is one.
        expected
            Version that it must have.

        Raises
        ------
        TakenError, UnfitError, NotThereError, NotHeldError, OtherVersionError
            It is where it was.
        """
        return self._done(lambda tx: placing.move(tx, id, place, key, expected))

    def cancel(
        self,
        id: str,
        reason: str,
        key: str | None = None,
        expected: int | None = None,
    ) -> Promised:
        """Give a place back; the parameters are those of ``move``.

        Raises
        ------
        NotThereError, NotHeldError, OtherVersionError
        """
        return self._done(lambda tx: placing.cancel(tx, id, reason, key, expected))

    def expire(self) -> None:
        """End every hold whose time is over: whoever wants its place would do it too."""
        self._done(lambda tx: tx.expire_all())

    def run(self, work: Callable[[Transaction], T]) -> T:
        """Do some work of another kind in one transaction."""
        return self._done(work)

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def _done(self, work: Callable[[Transaction], T]) -> T:
        """Do some work in one transaction, with the log of what it changed."""

        def do(connection: Connection) -> T:
            tx = Transaction(self.database, connection, self.policy, self._actor)
            result = work(tx)
            tx.finish()
            return result

        return self.database.write(do)


def last_sequence(connection: Connection) -> int:
    """The last change that a connection sees; 0: there was none."""
    return int(connection.execute(select(func.max(change.c.sequence))).scalar_one() or 0)
