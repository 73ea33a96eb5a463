"""``slotmatch serve --store`` as a process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2
import pytest
from commands import run_command
from ports import free_port

from api.cli import exit_codes

ROOT = Path(__file__).parents[3]
AS_OF = "2026-03-09T07:00:00-04:00"
HOLD = {
    "request_id": "cleo-ear",
    "place": {
        "role_id": "bell-midtown",
        "start": "2026-03-10T09:00:00-04:00",
        "end": "2026-03-10T09:30:00-04:00",
    },
}


@contextmanager
def service(url: str) -> Iterator[httpx2.Client]:
    """A service on a store, which is killed in the end."""
    port = str(free_port())
    words = ["serve", "--store", url, "--as-of", AS_OF, "--port", port, "--workers", "1"]
    command = [sys.executable, "-m", "api.cli.main", *words]
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL
    )
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            for _ in range(600):
                with suppress(httpx2.TransportError):
                    found = client.post("/v1/find", json={"request_id": "cleo-ear"})
                    if found.status_code == 200:
                        break
                time.sleep(0.1)
            yield client
    finally:
        process.kill()
        process.wait()


def test_what_was_answered_outlives_the_process(tmp_path: Path) -> None:
    """A hold is found again after a kill, and the same request has the same answer."""
    url = f"sqlite:///{tmp_path / 'clinic.db'}"
    clinic = str(ROOT / "scenarios/examples/small_clinic.json")
    assert run_command(["load", clinic, "--store", url], tmp_path).code == exit_codes.OK
    headers = {"Idempotency-Key": "once"}
    with service(url) as client:
        found = client.post("/v1/find", json={"request_id": "cleo-ear"}).json()["places"]
        assert found[0]["start"] == HOLD["place"]["start"]  # type: ignore[index]
        first = client.post("/v1/holds", json=HOLD, headers=headers)
        assert first.status_code == 201
    with service(url) as client:
        again = client.post("/v1/holds", json=HOLD, headers=headers)
        assert (again.status_code, again.content) == (201, first.content)
        booked = client.post(
            "/v1/appointments", json={"hold_id": first.json()["id"]}, headers=headers
        )
        assert booked.json()["status"] == "booked"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--as-of", AS_OF), "it is of a store"),
        (("clinic", "--store", "sqlite:///x.db"), "exclude each other"),
        (("--store", "sqlite:///x.db", "--as-of", "noon"), "bad_instant"),
        (("--store", "mysql://x"), "no_store"),
    ],
)
def test_what_does_not_go_together(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    """Is said before anything begins."""
    ended = run_command(["serve", *words], tmp_path, width=200)
    assert ended.code == exit_codes.BAD_INPUT
    assert said in " ".join(ended.stderr.split())
