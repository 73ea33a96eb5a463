"""``slotmatch import plan-net``: its options, and what it prints and writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from plan_net_sample import ROWS, location, practitioner, role, write_directory

from api.cli.importing import run_import_plan_net
from api.cli.main import main
from engine.problems import MAX_KEPT


def run(monkeypatch: pytest.MonkeyPatch, *args: str) -> int | str | None:
    """Run the command in this process; its exit code, 0 where it ends by itself."""
    monkeypatch.setattr("sys.argv", ["slotmatch", "import", "plan-net", *args])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--cell-minutes", "100000"), "--cell-minutes"),
        (("--cell-minutes", "0"), "--cell-minutes"),
        (("--horizon", "4000000"), "--horizon"),
        (("--horizon", "0"), "--horizon"),
        (("--as-of", "2099-12-25", "--horizon", "30"), "out_of_range"),
        (("--as-of", "[red]:smile:[/]"), "[red]:smile:[/]"),
        (("--visit-type", "[bold]minutes"), "[bold]minutes"),
    ],
)
def test_options_outside_their_limits_are_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    args: tuple[str, ...],
    said: str,
) -> None:
    """Exit code 2, with the option or the code, and nothing written; markup is not obeyed."""
    out = tmp_path / "out"
    assert run(monkeypatch, str(write_directory(tmp_path)), "--out", str(out), *args) == 2
    assert said in capsys.readouterr().err
    assert not out.exists()


def test_what_is_the_users_is_printed_as_it_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Types and paths that look like markup are shown, and a closing tag breaks nothing."""
    out = tmp_path / "[bold]:smile:[/red]"
    rows = [*ROWS, {"resourceType": "[/blue]", "id": "x"}]
    code = run_import_plan_net(
        write_directory(tmp_path, rows), out, "2026-03-02", 7, 15, "minutes=30", None
    )
    said = capsys.readouterr().out
    assert code == 0
    assert "1 [/blue]" in said
    assert "[bold]:smile:[/red]" in said


def test_the_report_holds_every_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """More of a kind than other readers keep; sessions cut by absences are counted."""
    away = [{"during": {"start": "2026-03-02", "end": "2026-03-02"}}]
    places = [location(f"unused{n}") for n in range(MAX_KEPT + 5)]
    rows = [practitioner("p1"), location("l1"), role("r", notAvailable=away), *places]
    file = tmp_path / "deep" / "report.ndjson"
    folder = write_directory(tmp_path, rows)
    run_import_plan_net(folder, tmp_path / "out", "2026-03-02", 7, 15, "minutes=30", file)
    codes = [json.loads(line)["code"] for line in file.read_text().splitlines()]
    assert codes.count("unused_row") == MAX_KEPT + 5
    said = capsys.readouterr().out
    assert "times that are no sessions: 1 left out" in said
    assert f"0 errors, {len(codes):,} warnings" in said


def test_the_report_is_written_where_nothing_can_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is then that the findings matter most."""
    folder = write_directory(tmp_path, [practitioner("p1"), role("r")])
    file = tmp_path / "report.ndjson"
    code = run(monkeypatch, str(folder), "--out", str(tmp_path / "o"), "--report", str(file))
    assert code == 2
    codes = [json.loads(line)["code"] for line in file.read_text().splitlines()]
    assert codes[-1] == "empty_dataset"
    assert "unresolved_reference" in codes
