"""The schema of a store: brought to this version of the code, or back to an earlier one."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from api.store.errors import StoreError
from engine.errors import InvalidInputError
from engine.problems import Problem, shown


def bring_up(connection: Connection, where: str) -> None:
    """Make the tables, or change those of an earlier version.

    Parameters
    ----------
    connection
        In a transaction that nobody else can be in at the same time.
    where
        The store, for messages.

    Raises
    ------
    StoreError
        They are of a later version than this code.
    """
    config = _config(connection)
    scripts = ScriptDirectory.from_config(config)
    there = version_of(connection)
    if there == scripts.get_current_head():
        return
    known = {script.revision for script in scripts.walk_revisions()}
    if there is not None and there not in known:
        message = (
            f"its schema {there} is newer than this version of slotmatch, which knows {max(known)}"
        )
        raise StoreError([Problem("newer_store", where, message)])
    command.upgrade(config, "head")


def go_back(connection: Connection, version: str) -> None:
    """Take the schema of a store back to what an earlier version of the code knows.

    Raises
    ------
    InvalidInputError
        There is no such version, or none before the one that is there.
    """
    scripts = ScriptDirectory.from_config(_config(connection))
    there = version_of(connection) or "base"
    earlier = [script.revision for script in scripts.iterate_revisions(there, "base")][1:]
    if version not in earlier:
        message = f"the schema is {there}; before it came {', '.join(earlier) or 'none'}"
        raise InvalidInputError([Problem("wrong_value", "version", message, shown(version))])
    take_down(connection, version)


def take_down(connection: Connection, version: str) -> None:
    """Go back to an earlier version; ``base``: to nothing, the data included."""
    command.downgrade(_config(connection), version)


def version_of(connection: Connection) -> str | None:
    """Which version the tables are of; ``None``: there are none."""
    context = MigrationContext.configure(connection, opts={"version_table": "schema_version"})
    return context.get_current_revision()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "api.store:migrations")
    config.attributes["connection"] = connection
    return config
