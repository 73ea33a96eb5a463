"""``slotmatch repair`` as a process, as it is typed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from commands import Ended, run_command
from repair_commands import booked

from api.cli import exit_codes
from engine.interchange.dataset import write_document

ROOT = Path(__file__).parents[3]
SLOTMATCH = [sys.executable, "-m", "api.cli.main"]


def test_the_command_hears_every_option(tmp_path: Path) -> None:
    """As it is typed: options several times, progress on stderr, exit codes."""
    path = tmp_path / "clinic.json"
    path.write_bytes(write_document(booked().dataset()))

    def run(*args: str) -> Ended:
        return run_command(["repair", str(path), *args], ROOT)

    monday = "doctor=dr,from=2026-03-02T09:15-05:00,to=2026-03-02"
    lost = ("--absent", monday, "--closed", "session=monday")
    done = subprocess.run(
        [*SLOTMATCH, "repair", str(path), *lost, "--deterministic", "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == exit_codes.OK, done.stderr
    assert "2 appointments forced, 0 contested in 0 collisions" in done.stderr
    events = [row["event"] for row in json.loads(done.stdout)["aftermath"]["forced"]]
    assert events == [1, 0]
    ended = run("--closed", "session=monday", "--plans", "--deterministic", "--json")
    assert json.loads(ended.stdout)["plans"]["plans"][0]["aim"] == "least_disruption"
    ended = run("--absent", "doctor=dx,from=2026-03-02,to=2026-03-02")
    assert ended.code == exit_codes.BAD_INPUT
    assert "error dangling_reference --absent/0/doctor: 'dx'" in ended.stderr
    assert ended.stdout == ""
