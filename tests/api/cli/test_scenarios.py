"""``slotmatch scenario``: tables, exit codes, and what is kept."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from clinic import Clinic
from commands import Ended, run_command
from what_ifs import HEAD, SOON, clinic_file

from api.cli import exit_codes, scenarios
from engine.interchange.dataset import write_document
from scenarios.runs.batch import Start

MORE = """\
title: One more session
base: {dataset: clinic.json}
changes:
- kind: sessions_added
  role_id: role
  blocks:
  - {start: 2026-03-03T09:00-05:00, end: 2026-03-03T09:15-05:00}
"""


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads stand for processes."""

    def threads(jobs: int) -> Start:
        return lambda: ThreadPoolExecutor(jobs)

    monkeypatch.setattr(scenarios, "local_processes", threads)


@pytest.fixture
def said(tmp_path: Path) -> Any:
    """What a command says of a file with some text behind the head."""
    clinic_file(tmp_path)

    def run(text: str, *words: str, command: str = "run") -> Ended:
        (tmp_path / "more.yaml").write_text(f"{HEAD}{MORE}{SOON}{text}")
        return run_command(["scenario", command, "more.yaml", *words], tmp_path, width=120)

    return run


def test_the_table_says_what_changes_come_to(said: Any) -> None:
    """One of two was placed, now both; the one run is proven, and says nothing of chance."""
    found = said("")
    assert found.code == exit_codes.OK
    assert "One more session" in found.stdout
    (placed,) = (line for line in found.stdout.splitlines() if line.startswith("│ placed "))
    assert [cell.strip() for cell in placed.strip("│").split("│")] == [
        "placed (requests)",
        "1",
        "2",
        "+1",
    ]
    assert "1 run, all proven." in found.stdout
    assert "*" not in found.stdout
    assert "age" not in found.stdout
    assert "age=unknown" in said("", "--groups").stdout


def test_an_acceptance_test_that_fails_is_exit_code_6(said: Any) -> None:
    """It says which measure, its value, and what was asked; one that holds says so, too."""
    fails = said(
        "acceptance:\n- {measure: placed, at_most: 1}\n- {measure: match_rate, at_least: 1}\n"
    )
    assert fails.code == exit_codes.NOT_ACCEPTED
    assert "Acceptance FAILS: placed is 2, at most 1 was asked." in fails.stdout
    assert "Acceptance holds: match_rate is 1, at least 1 was asked." in fails.stdout


def test_what_is_there_is_not_run_again_and_can_be_compared(said: Any, tmp_path: Path) -> None:
    """The second time nothing is run; comparing runs nothing at all, and says what is missing."""
    missing = said("", command="compare")
    assert missing.code == exit_codes.UNPROVEN
    assert "2 of 2 runs missing" in missing.stderr
    assert "2 runs done, 0 were there" in said("").stderr
    assert len(list((tmp_path / "runs").iterdir())) == 2
    assert "0 runs done, 2 were there" in said("").stderr
    known = said("", command="compare")
    assert known.code == exit_codes.OK
    assert known.stdout == said("").stdout


def test_json_has_every_point_and_measure(said: Any) -> None:
    """A sweep of two points: their values, and each measure with its difference."""
    text = "sweep: {limits/deterministic_seconds: [1, 2]}\n"
    (found,) = json.loads(said(text, "--json").stdout)
    assert [point["values"] for point in found["points"]] == [
        {"limits/deterministic_seconds": 1},
        {"limits/deterministic_seconds": 2},
    ]
    rows = {
        (row["measure"], row["group"]): row["difference"] for row in found["points"][0]["measures"]
    }
    assert rows["placed", None]["mean"] == 1.0
    assert [row["measures"] for row in found["across"]] == [[], []]
    (named,) = json.loads(said(text, "--json", "--measure", "placed").stdout)
    second = named["across"][1]
    assert second["values"] == {"limits/deterministic_seconds": 2}
    assert second["measures"][0]["difference"]["mean"] == 0.0
    assert found["holds"]


def test_everything_wrong_with_all_files_is_told(said: Any, tmp_path: Path) -> None:
    """With its line, before anything is run; a file that is not there, too."""
    found = said("speed: 3\nrepetitions: 0\n", "nowhere.yaml", "--measure", "match_rat")
    assert found.code == exit_codes.BAD_INPUT
    assert "unknown_field more.yaml:11/speed" in found.stderr
    assert "out_of_range more.yaml:12/repetitions" in found.stderr
    assert "not_found nowhere.yaml" in found.stderr
    assert "wrong_value --measure: match_rat" in found.stderr
    assert not (tmp_path / "runs").exists()


def test_a_mistake_that_only_the_dataset_shows_has_its_line(said: Any) -> None:
    """A role that is not there."""
    found = said("sweep: {changes/0/role_id: [role, nobody]}\n")
    assert found.code == exit_codes.BAD_INPUT
    assert "dangling_reference more.yaml:11/sweep/changes/0/role_id/1" in found.stderr


def test_another_dataset_stands_in_the_place_of_the_base(said: Any, tmp_path: Path) -> None:
    """Named from where the command is run; what is kept, the page, the tables and the JSON know
    it, and an id that only the file's dataset has is told by its line or its option.
    """
    cara = Clinic().role("other").session("09:00", "09:15", role_id="other").request("cara")
    (tmp_path / "other.json").write_bytes(write_document(cara.dataset()))
    missing = said("", "--base", "other.json", "--set", "changes/0/role_id=nobody")
    assert missing.code == exit_codes.BAD_INPUT
    assert "--set changes/0/role_id: 'nobody'" in missing.stderr
    options = ("--base", "other.json", "--set", "changes/0/role_id=other")
    files = ("--report", "page.html", "--tables", "tables")
    assert said("", *options, *files).code == exit_codes.OK
    assert len(list((tmp_path / "runs").iterdir())) == 2
    assert "2 runs done, 0 were there" in said("").stderr
    (found,) = json.loads(said("", *options, "--json", command="compare").stdout)
    assert found["overridden"] == {"base": "other.json", "changes/0/role_id": "other"}
    requests = next(row for row in found["points"][0]["measures"] if row["measure"] == "requests")
    assert requests["baseline"]["mean"] == 1.0
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "the dataset other.json, in place of what the file says" in page
    assert "changes/0/role_id: other, in place of what the file says" in page
    assert str(tmp_path) not in page
    assert "other.json" in (tmp_path / "tables" / "points.csv").read_text(encoding="utf-8")
    wrong = said("", "more.yaml", "--base", "nowhere.json", "--set", "speed")
    assert wrong.code == exit_codes.BAD_INPUT
    assert wrong.stderr.count("--set: 'speed': must be PATH=VALUE") == 1
    assert "not_found --base" in wrong.stderr
