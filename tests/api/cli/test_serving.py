"""``slotmatch serve`` as a process: how it begins and how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import httpx2
import pytest
from hard_world import hard_world
from ports import free_port

from api.cli import exit_codes

ROOT = Path(__file__).parents[3]


class Service:
    """``slotmatch serve`` on a free port, with a folder for temporary files of its own."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        self.port = port or free_port()
        command = [sys.executable, "-m", "api.cli.main", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, "--workers", "1"],
            cwd=ROOT,
            env=_bare() | {"PYTHONPATH": str(ROOT), "TMPDIR": str(folder)},
            stderr=subprocess.PIPE,
        )

    @contextmanager
    def client(self) -> Iterator[httpx2.Client]:
        """A client, when matches are taken."""
        with httpx2.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=60) as client:
            for _ in range(600):
                with suppress(httpx2.TransportError):
                    if client.get("/readyz").status_code == 200:
                        break
                time.sleep(0.1)
            yield client

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self.process:
            self.process.kill()

    def end(self) -> tuple[int, str]:
        """Exit code and logs, when it has ended."""
        _, logs = self.process.communicate(timeout=60)
        return self.process.returncode, logs.decode()


def _bare() -> dict[str, str]:
    """The environment without what would be taken for a setting."""
    return {name: text for name, text in os.environ.items() if not name.startswith("SLOTMATCH_")}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_well_by_either_signal(tmp_path: Path, number: signal.Signals) -> None:
    """While a job runs: exit code 0, no fault in the logs, and nothing left in the folder."""
    body = {"dataset": hard_world(), "limits": {"seconds": 600}}
    with Service(tmp_path) as service:
        with service.client() as client:
            job = client.post("/v1/match", json=body, headers={"Prefer": "respond-async"})
            assert job.status_code == 202
            time.sleep(1)
        service.process.send_signal(number)
        code, logs = service.end()
    assert code == exit_codes.OK
    assert '"fault"' not in logs
    assert "Traceback" not in logs
    assert list(tmp_path.iterdir()) == []


def test_an_address_that_is_taken_is_bad_input(tmp_path: Path) -> None:
    """Somebody listens there already: the reason is on stderr, and nothing is left."""
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        Service(tmp_path, taken.getsockname()[1]) as service,
    ):
        code, logs = service.end()
    assert code == exit_codes.BAD_INPUT
    assert "address already in use" in logs
    assert list(tmp_path.iterdir()) == []


def test_who_waits_when_it_ends_is_told(tmp_path: Path) -> None:
    """A match that takes longer than the end is patient is refused as problem details."""
    answers = []
    body = {"dataset": hard_world(), "limits": {"seconds": 30}}
    with Service(tmp_path) as service, service.client() as client:
        asking = threading.Thread(
            target=lambda: answers.append(client.post("/v1/match", json=body))
        )
        asking.start()
        for _ in range(300):
            if 'slotmatch_pool_tasks{state="running"} 1.0' in client.get("/metrics").text:
                break
            time.sleep(0.1)
        service.process.send_signal(signal.SIGINT)
        asking.join()
        code, logs = service.end()
    assert answers[0].status_code == 503
    assert answers[0].json()["type"] == "urn:slotmatch:problem:stopping"
    assert code == exit_codes.OK
    assert '"fault"' not in logs
