"""Databases to try the store on: a file each, and a PostgreSQL that is started when asked for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres_server import PostgresServer, running
from sqlalchemy import Engine, create_engine, make_url
from ward import ward

from api.store.database import Database
from api.store.opening import open_database
from api.store.store import Store

TABLES = """
record, appointment, occupation, change, answer, secret, access_key, audit, audit_body, audit_head,
plan
"""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A cluster for the whole session."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """A database with the schema, to be copied."""
    name = postgres_server.new_database()
    open_database(postgres_server.url(name)).close()
    return name


@pytest.fixture(scope="module")
def postgres_database(
    postgres_server: PostgresServer, postgres_template: str
) -> Iterator[Database]:
    """A database of the module's own."""
    name = postgres_server.new_database(postgres_template)
    database = open_database(postgres_server.url(name))
    yield database
    database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the schema, to be copied."""
    path = tmp_path_factory.mktemp("template") / "store.db"
    open_database(f"sqlite:///{path}").close()
    return path


@pytest.fixture(params=["sqlite", "postgres"])
def database(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path
) -> Iterator[Database]:
    """An empty store's database, of either kind."""
    if request.param == "sqlite":
        path = shutil.copy(sqlite_template, tmp_path / "store.db")
        found = open_database(f"sqlite:///{path}")
        yield found
        found.close()
        return
    found = request.getfixturevalue("postgres_database")
    found.write(lambda c: c.exec_driver_sql(f"TRUNCATE {TABLES} RESTART IDENTITY"))
    yield found


@pytest.fixture
def store(database: Database) -> Store:
    """A store that holds the ward."""
    made = Store(database)
    made.load(ward().dataset())
    return made


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a database without tables, of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bare.db'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.url(server.new_database())


@pytest.fixture
def bare_engine(empty_url: str) -> Iterator[Engine]:
    """A connection to it past the store."""
    url = make_url(empty_url)
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(url)
    yield engine
    engine.dispose()
