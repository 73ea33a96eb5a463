"""From an address to a database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from api.store.database import Database
from api.store.errors import StoreError
from api.store.sqlite import Sqlite
from engine.problems import Problem

DEFAULT_URL = "sqlite:///slotmatch.db"
"""A file in the folder in which one is."""


def open_database(url: str) -> Database:
    """Open the database of a store; its schema is brought to this version.

    Parameters
    ----------
    url
        ``sqlite:///FILE`` or ``postgresql://USER@HOST/NAME``.

    Raises
    ------
    StoreError
        There is no such database, or it cannot be used.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:  # it may hold a password
        raise _refused("the address", "is not like sqlite:///FILE") from error
    backend = parsed.get_backend_name()
    if backend == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return Sqlite(Path(str(parsed.database)))
    if backend in ("postgresql", "postgres"):
        from api.store.postgres import Postgres

        return Postgres(parsed)
    shown = parsed.render_as_string(hide_password=True)
    raise _refused(shown, "a store is a file, sqlite:///FILE, or postgresql://USER@HOST/NAME")


def _refused(where: str, message: str) -> StoreError:
    return StoreError([Problem("no_store", where, message)])
