"""Mistakes of those who type: exit code 2, a clear line, and nothing begun or left behind."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from api.cli import exit_codes, matching
from api.cli.failures import report_failure
from api.cli.main import main
from engine.errors import DatasetError
from engine.problems import Report

EXAMPLE = Path(__file__).parents[3] / "scenarios/examples/small_clinic.json"
LONG = "a" * 256


def slotmatch(monkeypatch: pytest.MonkeyPatch, *args: str) -> int | str | None:
    """Exit code of ``slotmatch``, run in this process."""
    monkeypatch.setattr(sys, "argv", ["slotmatch", *args])
    with pytest.raises(SystemExit) as caught:
        main()
    return caught.value.code


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the small clinic in the working directory, where nothing is to be solved."""

    def forbidden(*_args: Any, **_options: Any) -> Any:
        raise AssertionError("a solve was begun")

    monkeypatch.setattr(matching, "match_watched", forbidden)
    monkeypatch.chdir(tmp_path)
    copy = tmp_path / "clinic.json"
    copy.write_bytes(EXAMPLE.read_bytes())
    return copy


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("match clinic.json --time-limit inf", "--time-limit"),
        ("match clinic.json --time-limit nan", "--time-limit"),
        ("match clinic.json --time-limit 604801", "604800"),
        ("match clinic.json --seed 2147483648", "2147483647"),
        ("match clinic.json --workers 100000", "64"),
        ("generate --out w --days 367", "366"),
        ("generate --out w --days 10000000", "366"),
        ("generate --out w --requests 1000001", "1000000"),
        ("generate --out w --doctors 100001", "100000"),
        ("generate --out w --doctors 100000 --days 366", "doctors times days"),
        ("match clinic.json --out .", ".: Is a directory"),
        ("match clinic.json --out /proc/nowhere/plan", "/proc/nowhere: No such file"),
        ("match clinic.json --out clinic.json/plan", "clinic.json/plan: Not a directory"),
        (f"match clinic.json --out {LONG}", f"bad_path {LONG}: File name too long"),
        ("match clinic.json --out clinic.json", "bad_path clinic.json: is read by this command"),
        ("export fhir clinic.json --out clinic.json", "clinic.json: is read by this command"),
        ("generate --out clinic.json --requests 1", "clinic.json: Not a directory"),
        ("generate --out /proc/nowhere --requests 1", "/proc/nowhere: No such file"),
        ("generate --out w --around nowhere", "not_found nowhere"),
        (f"match {LONG}", "name too long"),
        (f"match clinic.json --policy {LONG}", "name too long"),
        ("match [/red]a[b]:100:", "not_found [/red]a[b]:100::"),
        ("schema [/red]a[b]c", "wrong_value '[/red]a[b]c'"),
        ("scenario run burst-eardum", "not_found burst-eardum: there is no such file, and no "),
        ("scenario run burst-eardum", "Maybe one of: burst-eardrum"),
        ("scenario compare flu-wave --out clinic.json", "bad_path clinic.json: Not a directory"),
        ("scenario run .", "not_readable .: is no file"),
        ("scenario run burst-eardrum --report r.pdf", "wrong_value --report: 'r.pdf': "),
    ],
)
def test_what_cannot_be_done_is_said_before_it_is_begun(
    clinic: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, line: str, said: str
) -> None:
    """Options outside their limits, paths that cannot be read or written, names with markup."""
    assert slotmatch(monkeypatch, *line.split()) == exit_codes.BAD_INPUT
    out, err = capsys.readouterr()
    assert out == ""
    assert said.lower() in err.lower()
    assert "Traceback" not in err
    assert list(clinic.parent.iterdir()) == [clinic]


def test_mistakes_of_policy_and_dataset_are_said_in_one_pass(
    clinic: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """The policy's first; its urgency classes are not held against the requests."""
    document = json.loads(clinic.read_text())
    document["requests"][0] |= {"patient_id": "[/red]:100:", "urgency": "own"}
    (clinic.parent / "bad.json").write_text(json.dumps(document))
    (clinic.parent / "bad.toml").write_text("[urgencies.own]\nhours = 1\n[rules.wiat]\n")
    for dataset, codes in (
        ("bad.json", ["unknown_rule", "dangling_reference"]),
        (LONG, ["unknown_rule", "not_readable"]),
        ("clinic.json", ["unknown_rule"]),
    ):
        assert slotmatch(monkeypatch, "match", dataset, "--policy", "bad.toml") == 2
        said = capsys.readouterr().err
        assert [line.split()[1] for line in said.splitlines()] == codes
        assert ("patient_id: '[/red]:100:':" in said) == (dataset == "bad.json")


def test_errors_that_are_not_shown_are_counted(capsys: Any) -> None:
    """Of a kind that is found very often not all is kept, but all is counted."""
    report = Report()
    for number in range(2_050):
        report.error("bad_date", f"requests.ndjson:{number}", "no such date")
    assert report_failure(DatasetError.of(report)) == exit_codes.BAD_INPUT
    said = capsys.readouterr().err
    assert "requests.ndjson:49:" in said
    assert "and 2000 errors more" in said


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            PermissionError(13, "Permission denied", "[a]/b"),
            "error bad_path [a]/b: Permission denied\n",
        ),
        (OSError("odd"), "error system_error odd\n"),
    ],
)
def test_what_the_system_refuses_is_no_fault_of_ours(
    error: OSError, said: str, capsys: Any
) -> None:
    """The path and the reason, without a traceback."""
    assert report_failure(error) == exit_codes.BAD_INPUT
    assert capsys.readouterr().err == said


def test_generated_requests_around_a_small_clinic_are_matched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """Places with a postal code and no coordinates will do; the folder's name is printed whole."""
    out = tmp_path / "[/red]a[b]"
    args = ("generate", "--around", str(EXAMPLE), "--requests", "3", "--out", str(out))
    assert slotmatch(monkeypatch, *args) == exit_codes.OK
    assert f"{out}: 3 patients" in capsys.readouterr().out
    plan = out / "plan"
    assert slotmatch(monkeypatch, "match", str(out), "--quiet", "--out", str(plan)) == exit_codes.OK
    assert f"plan written to {plan}" in capsys.readouterr().err


def test_a_plan_that_cannot_be_saved_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """The disk may fill up while it is written: the work is not lost."""

    def full(_result: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(matching, "write_plan", full)
    plan = tmp_path / "plan"
    args = ("match", str(EXAMPLE), "--json", "--quiet", "--out", str(plan))
    assert slotmatch(monkeypatch, *args) == exit_codes.BAD_INPUT
    out, err = capsys.readouterr()
    assert len(json.loads(out)["plan"]) == 5
    assert err == f"error bad_path {plan}: No space left on device\n"
    assert list(tmp_path.iterdir()) == []
