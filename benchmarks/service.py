"""A service under measurement: its own process, its solver processes, its memory (Linux)."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")
_START_SECONDS = 60.0
_STOP_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Service:
    """A running service.

    Parameters
    ----------
    pid
        Of the process that answers.
    port
        On this machine.
    """

    pid: int
    port: int

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def wait_until_ready(self, seconds: float) -> None:
        """Wait until it takes work.

        Raises
        ------
        TimeoutError
            It does not.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            with contextlib.closing(connection):
                connection.request("GET", "/readyz")
                if connection.getresponse().status == http.HTTPStatus.OK:
                    return
            time.sleep(0.1)
        raise TimeoutError

    def solvers(self) -> list[int]:
        """Its solver processes: what its fork server has made."""
        parents = _parents()
        servers = {pid for pid, parent in parents.items() if parent == self.pid}
        return [pid for pid, parent in parents.items() if parent in servers]

    def memory(self) -> tuple[int, int]:
        """Resident bytes of the process that answers, and of all its descendants together."""
        children = {pid for pid, parent in _parents().items() if parent == self.pid}
        return _resident(self.pid), sum(_resident(pid) for pid in [*children, *self.solvers()])

    def seconds(self) -> float:
        """Processor time of the process that answers."""
        stat = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / _TICKS


def busy_seconds() -> float:
    """Processor time of everything on the machine since it was started."""
    user, nice, system, *_ = Path("/proc/stat").read_text().split()[1:]
    return (int(user) + int(nice) + int(system)) / _TICKS


@contextmanager
def running(*options: str) -> Iterator[Service]:
    """Run ``slotmatch serve`` on a free port, and end it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "api.cli.main", "serve", "--port", str(port), *options]
    root = Path(__file__).parents[1]
    with subprocess.Popen(  # noqa: S603 our own command
        command,
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _wait_for(port)
            yield Service(process.pid, port)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(_STOP_SECONDS)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            with contextlib.closing(connection):
                connection.request("GET", "/livez")
                connection.getresponse().read()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def _parents() -> dict[int, int]:
    """Parent of every process of this machine."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                stat = (entry / "stat").read_text()
            except OSError:  # it has ended meanwhile
                continue
            found[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_BYTES
    except OSError:
        return 0
