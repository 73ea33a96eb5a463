"""The schema goes up and down, and is what the code thinks it is."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from api.store.errors import StoreError
from api.store.opening import open_database
from api.store.schema import bring_up, take_down, version_of
from api.store.tables import metadata


def test_migrations_make_the_tables_of_the_code(bare_engine: Engine) -> None:
    """Nothing is left to be done between what the versions make and ``tables``."""
    with bare_engine.begin() as connection:
        bring_up(connection, "store")
        options = {"version_table": "schema_version", "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_down_leaves_nothing_and_up_again_works(bare_engine: Engine) -> None:
    """Every version can be gone back from."""
    with bare_engine.begin() as connection:
        bring_up(connection, "store")
        take_down(connection, "base")
        assert set(inspect(connection).get_table_names()) <= {"schema_version"}
        bring_up(connection, "store")
        assert version_of(connection) == "0005"


def test_a_store_of_a_later_version_is_refused(empty_url: str, bare_engine: Engine) -> None:
    """What this code does not know it does not touch."""
    open_database(empty_url).close()
    with bare_engine.begin() as connection:
        connection.execute(text("UPDATE schema_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="its schema 9999 is newer") as caught:
        open_database(empty_url)
    assert caught.value.problems[0].code == "newer_store"
