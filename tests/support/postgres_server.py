"""A PostgreSQL of the tests' own: made, started and thrown away by them."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

_PROGRAMS = ("initdb", "pg_ctl", "postgres")
_NAMES = ("postgres", "nobody")
_TRIES = 300
_QUICK = "fsync=on synchronous_commit=on shared_buffers=16MB max_connections=100 listen_addresses="


def missing() -> str | None:
    """Why there can be no server here; ``None``: there can."""
    absent = [name for name in _PROGRAMS if shutil.which(name) is None]
    if absent:
        return f"PostgreSQL is not installed: {', '.join(absent)}"
    if os.geteuid() == 0 and (shutil.which("setpriv") is None or _somebody() is None):
        return "PostgreSQL does not run as root, and there is nobody else to run it"
    return None


@dataclass
class PostgresServer:
    """A cluster in a folder, reached by a socket in it."""

    folder: Path
    settings: str = _QUICK
    _made: int = field(default=0, init=False)

    def start(self) -> None:
        """Make the cluster and run it."""
        if os.geteuid() == 0:
            self.folder.chmod(0o777)
        _run("initdb", "-D", self._data, "-U", "slotmatch", "-A", "trust", "-E", "UTF8",
             "--locale=C", "--no-sync")  # fmt: skip
        options = " ".join(f"-c {setting}" for setting in self.settings.split())
        options += f" -c unix_socket_directories={self.folder}"
        _run("pg_ctl", "-D", self._data, "-w", "-l", self.folder / "log", "-o", options, "start")

    def stop(self) -> None:
        """End it at once: nobody needs what it holds."""
        _run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def crash(self) -> None:
        """End it without a word to anybody, and start it again."""
        _run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "-l", self.folder / "log",
             "restart")  # fmt: skip

    def kill_a_backend(self, database: str) -> None:
        """Kill a process of it that serves somebody: all others go down with it, and come back."""
        query = "SELECT pid FROM pg_stat_activity WHERE datname = %s ORDER BY random() LIMIT 1"
        with self._connected() as connection:
            found = connection.execute(query, [database]).fetchone()
        if found is None:
            return
        os.kill(found[0], signal.SIGKILL)
        for _ in range(_TRIES):
            time.sleep(0.1)
            with contextlib.suppress(psycopg.OperationalError), self._connected():
                return

    @property
    def log(self) -> str:
        """What it has logged."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def new_database(self, template: str = "template1") -> str:
        """Name of a database like another one, with which nobody is connected."""
        self._made += 1
        name = f"test_{self._made}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def execute(self, statement: str) -> None:
        """Do something as the administrator."""
        with self._connected() as connection:
            connection.execute(statement.encode())

    def url(self, database: str) -> str:
        """Address of a database."""
        return f"postgresql://slotmatch@/{database}?host={self.folder}"

    def _connected(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.folder), user="slotmatch", dbname="postgres", autocommit=True
        )

    @property
    def _data(self) -> Path:
        return self.folder / "data"


@contextlib.contextmanager
def running() -> Iterator[PostgresServer]:
    """A cluster in a folder that goes with it; the test is skipped where there can be none."""
    reason = missing()
    if reason:
        pytest.skip(reason)
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        server = PostgresServer(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _somebody() -> str | None:
    """A user without rights."""
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in _NAMES if name in known), None)


def _run(*words: str | Path) -> None:
    command: Sequence[str | Path] = words
    if os.geteuid() == 0:
        entry = pwd.getpwnam(str(_somebody()))
        ids = (f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups")
        command = ("setpriv", *ids, *words)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=60)
