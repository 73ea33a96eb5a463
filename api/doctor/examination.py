"""One store, whatever it is kept in."""

from __future__ import annotations

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from api.doctor import postgres, sqlite
from api.doctor.finding import Finding

_LIKE = "say it like sqlite:///FILE, or postgresql://USER@HOST/NAME"


def examine(address: str) -> tuple[Finding, ...]:
    """Everything that is found of a store, and of what it is kept in.

    Nothing is changed: no file is made, no table, and no version brought up.

    Parameters
    ----------
    address
        As for ``open_database``.
    """
    url = _url(address)
    backend = "" if url is None else url.get_backend_name()
    if url is not None and backend == "sqlite" and url.database not in (None, "", ":memory:"):
        return tuple(sqlite.examine(url))
    if url is not None and backend in ("postgresql", "postgres"):
        return tuple(postgres.examine(url))
    return (Finding("address", "error", "no address of a store", _LIKE),)


def _url(address: str) -> URL | None:
    try:
        return make_url(address)
    except ArgumentError:
        return None
