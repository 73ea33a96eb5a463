"""Back up and restore, whatever a store is kept in."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from api.backup import copies, dumps
from api.backup.soundness import Backup
from api.store.errors import StoreError
from engine.problems import Problem


def back_up(address: str, file: Path) -> Backup:
    """Write all that a store holds to a file: it appears when all of it is there and was checked.

    Others go on booking; whatever was acknowledged before this began is in it.

    Parameters
    ----------
    address
        As for ``open_database``; it is not opened, nor brought up.
    file
        What it is written to; a file that is there is replaced.

    Raises
    ------
    StoreError
        There is no such store, or it is not sound; or a program that is needed is not there.
    OSError
        The file cannot be written.
    """
    url = _url(address)
    if _is_file(url):
        return copies.back_up(Path(str(url.database)), file)
    return dumps.back_up(url, file)


def restore(file: Path, address: str, *, force: bool = False) -> Backup:
    """Put a backup where a store is to be; all of it, or nothing is changed.

    Parameters
    ----------
    force
        Whether a store that is there is replaced.

    Raises
    ------
    StoreError
        The file is no sound backup of such a store, or is of a later version; a store is there,
        or somebody has it open.
    OSError
        A file cannot be read or written.
    """
    url = _url(address)
    if _is_file(url):
        return copies.restore(file, Path(str(url.database)), force=force)
    return dumps.restore(file, url, force=force)


def _url(address: str) -> URL:
    try:
        return make_url(address)
    except ArgumentError as error:  # it may hold a password
        raise _no_store("the address") from error


def _is_file(url: URL) -> bool:
    backend = url.get_backend_name()
    if backend == "sqlite" and url.database not in (None, "", ":memory:"):
        return True
    if backend in ("postgresql", "postgres"):
        return False
    raise _no_store(url.render_as_string(hide_password=True))


def _no_store(where: str) -> StoreError:
    message = "a store is a file, sqlite:///FILE, or postgresql://USER@HOST/NAME"
    return StoreError([Problem("no_store", where, message)])
