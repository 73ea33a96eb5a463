"""A store in an SQLite file."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError

from api.doctor import common
from api.doctor.finding import Finding, unless
from api.store.looking import looking_at_file

_MIB = 1 << 20
_SAFE = (3, 51, 3)
"""Before it, two connections that move the log at once could spoil a file (since 3.7.0)."""
_BESIDE = ("-wal", "-shm")
_REMOTE = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "glusterfs", "ceph"}
_CLOCK = text("SELECT (julianday('now') - 2440587.5) * 86400.0")
_SYNCHRONOUS = ("OFF", "NORMAL", "FULL", "EXTRA")


def examine(url: URL) -> Iterator[Finding]:
    """What there is to find, in the order in which it matters."""
    path = Path(str(url.database))
    yield _version(sqlite3.sqlite_version_info)
    if not path.is_file():
        yield Finding("file", "error", f"no file {path}", "slotmatch load makes one")
        return
    yield _rights(path)
    yield _kept_on(path, Path("/proc/self/mounts"))
    yield _disk(path)
    try:
        with looking_at_file(path) as connection:
            yield from _inside(connection)
    except DBAPIError as error:
        state = getattr(error.orig, "sqlite_errorname", type(error.orig).__name__)
        advice = "put a backup in its place, if it is damaged (slotmatch store restore)"
        yield Finding("file", "error", f"SQLite cannot read it ({state})", advice)


def _inside(connection: Connection) -> Iterator[Finding]:
    mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
    advice = "the service sets it when it opens the file, or says that it cannot"
    yield unless(mode == "wal", "warning", "journal_mode", str(mode), advice)
    yield _synchronous(connection)
    yield common.clock(connection, _CLOCK)
    revision = common.schema(connection)
    yield revision
    yield from common.content(connection, _damages(connection)) if revision.severity == "ok" else ()


def _version(version: tuple[int, ...]) -> Finding:
    found = "SQLite " + ".".join(map(str, version))
    advice = (
        "let one process alone open the file, or take SQLite 3.51.3 or newer: before it, two that "
        "move the log at once could spoil the file"
    )
    return unless(version >= _SAFE, "warning", "version", found, advice)


def _rights(path: Path) -> Finding:
    """Who may read and write it, and what lies beside it."""
    if not os.access(path, os.R_OK | os.W_OK):
        return Finding("rights", "error", "this user cannot write the file", "run as its owner")
    files = [path, *(Path(f"{path}{end}") for end in _BESIDE)]
    modes = {file: stat.S_IMODE(file.stat().st_mode) for file in files if file.exists()}
    open_ones = [f"{file.name} {mode:o}" for file, mode in modes.items() if mode & 0o077]
    found = f"others may read it: {', '.join(open_ones)}" if open_ones else "its owner's alone"
    return unless(not open_ones, "warning", "rights", found, f"chmod 600 {path}*")


def _kept_on(path: Path, mounts: Path) -> Finding:
    """The kind of disk: SQLite's log needs memory that all processes share."""
    if not mounts.exists():
        return Finding("file_system", "ok", "unknown")
    place = path.resolve()
    lines = (line.split() for line in mounts.read_text(encoding="utf-8").splitlines())
    found = [(len(where), kind) for _, where, kind, *_ in lines if place.is_relative_to(where)]
    kind = max(found)[1] if found else "unknown"
    advice = "keep the file on a local disk, or use PostgreSQL"
    return unless(kind not in _REMOTE, "error", "file_system", kind, advice)


def _disk(path: Path) -> Finding:
    """Room for what comes, and for a backup beside it."""
    free, size = shutil.disk_usage(path.parent).free, path.stat().st_size
    found = f"{free // _MIB:,} MiB free, the file has {-(-size // _MIB):,}"
    if free < 10 * _MIB:
        return Finding("disk", "error", found, "make room: nothing can be booked")
    is_ample = free >= max(256 * _MIB, 2 * size)
    return unless(is_ample, "warning", "disk", found, "make room for the log and a backup")


def _synchronous(connection: Connection) -> Finding:
    """What SQLite does unless it is told; the service tells it FULL."""
    value = int(connection.exec_driver_sql("PRAGMA synchronous").scalar_one())
    found = f"FULL in the service ({_SYNCHRONOUS[value]} by itself)"
    return Finding("synchronous", "ok", found)


def _damages(connection: Connection) -> list[str]:
    rows = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    missing = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return [*(row for row in rows if row != "ok"), *(f"{row[0]}: no {row[2]}" for row in missing)]
