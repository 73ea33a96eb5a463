"""The store in PostgreSQL, for any number of processes."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

from sqlalchemy import (
    URL,
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    create_engine,
    event,
    literal_column,
    text,
)
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from api.store.database import MOST_TRIES
from api.store.errors import BusyError, DatabaseError, FullError, OverlapError, StoreError
from api.store.saying import said
from api.store.schema import bring_up
from api.store.turns import Turns
from engine.problems import Problem

T = TypeVar("T")

_AGAIN = {"40001", "40P01", "23503"}
_PAUSE_SECONDS = 0.02
_OLDEST = 140_000
_CONNECTIONS, _MORE_CONNECTIONS, _WRITERS = 8, 8, 12
_WAIT_SECONDS = 10.0
_TRUSTED_SECONDS = 1.0
"""For so long a connection that was in order is taken to be so still."""
_OPTIONS = {
    "statement_timeout": "10s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "15s",
    "timezone": "UTC",
}
_NEEDED = {"fsync": "on", "full_page_writes": "on"}
_LOCK = "SELECT {taking} FROM (SELECT DISTINCT hashtextextended(name, 0) AS key \
FROM unnest(CAST(:names AS text[])) AS name ORDER BY 1 OFFSET 0) AS keys"
_TAKING = {False: "pg_advisory_xact_lock(key)", True: "pg_advisory_xact_lock_shared(key)"}
_TRYING = {
    False: "bool_and(pg_try_advisory_xact_lock(key))",
    True: "bool_and(pg_try_advisory_xact_lock_shared(key))",
}
_LOCKS = {shared: text(_LOCK.format(taking=taking)) for shared, taking in _TAKING.items()}
_TRIES = {shared: text(_LOCK.format(taking=trying)) for shared, trying in _TRYING.items()}
_KINDS: dict[str, type[DatabaseError]] = {
    "23P01": OverlapError,  # an exclusion constraint
    "40001": BusyError,  # a serialisation failure
    "40P01": BusyError,  # a deadlock
    "23503": BusyError,  # a hold ended while others at its place were given other seats
    "55P03": BusyError,  # lock_timeout
    "57014": BusyError,  # statement_timeout
    "53100": FullError,  # disk full
}


class Postgres:
    """A store's database.

    Parameters
    ----------
    url
        ``postgresql://…``; the tables are made in its search path.

    Raises
    ------
    StoreError
        It cannot be reached, is set so that it may lose what it acknowledged, or is of a
        later version.
    """

    def __init__(self, url: URL) -> None:
        self.where = url.render_as_string(hide_password=True)
        self._turns = Turns(_WRITERS, _WAIT_SECONDS)
        self._engine = self._connected_to(url)
        try:
            with self._engine.begin() as connection:
                self._require_safe(connection)
                self.lock(connection, ["schema"])
                bring_up(connection, self.where)
        except DBAPIError as error:
            self.close()
            message = f"the database cannot be used ({_state(error)})"
            raise StoreError([Problem("no_store", self.where, message)]) from None
        except BaseException:
            self.close()
            raise

    @property
    def now(self) -> ColumnElement[int]:
        """Seconds on the clock of the server."""
        return literal_column(
            "CAST(floor(extract(epoch FROM clock_timestamp())) AS bigint)", BigInteger
        )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that cannot write, and sees one state of things."""
        engine = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        with _said(), engine.begin() as connection:
            yield connection

    def write(self, work: Callable[[Connection], T], tries: int = MOST_TRIES) -> T:
        """Do some work, up to four times where others are in the way."""
        for tried in range(1, tries + 1):
            try:
                with self._turns.one(), _said(), self._engine.begin() as connection:
                    return work(connection)
            except BusyError as busy:
                if tried == tries or busy.state not in _AGAIN:
                    raise
            time.sleep(tried * _PAUSE_SECONDS * (1 + random.random()))  # noqa: S311 no secret
        raise AssertionError("a try is the last one")

    def lock(self, connection: Connection, names: Iterable[str], *, shared: bool = False) -> None:
        """Advisory locks, in the order of their keys."""
        connection.execute(_LOCKS[shared], _names(names))

    def try_lock(
        self, connection: Connection, names: Iterable[str], *, shared: bool = False
    ) -> bool:
        """The same without waiting."""
        return bool(connection.execute(_TRIES[shared], _names(names)).scalar_one())

    def said(self) -> AbstractContextManager[None]:
        """As it is said of a whole transaction."""
        return _said()

    def take_time(self, connection: Connection) -> None:
        """No limits on statements, nor on the time between them."""
        for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
            connection.exec_driver_sql(f"SET LOCAL {name} = 0")

    def check(self) -> list[str]:
        """Whether every constraint was ever validated: PostgreSQL looks after its pages itself."""
        query = "SELECT conname FROM pg_constraint WHERE NOT convalidated"
        with self.reading() as connection:
            return [f"{name} is not valid" for name in connection.exec_driver_sql(query).scalars()]

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    def facts(self) -> dict[str, Any]:
        """Its version."""
        with self.reading() as connection:
            version = connection.exec_driver_sql("SHOW server_version").scalar_one()
        return {"postgresql": version, "several_processes": True}

    def _connected_to(self, url: URL) -> Engine:
        options = " ".join(f"-c {name}={value}" for name, value in _OPTIONS.items())
        try:
            engine = create_engine(
                url.set(drivername="postgresql+psycopg"),
                pool_size=_CONNECTIONS,
                max_overflow=_MORE_CONNECTIONS,
                pool_timeout=_WAIT_SECONDS,
                isolation_level="READ COMMITTED",
                connect_args={"options": options, "connect_timeout": 10},
                hide_parameters=True,
            )
        except ModuleNotFoundError as error:
            message = "PostgreSQL needs the extra postgres: pip install 'slotmatch[postgres]'"
            raise StoreError([Problem("missing_extra", self.where, message)]) from error
        _look_at_old_connections(engine)
        return engine

    def _require_safe(self, connection: Connection) -> None:
        """Refuse a server that is too old, or may lose what it has acknowledged."""
        number = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())
        found = {} if number >= _OLDEST else {"server_version_num": str(number)}
        for name, value in _NEEDED.items():
            there = connection.exec_driver_sql(f"SHOW {name}").scalar_one()
            found |= {} if there == value else {name: there}
        if connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "off":
            found["synchronous_commit"] = "off"
        if found:
            said = ", ".join(f"{name} = {value}" for name, value in found.items())
            message = f"{said}: what it acknowledges could be lost, or it is older than 14"
            raise StoreError([Problem("unsafe_store", self.where, message)])


def _look_at_old_connections(engine: Engine) -> None:
    """Whoever gets a connection that was not used for a while gets one that answers."""

    @event.listens_for(engine, "checkin")
    def left(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["left"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def taken(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
        left = record.info.get("left")
        if left is None or time.monotonic() - left < _TRUSTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except Exception as error:
            raise DisconnectionError from error


def _names(names: Iterable[str]) -> dict[str, list[str]]:
    return {"names": [f"slotmatch {name}" for name in names]}


def _said() -> AbstractContextManager[None]:
    return said(_failure)


def _failure(error: DBAPIError) -> DatabaseError:
    state = _state(error)
    diagnosis = getattr(error.orig, "diag", None)
    return _KINDS.get(state, DatabaseError)(state, getattr(diagnosis, "constraint_name", None))


def _state(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or type(error.orig).__name__
