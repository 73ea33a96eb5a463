"""Backups of a store in an SQLite file.

SQLite itself copies, one state of things while others write: a copy by other means could miss
what its log holds, or have half of it.
"""

from __future__ import annotations

import errno
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from api.backup.soundness import (
    Backup,
    refuse,
    refuse_to_disturb,
    refuse_to_replace,
    sound_backup,
)
from api.store.looking import connected, looking_at_file

_BESIDE = ("-wal", "-shm", "-journal")
_BUSY = {"SQLITE_BUSY", "SQLITE_LOCKED"}


def back_up(store: Path, file: Path) -> Backup:
    """Copy a store to a file."""
    if not store.is_file():
        refuse("no_store", str(store), "there is no such file")
    if file.resolve() == store.resolve():
        refuse("bad_path", str(file), "is the store itself")
    with _draft(file, store, "damaged_store") as (draft, backup):
        _put_in_place(draft, file)
    return backup


def restore(file: Path, store: Path, *, force: bool) -> Backup:
    """Copy a file to where a store is to be."""
    if not file.is_file():
        refuse("not_found", str(file), "there is no such file")
    if file.resolve() == store.resolve():
        refuse("bad_path", str(file), "is the store itself")
    if store.exists() and not force:
        refuse_to_replace(str(store))
    with _draft(store, file, "not_a_backup") as (draft, backup), _alone(store):
        for end in _BESIDE:  # what belongs to the old file would be taken for the new one's
            Path(f"{store}{end}").unlink(missing_ok=True)
        _put_in_place(draft, store)
    return backup


@contextmanager
def _draft(place: Path, source: Path, code: str) -> Iterator[tuple[Path, Backup]]:
    """A sound copy beside the place where it is to be, readable by its owner alone; it is gone
    afterwards, if it is still there.

    Parameters
    ----------
    code
        What is wrong where SQLite cannot read the source.
    """
    draft = place.resolve().parent / f".{secrets.token_hex(8)}.part"
    os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        _copy(source, draft, code)
        yield draft, _checked(draft, source, code)
    finally:
        for end in ("", *_BESIDE):
            Path(f"{draft}{end}").unlink(missing_ok=True)


def _copy(source: Path, draft: Path, code: str) -> None:
    """All of it in one step: one state of things, for which no writer has to wait."""
    try:
        with closing(connected(source)) as there, closing(sqlite3.connect(draft)) as here:
            there.backup(here)
            here.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
    except sqlite3.Error as error:
        if error.sqlite_errorname == "SQLITE_FULL":
            raise OSError(*_no_space(), str(draft.parent)) from None
        refuse(code, str(source), f"SQLite cannot read it ({error.sqlite_errorname})")


def _checked(draft: Path, source: Path, code: str) -> Backup:
    try:
        with looking_at_file(draft) as connection:
            found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
            if found != "ok":
                refuse(code, str(source), "PRAGMA integrity_check finds it damaged")
            return sound_backup(connection, str(source))
    except DBAPIError:
        refuse(code, str(source), "SQLite cannot read it")


@contextmanager
def _alone(store: Path) -> Iterator[None]:
    """Keep everybody else out of a store that is to be replaced."""
    if not store.exists():
        yield
        return
    with closing(sqlite3.connect(store, isolation_level=None, timeout=1)) as connection:
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = DELETE")  # only who is alone can do that
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if error.sqlite_errorname in _BUSY:
                refuse_to_disturb(str(store))
            # otherwise it is damaged, and a backup is what it needs
        yield


def _put_in_place(draft: Path, place: Path) -> None:
    """The file appears, whole, and stays when the power fails."""
    _synchronise(draft)
    target = place.resolve()
    draft.replace(target)
    _synchronise(target.parent)


def _synchronise(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _no_space() -> tuple[int, str]:
    return errno.ENOSPC, os.strerror(errno.ENOSPC)
