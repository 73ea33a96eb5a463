"""Every version of the schema is gone back from and come back to, with data in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, Table
from ward import DAY, place, ward

from api.store.opening import open_database
from api.store.revision import revision_of
from api.store.schema import bring_up, take_down
from api.store.store import Store
from engine.domain import Appointment

KEY = "key"
HERE = "tests"
_OWN = "schema_version"


def earlier_versions() -> list[str]:
    """From the last but one to the first."""
    config = Config()
    config.set_main_option("script_location", "api.store:migrations")
    versions = ScriptDirectory.from_config(config).walk_revisions()
    return [script.revision for script in versions][1:]


def fill(url: str) -> None:
    """Something of every kind: booked, held, cancelled, conflicted, changed."""
    clinic = ward()
    clinic.appointments += [
        Appointment(id=f"a{number}", request_id=name, role_id="role", start=place().start,
                    end=place().end)
        for number, name in enumerate(("ann-visit", "bob-visit"))
    ]  # fmt: skip
    with closing(Store(open_database(url))) as store:
        store.load(clinic.dataset())
        store.book(store.hold("cyd-visit", place("wide"), 300, KEY).record.id, KEY)
        store.hold("dot-visit", DAY, 300, KEY)
        store.cancel(store.hold("eve-visit", place("far", "10:00"), 300, KEY).record.id, "pat", KEY)
        assert {row.status for row in store.appointments().rows} == {
            "booked", "held", "cancelled", "conflicted",
        }  # fmt: skip


def tables_of(connection: Connection) -> dict[str, Table]:
    """Those that are there now."""
    found = MetaData()
    found.reflect(connection)
    return {name: table for name, table in found.tables.items() if name != _OWN}


def hashes(connection: Connection, columns: dict[str, list[str]]) -> dict[str, str]:
    """Of the rows of every table, in some of its columns."""
    return {
        name: hashlib.sha256("\n".join(sorted(rows(connection, table, columns[name]))).encode())
        .hexdigest()
        for name, table in tables_of(connection).items()
        if name in columns
    }  # fmt: skip


def rows(connection: Connection, table: Table, columns: list[str]) -> Iterator[str]:
    """Each as text."""
    found = connection.execute(table.select().with_only_columns(*(table.c[n] for n in columns)))
    return (repr(tuple(row)) for row in found)


def columns_of(connection: Connection) -> dict[str, list[str]]:
    """Names by table, in one order."""
    return {name: sorted(table.c.keys()) for name, table in tables_of(connection).items()}


def test_rows_stay_the_same_whichever_way_a_schema_goes(
    empty_url: str, bare_engine: Engine
) -> None:
    """To every earlier version and up again: what both versions have is equal, row by row; and
    the store can be worked with.
    """
    fill(empty_url)
    with bare_engine.begin() as connection:
        newest = columns_of(connection)
    for version in earlier_versions():
        with bare_engine.begin() as connection:
            before = columns_of(connection)
            take_down(connection, version)
        with bare_engine.begin() as connection:
            there = columns_of(connection)
            common = {
                name: [column for column in there[name] if column in before[name]]
                for name in there.keys() & before.keys()
            }
            kept = hashes(connection, common)
            assert revision_of(connection).standing == "older"
            assert {"record", "appointment", "occupation", "change"} <= kept.keys()
        with bare_engine.begin() as connection:
            bring_up(connection, HERE)
        with bare_engine.begin() as connection:
            assert hashes(connection, common) == kept
            assert columns_of(connection) == newest
    with closing(Store(open_database(empty_url))) as store:
        held = store.hold("fay-visit", place("role", "10:30"), 300, KEY)
        assert store.book(held.record.id, KEY).status == "booked"
        assert len(store.appointments(status="conflicted").rows) == 1


def test_going_down_keeps_what_was_there_before(empty_url: str, bare_engine: Engine) -> None:
    """Step by step to the first version, the hashes of its tables are those of the newest."""
    fill(empty_url)
    versions = earlier_versions()
    with bare_engine.begin() as connection:
        columns = columns_of(connection)
    for version in versions:
        with bare_engine.begin() as connection:
            before = hashes(connection, columns)
            take_down(connection, version)
        with bare_engine.begin() as connection:
            left = columns_of(connection)
            same = {name for name in left if left[name] == columns.get(name)}
            after = hashes(connection, {name: left[name] for name in same})
            assert after == {name: before[name] for name in same}
            columns = left
    with bare_engine.begin() as connection:
        there = revision_of(connection).there
        assert there == (versions[-1] if versions else revision_of(connection).newest)
