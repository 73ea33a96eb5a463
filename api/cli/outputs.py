"""Files and folders to write: tried before long work begins, written whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from engine.interchange.dataset import WRITTEN, is_foreign
from engine.interchange.draft import HEADER

_HEADERS = (HEADER, f"{HEADER}.gz")
_UNREADABLE = "which could not be read beside a file of this name"


def try_file(path: Path, read: Iterable[Path | None] = ()) -> None:
    """Make the folder of a file, and check that the file can be written.

    Parameters
    ----------
    read
        What the same command reads, and must not lose.

    Raises
    ------
    OSError
        It cannot; or it is what is read, or would keep a dataset in the same folder from being
        read.
    """
    target = _target(path)
    if any(target == other.resolve() for other in read if other is not None):
        message = "is read by this command, and would be lost"
        raise FileExistsError(errno.EEXIST, message, str(path))
    is_data = is_foreign(path) or path.name in WRITTEN
    if is_data and any((path.parent / name).is_file() for name in _HEADERS):
        raise FileExistsError(errno.EEXIST, f"a dataset is there, {_UNREADABLE}", str(path))
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    if _is_replaceable(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        _try_to_write_in(target.parent)


def check_folder(path: Path) -> None:
    """Check that a folder is one, or nothing yet.

    Raises
    ------
    OSError
        It is something else.
    """
    if _mode(path) and not path.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))


def try_folder(path: Path) -> None:
    """Make a folder, and check that files can be written in it.

    Raises
    ------
    OSError
        They cannot.
    """
    check_folder(path)
    folder = path.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    _try_to_write_in(folder)


def check_dataset_folder(folder: Path, others: Iterable[Path | None]) -> None:
    """Check that a dataset in a folder could be written, and read again.

    Parameters
    ----------
    folder
        It need not be there, and is not made.
    others
        Files that are written too.

    Raises
    ------
    OSError
        A file there, or one of the others, would be taken for records; or a folder is where a
        file must be.
    """
    there = sorted(folder.iterdir()) if folder.is_dir() else []
    more = (
        file for file in others if file is not None and file.parent.resolve() == folder.resolve()
    )
    for file in (*there, *more):
        if is_foreign(file):
            message = f"a dataset is to be written there, {_UNREADABLE}"
            raise FileExistsError(errno.EEXIST, message, str(file))
        if file.name in WRITTEN:
            _target(file)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Write a file that appears, in place of what was there, when all of it is written.

    A link is followed; a pipe or a device is written as it comes.

    Raises
    ------
    OSError
        It cannot be written; nothing is left behind.
    """
    target = _target(path)
    draft = _draft_in(target.parent) if _is_replaceable(target) else target
    try:
        with draft.open("wb") as stream:
            yield stream
        if draft != target:
            draft.replace(target)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        if draft != target:
            draft.unlink(missing_ok=True)


def _target(path: Path) -> Path:
    """Where ``path`` leads if it is a link to a file; it must not be a folder."""
    mode = _mode(path)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    return path.resolve() if not mode or stat.S_ISREG(mode) else path


def _mode(path: Path) -> int:
    """Kind of what is at ``path``, links followed; 0: nothing."""
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return 0


def _is_replaceable(target: Path) -> bool:
    """Whether there is a proper file, or nothing yet."""
    return target.is_file() or not target.exists()


def _draft_in(folder: Path) -> Path:
    """A name nobody uses."""
    return folder / f".{secrets.token_hex(8)}.part"


def _try_to_write_in(folder: Path) -> None:
    draft = _draft_in(folder)
    try:
        draft.touch(exist_ok=False)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(folder)) from error
    draft.unlink()
