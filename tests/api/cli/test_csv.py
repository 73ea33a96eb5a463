"""``slotmatch import csv`` and ``slotmatch export csv``: options, messages, exit codes, files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from csv_sample import FILE, LIST, PATIENTS, REQUESTS, clinic, with_fields, write_mapping

from api.cli.main import main
from engine.interchange.dataset import read_dataset, write_dataset

EXAMPLE = Path(__file__).parents[3] / "scenarios/examples/small_clinic.json"
HEADER = {
    "schema": "slotmatch.dataset/1",
    "as_of": "2026-03-02T00:00:00-05:00",
    "time_zone": "America/New_York",
    "horizon": {"start": "2026-03-02T00:00:00-05:00", "end": "2026-03-09T00:00:00-04:00"},
}


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the clinic, a list, and a mapping of it; the commands run there."""
    write_dataset(clinic(), tmp_path / "clinic")
    (tmp_path / FILE).write_text(LIST)
    write_mapping(tmp_path, PATIENTS, REQUESTS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *args: str) -> int | str | None:
    """Run a command in this process; its exit code, 0 where it ends by itself."""
    monkeypatch.setattr("sys.argv", ["slotmatch", *args])
    try:
        main()
    except SystemExit as ended:
        return ended.code or 0
    return 0


def import_csv(monkeypatch: pytest.MonkeyPatch, *args: str) -> int | str | None:
    """Import the list into the clinic, unless the options say otherwise."""
    return run(monkeypatch, "import", "csv", "mapping.toml", "--out", "week", *args)


def test_a_list_is_read_into_a_clinic(
    office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was read and made is said, and the clinic stays as it is."""
    assert import_csv(monkeypatch, "--into", "clinic") == 0
    said = capsys.readouterr().out
    assert "read: 2 rows of list.csv\nmade: 2 patients, 2 requests, 1 doctors" in said
    assert "0 errors, 0 warnings\nwritten to week\n" in said
    assert len(read_dataset(office / "week")[0].requests) == 2
    assert read_dataset(office / "clinic")[0].requests == ()


def test_the_same_folder_may_be_read_and_written(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clinic takes in its list; a second time nothing is added."""
    for _ in range(2):
        code = run(
            monkeypatch, "import", "csv", "mapping.toml", "--into", "clinic", "--out", "clinic"
        )
        assert code == 0
    assert len(read_dataset(office / "clinic")[0].requests) == 2


def test_rows_that_are_wrong_are_said_and_the_others_written(
    office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """File, line, column, value and rule; the report holds the same."""
    (office / FILE).write_text(LIST + "r3,cleo,vist,2026-03-08 02:30\nr4,[red]x[/],visit,\n")
    report = office / "findings.ndjson"
    assert import_csv(monkeypatch, "--into", "clinic", "--report", str(report)) == 0
    said = capsys.readouterr()
    assert "error dangling_reference list.csv:4/Reason: 'vist': there is no visit type" in said.err
    assert "error missing_field list.csv:5/Created: the cell is empty" in said.err
    assert "warning doubtful_clock (1): list.csv:4/Created: '2026-03-08 02:30'" in said.err
    assert "2 errors, 1 warning" in said.out
    codes = [json.loads(line)["code"] for line in report.read_text().splitlines()]
    assert sorted(codes) == ["dangling_reference", "doubtful_clock", "missing_field"]
    assert len(read_dataset(office / "week")[0].patients) == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LIST + '"r3,ann\n', "not_csv list.csv:4"),
        (LIST.replace("MRN", "Mrn"), "unknown_column mapping.toml/tables/0/fields/id: 'MRN'"),
        ("", "missing_header mapping.toml/tables/0/file: 'list.csv'"),
        (LIST.replace("visit", "x").replace("ann", "").replace("ben", ""), "no row can be used"),
    ],
)
def test_what_cannot_be_read_writes_nothing(
    office: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    text: str,
    said: str,
) -> None:
    """Exit code 2 and the reason; the report is written all the same."""
    (office / FILE).write_text(text)
    assert import_csv(monkeypatch, "--into", "clinic", "--report", "findings.ndjson") == 2
    assert said in capsys.readouterr().err
    assert not (office / "week").exists()
    assert (office / "findings.ndjson").read_text()


def test_a_dataset_or_a_header_is_needed(
    office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One of them, and not both."""
    assert import_csv(monkeypatch) == 2
    assert "no header, and no dataset is named" in capsys.readouterr().err
    write_mapping(office, PATIENTS, header=HEADER)
    assert import_csv(monkeypatch) == 0
    assert import_csv(monkeypatch, "--into", "clinic") == 2
    assert "a header, and a dataset is named" in capsys.readouterr().err


def test_the_tables_may_lie_elsewhere(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``--data`` names their folder."""
    (office / "exports").mkdir()
    (office / FILE).rename(office / "exports" / FILE)
    assert import_csv(monkeypatch, "--into", "clinic") == 2
    assert import_csv(monkeypatch, "--into", "clinic", "--data", "exports") == 0


@pytest.mark.parametrize("args", [("--into", "nowhere"), ("--into", "clinic/header.json")])
def test_what_it_is_read_into_is_a_dataset(
    office: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, str]
) -> None:
    """Anything else is refused before the tables are read."""
    assert import_csv(monkeypatch, *args) == 2
    assert not (office / "week").exists()


def test_a_mapping_that_is_not_there(
    office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Or is a folder: there is no such file."""
    for name in ("other.toml", "clinic"):
        assert run(monkeypatch, "import", "csv", name, "--into", "clinic", "--out", "week") == 2
        assert f"not_found {name}: there is no such file" in capsys.readouterr().err
        assert not (office / "week").exists()


def test_an_export_reads_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The files are named, and the mapping among them gives the very same dataset."""
    assert run(monkeypatch, "export", "csv", str(EXAMPLE), "--out", str(tmp_path / "t")) == 0
    assert "patients.csv, requests.csv, " in capsys.readouterr().out
    mapping = str(tmp_path / "t" / "mapping.toml")
    assert run(monkeypatch, "import", "csv", mapping, "--out", str(tmp_path / "again")) == 0
    assert read_dataset(tmp_path / "again")[0] == read_dataset(EXAMPLE)[0]


def test_an_export_with_a_plan_books_it_and_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its places are appointments of the tables, and rows of ``plan.csv``."""
    plan, tables = tmp_path / "plan.ndjson", tmp_path / "tables"
    assert run(monkeypatch, "match", str(EXAMPLE), "--out", str(plan), "--quiet") == 0
    args = ("export", "csv", str(EXAMPLE), "--plan", str(plan), "--out", str(tables))
    assert run(monkeypatch, *args) == 0
    lines = (tables / "plan.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "request,patient,state,day,start,end,doctor,place,reason"
    assert len(lines) == 1 + len(read_dataset(EXAMPLE)[0].requests)
    booked = (tables / "appointments.csv").read_text(encoding="utf-8-sig")
    assert booked.count(",plan\n") == sum(",placed," in line for line in lines)


def test_an_export_that_cannot_be_written_leaves_nothing(
    office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every file is tried before the first is written."""
    (office / "tables" / "sessions.csv").mkdir(parents=True)
    assert run(monkeypatch, "export", "csv", "clinic", "--out", "tables") == 2
    assert "sessions.csv" in capsys.readouterr().err
    assert [path.name for path in (office / "tables").iterdir()] == ["sessions.csv"]
    assert run(monkeypatch, "export", "csv", "nowhere", "--out", "other") == 2
    assert not (office / "other").exists()


def test_tables_and_datasets_do_not_share_a_folder(
    office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dataset with a ``doctors.csv`` in its folder could not be read any more."""
    assert run(monkeypatch, "export", "csv", "clinic", "--out", "clinic") == 2
    assert "clinic: holds a dataset" in capsys.readouterr().err
    assert read_dataset(office / "clinic")[0].doctors
    assert run(monkeypatch, "export", "csv", "clinic", "--out", "tables") == 0
    assert run(monkeypatch, "import", "csv", "tables/mapping.toml", "--out", "tables") == 2
    assert "tables/doctors.csv: a dataset is to be written" in capsys.readouterr().err
    assert not (office / "tables" / "header.json").exists()
    assert import_csv(monkeypatch, "--into", "clinic", "--out", ".") == 0
    assert read_dataset(office)[0].requests


def test_the_schema_of_a_mapping_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As those of datasets and plans are."""
    assert run(monkeypatch, "schema", "mapping") == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Mapping"


def test_markup_in_names_is_shown_as_it_stands(
    office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Columns and cells are the user's; they mean no style."""
    name = "[bold]No[/bold] [/red]"
    (office / FILE).write_text(LIST.replace("No,", f"{name},", 1).replace("r1", ""))
    write_mapping(office, PATIENTS, with_fields(REQUESTS, id=name))
    assert import_csv(monkeypatch, "--into", "clinic") == 0
    said = capsys.readouterr().err.replace("\\", "")
    assert "[bold]No[" in said
    assert "the cell is empty, and the field id is required" in said
