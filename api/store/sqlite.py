"""The store in one SQLite file, for one process: one connection writes, others read."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    Integer,
    QueuePool,
    create_engine,
    event,
    literal_column,
)
from sqlalchemy.exc import DBAPIError

from api.store.errors import BusyError, DatabaseError, FullError, OverlapError, StoreError
from api.store.saying import said
from api.store.schema import bring_up
from api.store.turns import Turns
from engine.problems import Problem

T = TypeVar("T")

_FULL_SYNC = 2
_BUSY_MILLISECONDS = 5_000  # another process, such as a backup or a load
_WAIT_SECONDS = 10.0
_READERS = 8
_SAFE = (3, 51, 3)
"""Before it, two connections that checkpoint at once could spoil a file: only the writer does."""

_DAMAGED = {"SQLITE_NOTADB", "SQLITE_CORRUPT"}
_KINDS: dict[str, type[DatabaseError]] = {
    "SQLITE_CONSTRAINT_TRIGGER": OverlapError,
    "SQLITE_BUSY": BusyError,
    "SQLITE_LOCKED": BusyError,
    "SQLITE_FULL": FullError,
    "SQLITE_IOERR_WRITE": FullError,
}


class Sqlite:
    """A store's file.

    Parameters
    ----------
    path
        Where it is; made if there is none, readable by its owner alone.

    Raises
    ------
    StoreError
        It is no SQLite file, is damaged, cannot be opened, or is of a later version.
    """

    def __init__(self, path: Path) -> None:
        self.where = str(path)
        self._path = path
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            raise self._unusable("not_readable", error.strerror or str(error)) from error
        self._turns = Turns(1, _WAIT_SECONDS)
        self._writer = _engine(path, 1, _set_writer, "BEGIN IMMEDIATE")
        self._readers = _engine(path, _READERS, _set_reader, "BEGIN")
        try:
            with self._writer.begin() as connection:
                self._require_sound(connection)
                bring_up(connection, self.where)
        except DBAPIError as error:
            self.close()
            state = _state(error)
            code = "damaged_store" if state in _DAMAGED else "no_store"
            raise self._unusable(code, f"SQLite cannot use it ({state})") from None
        except BaseException:
            self.close()
            raise

    @property
    def now(self) -> ColumnElement[int]:
        """Seconds on the clock of the machine, as SQLite reads it."""
        return literal_column("CAST(strftime('%s', 'now') AS INTEGER)", Integer)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that cannot write."""
        with _said(), self._readers.begin() as connection:
            yield connection

    def write(self, work: Callable[[Connection], T], tries: int = 1) -> T:
        """Do some work while nobody else writes."""
        with self._turns.one(), _said(), self._writer.begin() as connection:
            return work(connection)

    def lock(self, connection: Connection, names: Iterable[str], *, shared: bool = False) -> None:
        """Nothing: whoever writes is alone."""

    def try_lock(
        self, connection: Connection, names: Iterable[str], *, shared: bool = False
    ) -> bool:
        """It is theirs already."""
        return True

    def said(self) -> AbstractContextManager[None]:
        """As it is said of a whole transaction."""
        return _said()

    def take_time(self, connection: Connection) -> None:
        """Nothing: no transaction has a limit."""

    def check(self) -> list[str]:
        """What SQLite says of the whole file."""
        with self.reading() as connection:
            rows = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            missing = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        return [
            *(row for row in rows if row != "ok"),
            *(f"{row[0]}: no {row[2]}" for row in missing),
        ]

    def close(self) -> None:
        """Let go of every connection; the writer's last act is to tidy up the log."""
        self._readers.dispose()
        self._writer.dispose()

    def facts(self) -> dict[str, Any]:
        """Version, and whether it is one that two processes may share."""
        safe = sqlite3.sqlite_version_info >= _SAFE
        return {"sqlite": sqlite3.sqlite_version, "several_processes": safe}

    def _require_sound(self, connection: Connection) -> None:
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        if found != "ok":
            raise self._unusable("damaged_store", "PRAGMA quick_check finds it damaged")

    def _unusable(self, code: str, message: str) -> StoreError:
        if code == "damaged_store":
            message = f"{message}. Maybe a backup can be put in its place"
        return StoreError([Problem(code, self.where, message)])


def _engine(
    path: Path, size: int, prepare: Callable[[sqlite3.Connection], None], begin: str
) -> Engine:
    """Connections to the file; whoever wants one more than there are has to wait."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=_WAIT_SECONDS,
        connect_args={"check_same_thread": False},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        prepare(connection)

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _set_writer(connection: sqlite3.Connection) -> None:
    """Every commit is on the disk before it is acknowledged."""
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    connection.execute(f"PRAGMA synchronous = {_FULL_SYNC}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
    (sync,) = connection.execute("PRAGMA synchronous").fetchone()
    if (mode, sync) != ("wal", _FULL_SYNC):
        raise sqlite3.OperationalError(f"journal {mode}, synchronous {sync}")


def _set_reader(connection: sqlite3.Connection) -> None:
    """It changes nothing, and checkpoints nothing."""
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")


def _said() -> AbstractContextManager[None]:
    return said(_failure)


def _failure(error: DBAPIError) -> DatabaseError:
    state = _state(error)
    return _KINDS.get(state, DatabaseError)(state)


def _state(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlite_errorname", type(error.orig).__name__)
