"""Services as processes of their own, to be killed, stopped and started again."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
from ports import free_port

_ROOT = Path(__file__).parents[2]
_SECONDS = 90.0


class Process:
    """``slotmatch serve --store`` in the world of a practice."""

    def __init__(self, url: str, as_of: str, log: Path) -> None:
        self.port = 0
        self._options = ("--store", url, "--as-of", as_of, "--workers", "1")
        self._log = log
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it is ready."""
        self.begin()
        self.await_ready()

    def begin(self) -> None:
        """Start it at a port of its own."""
        self.port = free_port()
        words = ("-m", "api.cli.main", "serve", "--port", str(self.port), *self._options)
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(
                [sys.executable, *words],
                cwd=_ROOT,
                env=os.environ | {"PYTHONPATH": str(_ROOT)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def await_ready(self) -> None:
        """Wait until it takes work."""
        deadline = time.monotonic() + _SECONDS
        while self.get("/readyz") is None:
            assert self.process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.05)

    def get(self, path: str) -> dict[str, Any] | None:
        """A word from it; ``None``: there is none, or it cannot."""
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            wire.request("GET", path)
            answer = wire.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            wire.close()
        return {"status": answer.status, "body": body} if answer.status == 200 else None

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """What runs."""
        assert self._running is not None
        return self._running

    @property
    def log(self) -> str:
        """What it has said."""
        return self._log.read_text(errors="replace")

    def kill(self) -> None:
        """End it and all its processes, now."""
        if self._running is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._running.pid, signal.SIGKILL)
            self._running.wait(30)
            self._running = None

    def stop(self) -> int:
        """Ask it to end, and wait; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


@contextlib.contextmanager
def served(url: str, as_of: str, log: Path) -> Iterator[httpx2.Client]:
    """Somebody who asks a service on a store, which is killed in the end."""
    process = Process(url, as_of, log)
    process.start()
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{process.port}", timeout=30) as client:
            yield client
    finally:
        process.kill()
