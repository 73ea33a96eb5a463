"""``slotmatch import ical`` and ``export ical``: what they print, write and refuse."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from clinic import Clinic

from api.cli.main import main
from engine.interchange import ical
from engine.interchange.canonical import dataset_hash
from engine.interchange.dataset import read_dataset, write_dataset
from engine.interchange.ical import doors

CALENDAR = """BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART:20260302T140000Z
DURATION:PT1H
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
DTSTART:20260302T143000Z
DURATION:PT15M
END:VEVENT
BEGIN:VEVENT
DTSTART:20260302T143000Z
DURATION:PT15M
STATUS:CANCELLED
END:VEVENT
BEGIN:VEVENT
DTSTART;TZID=[red]Nowhere[/]:20260302T143000
END:VEVENT
END:VCALENDAR
"""


def run(monkeypatch: pytest.MonkeyPatch, *args: object) -> int | str | None:
    """Run a command in this process; its exit code."""
    monkeypatch.setattr("sys.argv", ["slotmatch", *map(str, args)])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A dataset with two roles and nothing in them."""
    folder = tmp_path / "base"
    write_dataset(Clinic().role("a/b c").request("r").dataset(), folder)
    return folder


def test_a_calendar_is_read_into_a_dataset(
    tmp_path: Path,
    base: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Sessions and blocks are added; what was left out is counted, and found in the report."""
    file, out, found = tmp_path / "x=y.ics", tmp_path / "out", tmp_path / "report.ndjson"
    file.write_text(CALENDAR)
    args = ("--into", base, "--out", out, "--cell-minutes", 20, "--report", found)
    assert run(monkeypatch, "import", "ical", f"role={file}", *args) == 0
    dataset, _ = read_dataset(out)
    (session,), (block,) = dataset.sessions, dataset.appointments
    assert (session.id, session.cell_minutes) == ("role-20260302-0900", 20)
    assert (block.id, block.request_id) == ("role-busy-20260302-0930", None)
    assert block.source == "calendar x=y.ics"
    said = capsys.readouterr()
    assert "read: 1 calendars, 4 VEVENT" in said.out
    assert "times that are no sessions: 1 cancelled" in said.out
    assert "1 error, 0 warnings" in said.out
    assert "'[red]Nowhere[/]'" in said.err
    (problem,) = (json.loads(line) for line in found.read_text().splitlines())
    assert (problem["code"], problem["path"]) == ("unknown_time_zone", "x=y.ics:17/DTSTART")


def test_a_folder_holds_files_that_are_named_after_roles(
    tmp_path: Path,
    base: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Names are percent-decoded, gzip is read; what is no role's calendar is named, and left."""
    folder = tmp_path / "calendars"
    folder.mkdir()
    (folder / "a%2Fb%20c.ics.gz").write_bytes(gzip.compress(CALENDAR.encode()))
    (folder / "notes.txt").write_text("nothing")
    (folder / "stranger.ics").write_text(CALENDAR)
    assert run(monkeypatch, "import", "ical", folder, "--into", base, "--out", tmp_path / "o") == 0
    dataset, _ = read_dataset(tmp_path / "o")
    assert [row.role_id for row in dataset.sessions] == ["a/b c"]
    said = capsys.readouterr().err
    assert "unknown_file (1): notes.txt" in said
    assert "dangling_reference stranger.ics: 'stranger'" in said


def test_a_folder_of_strangers_is_refused(
    tmp_path: Path,
    base: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Where no file is named after a role, nothing can be used, and nothing is written."""
    folder, out = tmp_path / "calendars", tmp_path / "out"
    folder.mkdir()
    (folder / "stranger.ics").write_text(CALENDAR)
    assert run(monkeypatch, "import", "ical", folder, "--into", base, "--out", out) == 2
    assert f"empty_dataset {folder}: nothing in it can be used" in capsys.readouterr().err
    assert not out.exists()


def test_everything_that_is_not_there_is_said_at_once(
    tmp_path: Path,
    base: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A role, a file, a folder without calendars: exit code 2, and nothing is written."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "nobody.ics").write_text(CALENDAR)
    names = (tmp_path / "empty", tmp_path / "nobody.ics", "rolle=gone.ics")
    out = tmp_path / "out"
    assert run(monkeypatch, "import", "ical", *names, "--into", base, "--out", out) == 2
    said = capsys.readouterr().err
    assert "not_found" in said
    assert "dangling_reference nobody.ics: 'nobody'" in said
    assert "dangling_reference gone.ics: 'rolle'" in said
    assert "not_found gone.ics" in said
    assert not out.exists()


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "not_icalendar"),
        (b"hello", "not_icalendar"),
        (CALENDAR.encode()[:-20], "not_icalendar"),
        (CALENDAR.encode().replace(b"END:VEVENT", b"END:VTODO", 1), "not_icalendar"),
        (b"DTSTART:20260302T140000Z\n" + CALENDAR.encode(), "not_icalendar"),
        (b"BEGIN:X\n" * 100_000, "not_icalendar"),
        (CALENDAR.encode("utf-16"), "not_utf8"),
        (CALENDAR.replace("PT15M", "PT15M\nSUMMARY:\xff").encode("latin-1"), "not_utf8"),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:X\nEND:X\n" * 200_001, "too_large"),
        (b"\n" * (33 << 20), "too_large"),
    ],
)
def test_what_is_no_calendar_is_refused(
    tmp_path: Path,
    base: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    raw: bytes,
    code: str,
) -> None:
    """A file that is cut short, nested without end or no text at all is not read in part."""
    file, out = tmp_path / "role.ics", tmp_path / "out"
    file.write_bytes(raw)
    assert run(monkeypatch, "import", "ical", file, "--into", base, "--out", out) == 2
    assert f"error {code} role.ics" in capsys.readouterr().err
    assert not out.exists()


def test_the_extra_is_asked_for(
    tmp_path: Path,
    base: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without the libraries both commands say what to install, and exit with 2."""
    monkeypatch.setattr(doors, "find_spec", {}.get)
    file = tmp_path / "role.ics"
    file.write_text(CALENDAR)
    out = tmp_path / "out"
    assert run(monkeypatch, "import", "ical", file, "--into", base, "--out", out) == 2
    assert run(monkeypatch, "export", "ical", base, "--out", out) == 2
    said = capsys.readouterr().err
    assert said.count("missing_extra") == 4
    assert "pip install 'slotmatch[calendar]'" in said
    assert not out.exists()


def test_nothing_of_the_extra_is_loaded_before_it_is_needed() -> None:
    """The engine's door, and so every other import command, works without the libraries."""
    code = (
        "import sys, api.cli.importing, api.cli.exporting;"
        "sys.exit(bool({'icalendar', 'recurring_ical_events'} & sys.modules.keys()))"
    )
    root = Path(ical.__file__).parents[3]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root, env={**os.environ})


def test_an_export_is_read_back(
    tmp_path: Path,
    base: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A file per role that has something; what an earlier export left of the others goes."""
    full, folder, again = tmp_path / "full", tmp_path / "calendars", tmp_path / "again"
    clinic = Clinic().role("a/b c").request("r").session(role_id="a/b c")
    clinic.appointment("09:00", "09:15", request="r", role_id="a/b c")
    write_dataset(clinic.dataset(), full)
    folder.mkdir()
    (folder / "role.ics").write_text("of before")
    assert run(monkeypatch, "export", "ical", full, "--out", folder) == 0
    assert "1 calendar with 1 session, 1 appointment" in capsys.readouterr().out
    assert [file.name for file in folder.iterdir()] == ["a%2Fb%20c.ics"]
    assert run(monkeypatch, "import", "ical", folder, "--into", base, "--out", again) == 0
    assert dataset_hash(read_dataset(again)[0]) == dataset_hash(clinic.dataset())


def test_a_plan_is_exported_with_its_dataset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its places are opaque events with the ids of their requests."""
    full, plan, folder = tmp_path / "full", tmp_path / "plan.ndjson", tmp_path / "calendars"
    write_dataset(Clinic().session().request("r1").dataset(), full)
    assert run(monkeypatch, "match", full, "--out", plan, "--quiet") == 0
    assert run(monkeypatch, "export", "ical", full, "--plan", plan, "--out", folder) == 0
    assert "SUMMARY:Visit r1" in (folder / "role.ics").read_text()


def test_an_export_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every calendar is tried before the first is written."""
    full, folder = tmp_path / "full", tmp_path / "calendars"
    write_dataset(Clinic().role("a").role("z").session(role_id="a").dataset(), full)
    (folder / "z.ics").mkdir(parents=True)
    assert run(monkeypatch, "export", "ical", full, "--out", folder) == 2
    assert "z.ics" in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["z.ics"]


def test_a_role_that_can_name_no_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its id has 200 characters, and in the name of a file each of them would have nine."""
    full, out = tmp_path / "full", tmp_path / "out"
    write_dataset(Clinic().role("€" * 200).dataset(), full)
    assert run(monkeypatch, "export", "ical", full, "--out", out) == 2
    assert "out_of_range roles/id" in capsys.readouterr().err
    assert not out.exists()
