"""``slotmatch find``: the best places, why there is none, and what cannot be asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from clinic import Clinic, at
from commands import Ended, run_command

from api.cli import exit_codes
from api.cli.finding import run_find
from engine.domain import Wishes
from engine.errors import InvalidInputError
from engine.find import find
from engine.interchange.dataset import read_dataset, write_document
from engine.interchange.found_places import found_content

ROOT = Path(__file__).parents[3]
SMALL = ROOT / "scenarios/examples/small_clinic.json"
FAMILY = ROOT / "scenarios/examples/family_clinic.json"


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """No column breaks."""
    monkeypatch.setenv("COLUMNS", "200")


def run(*args: str) -> Ended:
    """Run ``slotmatch find``."""
    return run_command(["find", *args], ROOT, width=200)


def printed(capsys: Any, clinic: Clinic, folder: Path, k: int = 10) -> str:
    """What is printed about Ann, in one line; the exit code is 0."""
    (folder / "clinic.json").write_bytes(write_document(clinic.dataset()))
    assert run_find(folder / "clinic.json", "ann", k, None, as_json=False) == exit_codes.OK
    return " ".join(capsys.readouterr().out.split())


def test_the_table_says_when_with_whom_where_and_at_what_price() -> None:
    """A row per place: day, time, doctor, place, days late, and the price by its parts."""
    done = run(str(FAMILY), "ida-check", "-k", "5")
    assert done.code == 0, done.stderr
    fifth = next(line for line in done.stdout.splitlines() if line.startswith("│ 5"))
    cells = [cell.strip() for cell in fifth.strip("│").split("│")]
    assert cells == [
        *("5", "Tue 10 Mar", "15:00–15:15", "dr-lind", "midtown", "0", "4.62"),
        "wait 1.88, unsuitable time 2.75",
    ]
    assert "goes with jon-check, kim-check, still open" in done.stdout
    assert "5 of 6 candidates, verified by the judges." in done.stdout


def test_the_table_fits_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """80 letters wide, and no heading breaks within a word."""
    monkeypatch.setenv("COLUMNS", "80")
    assert run_find(SMALL, "ann-ear", 2, None, as_json=False) == exit_codes.OK
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert any(" days ┃ price ┃" in line for line in lines[:4])


def test_as_json_it_is_what_the_engine_answers(capsys: Any) -> None:
    """One object, the same that any other face gives."""
    assert run_find(SMALL, "ann-ear", 2, None, as_json=True) == exit_codes.OK
    content = json.loads(capsys.readouterr().out)
    assert content == found_content(find(read_dataset(SMALL)[0], "ann-ear", 2))
    assert [place["rank"] for place in content["places"]] == [1, 2]
    assert content["places"][0]["start"] == "2026-03-09T09:15:00-04:00"


def test_no_place_is_an_answer_that_says_why(tmp_path: Path, capsys: Any) -> None:
    """Exit code 0: the rule that took the last one away, or that what is booked leaves none."""
    clinic = Clinic().session("09:00", "09:15").request("ann", wishes=Wishes(gender="female"))
    said = printed(capsys, clinic, tmp_path)
    assert said == (
        "No place: nothing is eligible. The last was ruled out by gender. Of roles, of these in "
        "sessions, then of places, rules leave: gender 0 of 1."
    )
    clinic = Clinic().session("11:00", "11:15").request("ann").request("bob")
    clinic.appointment("09:00", "09:15", request="bob").link("ann", "bob", max_gap_minutes=30)
    said = printed(capsys, clinic, tmp_path)
    assert said.startswith("No place: what is booked leaves no room for any of 1 candidates.")


def test_the_next_place_is_told_where_the_window_has_none(tmp_path: Path, capsys: Any) -> None:
    """And what every rule took."""
    clinic = Clinic().session("09:00", "09:30", day=1).request("ann", latest=at("12:00"))
    said = printed(capsys, clinic, tmp_path)
    assert "the next is Tue 03 Mar 09:00–09:15 with dr at office." in said
    assert said.endswith("rules leave: time window 0 of 2.")


def test_places_by_day_and_by_doctor() -> None:
    """Sections of the table; as JSON, groups; how many is told, within limits."""
    done = run(str(FAMILY), "ida-check", "--by", "day", "--per-group", "1")
    rows = [line for line in done.stdout.splitlines() if line.startswith("│")]
    days = [row.split("│")[2].strip() for row in rows]
    assert len(days) == len(set(days)) > 1
    content = json.loads(run(str(FAMILY), "ida-check", "--by", "doctor", "--json").stdout)
    assert {len(row["places"]) for row in content["groups"]} <= {1, 2, 3}
    assert run("nowhere.json", "ann", "--by", "week").code == exit_codes.BAD_INPUT
    assert run("nowhere.json", "ann", "--groups", "101").code == exit_codes.BAD_INPUT


def test_a_request_with_an_appointment_is_told_of_it(tmp_path: Path, capsys: Any) -> None:
    """Its place first, then the others."""
    clinic = Clinic().session("09:00", "09:30").request("ann")
    clinic.appointment("09:00", "09:15", request="ann")
    said = printed(capsys, clinic, tmp_path)
    assert "ann has an appointment: Mon 02 Mar 09:00–09:15 with dr at office." in said
    assert "1 of 1 candidates" in said


def test_a_policy_is_heeded(tmp_path: Path) -> None:
    """Without a price for waiting and for the time, all places cost nothing."""
    policy = tmp_path / "policy.toml"
    policy.write_text("[rules.wait]\ndays_per_day = 0.0\n[rules.unsuitable_time]\ndays = 0.0\n")
    done = run(str(FAMILY), "ida-check", "--policy", str(policy), "--json")
    prices = {place["levels"]["inconvenience"] for place in json.loads(done.stdout)["places"]}
    assert prices == {0}


def test_a_request_that_is_not_there_is_bad_input() -> None:
    """Exit code 2, with the code, the id as it was given, and ids like it."""
    done = run(str(SMALL), "ann-eer")
    assert done.code == exit_codes.BAD_INPUT
    assert "error dangling_reference request_id: 'ann-eer':" in done.stderr
    assert "Maybe one of: ann-ear" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("odd", ["\udcff", "\x1b[31m", "[bold]", "x" * 10_000])
def test_odd_ids_are_refused_in_print(odd: str, capsys: Any) -> None:
    """Whatever is asked for is shown so that it can be read."""
    with pytest.raises(InvalidInputError) as caught:
        run_find(SMALL, odd, 1, None, as_json=False)
    assert caught.value.problems[0].sentence().isprintable()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("k", ["0", "-1", "x", "10001"])
def test_how_many_places_is_a_number_within_limits(k: str) -> None:
    """Anything else is told before the dataset is read."""
    done = run("nowhere.json", "ann", "-k", k)
    assert done.code == exit_codes.BAD_INPUT
    assert "-k" in done.stderr
