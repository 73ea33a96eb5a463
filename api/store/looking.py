"""A look into a store that is not opened: nothing is made, brought up or written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event

_SECONDS = 10


@contextmanager
def looking_at_file(path: Path) -> Iterator[Connection]:
    """One state of an SQLite file, while others may write it.

    A file with a write-ahead log gets the files that belong to it beside it, if they are not
    there.

    Raises
    ------
    sqlalchemy.exc.DBAPIError
        It cannot be read; inside too.
    """
    engine = create_engine("sqlite://", creator=lambda: connected(path), poolclass=NullPool)

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    with _closing(engine) as connection:
        yield connection


def connected(path: Path) -> sqlite3.Connection:
    """A connection to a file that cannot write it, nor make it, nor move its log."""
    address = f"file:{quote(str(path))}?mode=ro"
    connection = sqlite3.connect(address, uri=True, isolation_level=None)
    connection.execute(f"PRAGMA busy_timeout = {1_000 * _SECONDS}")
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


@contextmanager
def looking_at_server(url: URL) -> Iterator[Connection]:
    """One state of a PostgreSQL database.

    Raises
    ------
    sqlalchemy.exc.DBAPIError
        It cannot be reached; inside too.
    ModuleNotFoundError
        The extra ``postgres`` is not installed.
    """
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        poolclass=NullPool,
        isolation_level="REPEATABLE READ",
        connect_args={"connect_timeout": _SECONDS},
        hide_parameters=True,
    ).execution_options(postgresql_readonly=True)
    with _closing(engine) as connection:
        yield connection


@contextmanager
def _closing(engine: Engine) -> Iterator[Connection]:
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
