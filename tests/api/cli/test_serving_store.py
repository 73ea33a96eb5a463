"""``slotmatch serve --store`` as a process."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import run_command
from processes import served

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


def test_what_was_answered_outlives_the_process(tmp_path: Path) -> None:
    """A hold is found again after a kill, and the same request has the same answer."""
    url = f"sqlite:///{tmp_path / 'clinic.db'}"
    clinic = str(ROOT / "scenarios/examples/small_clinic.json")
    assert run_command(["load", clinic, "--store", url], tmp_path).code == exit_codes.OK
    headers = {"Idempotency-Key": "once"}
    with served(url, AS_OF, tmp_path / "log") as client:
        found = client.post("/v1/find", json={"request_id": "cleo-ear"}).json()["places"]
        assert found[0]["start"] == HOLD["place"]["start"]  # type: ignore[index]
        first = client.post("/v1/holds", json=HOLD, headers=headers)
        assert first.status_code == 201
    with served(url, AS_OF, tmp_path / "log") as client:
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
