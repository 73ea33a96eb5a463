"""``slotmatch import fhir`` and ``slotmatch export fhir``."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from clinic import Clinic
from fhir_r4 import mistakes
from fhir_sample import appointment, bundle, patient, schedule, slot

from api.cli.main import main
from engine.interchange.dataset import read_dataset, write_dataset

EXAMPLE = Path(__file__).parents[3] / "scenarios/examples/small_clinic.json"


def run(monkeypatch: pytest.MonkeyPatch, *args: str | Path) -> int | str | None:
    """Run a command in this process; its exit code, 0 where it ends by itself."""
    monkeypatch.setattr("sys.argv", ["slotmatch", *map(str, args)])
    try:
        main()
    except SystemExit as ended:
        return ended.code
    return 0


def test_a_bundle_is_read_into_a_dataset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside another file; what was read, made and found is printed, and the findings written."""
    write_dataset(Clinic().dataset(), tmp_path / "in")
    (tmp_path / "a.json").write_text(json.dumps(bundle(schedule(), slot(), slot(id="x"))))
    visit = appointment("10:00", "10:15", serviceType=[])
    (tmp_path / "b.ndjson").write_text(f"{json.dumps(patient())}\n{json.dumps(visit)}\n")
    files = (tmp_path / "a.json", tmp_path / "b.ndjson")
    options = ("--into", tmp_path / "in", "--out", tmp_path / "out", "--visit-type", "visit")
    report = tmp_path / "report.ndjson"
    assert run(monkeypatch, "import", "fhir", *files, *options, "--report", report) in (0, None)
    dataset, _ = read_dataset(tmp_path / "out")
    assert len(dataset.sessions) == 2
    assert [row.request_id for row in dataset.appointments] == ["A"]
    said = capsys.readouterr().out
    assert "read: 1 Schedule, 2 Slot, 1 Patient, 1 Appointment" in said
    codes = [json.loads(line)["code"] for line in report.read_text().splitlines()]
    assert codes == ["overlapping_sessions"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--visit-type", "scan"), "dangling_reference"),
        (("--into", "nothing"), "not_found"),
        (("none.json",), "not_found"),
    ],
)
def test_what_cannot_be_read_writes_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    more: tuple[str, ...],
    said: str,
) -> None:
    """Exit code 2, with the code of what is wrong."""
    write_dataset(Clinic().dataset(), tmp_path / "in")
    (tmp_path / "a.json").write_text(json.dumps(bundle(schedule(), slot())))
    args = ("--into", str(tmp_path / "in"), "--out", str(tmp_path / "out"))
    assert run(monkeypatch, "import", "fhir", tmp_path / "a.json", *args, *more) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("by_line", [False, True])
def test_a_plan_is_given_back(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    by_line: bool,
) -> None:
    """Matched, exported with the plan, and read into the dataset as it was without times: every
    visit has its place, and what FHIR has no words for is said.
    """
    plan, out, bare = tmp_path / "plan.ndjson", tmp_path / "out.ndjson", tmp_path / "bare"
    assert run(monkeypatch, "match", EXAMPLE, "--out", plan, "--quiet") in (0, None)
    capsys.readouterr()
    lines = ("--ndjson",) if by_line else ()
    if not by_line:
        out = tmp_path / "out.json"
    assert run(monkeypatch, "export", "fhir", EXAMPLE, "--plan", plan, "--out", out, *lines) == 0
    said = capsys.readouterr().out
    assert "left out, for FHIR has no words for it:" in said
    text = out.read_text()
    rows = (
        [json.loads(line) for line in text.splitlines()]
        if by_line
        else [entry["resource"] for entry in json.loads(text)["entry"]]
    )
    assert list(mistakes(rows)) == []
    dataset, _ = read_dataset(EXAMPLE)
    none = {"sessions": (), "appointments": (), "requests": (), "links": ()}
    write_dataset(replace(dataset, **none), bare)
    assert run(monkeypatch, "import", "fhir", out, "--into", bare, "--out", tmp_path / "back") == 0
    back, _ = read_dataset(tmp_path / "back")
    planned = [json.loads(line) for line in plan.read_text().splitlines()[1:]]
    starts = {row["request_id"]: row["start"] for row in planned if row["state"] == "placed"}
    assert starts
    found = {row.request_id: row.start.isoformat() for row in back.appointments}
    assert found.items() >= starts.items()


def test_what_cannot_be_written_is_said_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The folder stands where the file is to be."""
    assert run(monkeypatch, "export", "fhir", "nothing", "--out", tmp_path) == 2
    assert str(tmp_path) in capsys.readouterr().err
