"""Files as they come: other encodings, broken quotes, and those that would take a reader down."""

from __future__ import annotations

import gzip
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from csv_sample import FILE, LIST, PATIENTS, REQUESTS, errors, read, refused, with_fields
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import DatasetError
from engine.interchange import files
from engine.interchange.csv_tables import table_file
from engine.interchange.files import MAX_BLANK_LINES, MAX_LINE_BYTES

BOTH = (PATIENTS, REQUESTS)


def with_options(**options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both tables, read otherwise."""
    return PATIENTS | options, REQUESTS | options


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-8-sig", "UTF8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "UTF-16LE"),
        ("cp1252", "windows-1252"),
        ("latin-1", "latin-1"),
        ("latin-1", "ISO-8859-1"),
        ("cp437", "cp437"),
        ("mac-roman", "macintosh"),
    ],
)
def test_encodings_are_read_by_their_names(tmp_path: Path, encoding: str, named: str) -> None:
    """With a byte order mark or without; names are read as Python knows them."""
    raw = LIST.replace("ann", "änn").encode(encoding)
    dataset, _ = read(tmp_path, raw, *with_options(encoding=named))
    assert [row.id for row in dataset.patients] == ["änn", "ben"]


@pytest.mark.parametrize("named", ["rot13", "hex", "zlib", "idna", "undefined", "mbcs", "", "ü", 3])
def test_what_is_no_encoding_is_refused(tmp_path: Path, named: Any) -> None:
    """Python's codecs do other things, too, such as unpacking."""
    found = refused(tmp_path, LIST, PATIENTS | {"encoding": named})
    assert [row.path for row in found] == ["mapping.toml/tables/0/encoding"]


@pytest.mark.parametrize(
    ("raw", "named", "code", "line"),
    [
        (LIST.replace("ben", "bän").encode("cp1252"), "utf-8", "not_utf8", 3),
        (LIST.encode("utf-16"), "utf-8", "not_utf8", 1),
        (LIST.encode("utf-16-le"), "utf-8", "bad_text", 1),
        (LIST.encode() + b"\x81", "cp1252", "wrong_encoding", 4),
        (LIST.encode("utf-16") + b"a", "utf-16", "wrong_encoding", 4),
        (LIST.encode("utf-16") + b"\x00\xd8a\x00", "utf-16", "wrong_encoding", 1),
        ("No,ä".encode(), "ascii", "wrong_encoding", 1),
        (b"\xed\xa0\x80", "utf-8", "not_utf8", 1),
    ],
)
def test_a_wrong_encoding_ends_the_import(
    tmp_path: Path, raw: bytes, named: str, code: str, line: int
) -> None:
    """The line is named, and once; half a list is not taken for a list."""
    found = refused(tmp_path, raw, *with_options(encoding=named))
    assert [(row.code, row.path) for row in found] == [(code, f"{FILE}:{line}")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(tmp_path: Path, end: str) -> None:
    """Also inside of quotes, where they are text; the lines are counted all the same."""
    rows = f'No,MRN,Reason,Created{end}"r{end}1",ann,visit,2026-03-01T18:00{end}r2,ann,visit,x{end}'
    found = [row for row in refused(tmp_path, rows, REQUESTS) if row.is_error]
    assert [(row.code, row.path) for row in found] == [
        ("bad_text", f"{FILE}:2/No"),
        ("bad_instant", f"{FILE}:4/Created"),
        ("empty_dataset", "tables"),
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ('"r3,ann,visit,2026-03-01T18:00\n', "not_csv"),
        ('"r3"x,ann,visit,2026-03-01T18:00\n', "not_csv"),
        ("r3," + "a" * 10_000_000 + ",visit,x\n", "line_too_long"),
        ('r3,"' + "aaaaaaaa\n" * 200_000 + '",visit,x\n', "line_too_long"),
        ('"\n' + '","\n' * 400_000, "line_too_long"),
        ("," * 20_000 + "\n", "line_too_long"),
        ("\n" * 1_000_000, "too_large"),
        (",,,\n" * 20_000, "too_large"),
        (" \n" * 20_000, "too_large"),
    ],
)
def test_what_is_no_row_ends_the_import(tmp_path: Path, row: str, code: str) -> None:
    """Nothing is imported of a file that cannot be read to its end."""
    found = refused(tmp_path, LIST + row)
    assert [problem.code for problem in found] == [code]
    assert found[0].path.startswith(f"{FILE}:")


def test_just_inside_of_the_bounds(tmp_path: Path) -> None:
    """A few blank lines less, a cell that is long and unused, quotes inside of a cell."""
    rest = f',{"a" * (MAX_LINE_BYTES // 2)},"5"" nail"\n'
    rows = "\n" * MAX_BLANK_LINES + LIST.replace("Created", "Created,Long,Nail").replace("\n", rest)
    rows = rows.replace(f"Created,Long,Nail{rest}", "Created,Long,Nail\n")
    dataset, report = read(tmp_path, rows)
    assert len(dataset.requests) == 2
    assert not report.findings.num_errors


def test_rows_with_other_cells_than_the_header_are_left_out(tmp_path: Path) -> None:
    """More or fewer, each once, whichever tables read them; blank rows are none."""
    rows = LIST + "r3,ann\n\n,,,\nr4,ann,visit,2026-03-01T18:00,more\n"
    dataset, report = read(tmp_path, rows)
    assert len(dataset.requests) == 2
    assert errors(report) == [
        ("wrong_number_of_cells", f"{FILE}:4"),
        ("wrong_number_of_cells", f"{FILE}:7"),
    ]


def test_control_characters_are_refused_with_their_row(tmp_path: Path) -> None:
    """A NUL is no text, and once per cell is enough to say so."""
    _, report = read(tmp_path, LIST.replace("r1,ann", "r1,a\0nn"))
    assert errors(report) == [("bad_text", f"{FILE}:2/MRN")]


@pytest.mark.parametrize("rows", ["", "\n\n", ",,\n"])
def test_a_file_names_its_columns(tmp_path: Path, rows: str) -> None:
    """Without them nothing can be mapped."""
    found = refused(tmp_path, rows, PATIENTS)
    assert [row.code for row in found] == ["missing_header"]


def test_columns_of_one_name_cannot_be_told_apart(tmp_path: Path) -> None:
    """It is an error where the mapping uses them, and none where it does not."""
    rows = LIST.replace("Created", "Created,MRN").replace(":00\n", ":00,x\n")
    found = refused(tmp_path, rows, PATIENTS)
    assert [row.code for row in found] == ["duplicate_key"]
    rows = LIST.replace("Created", "Created,Note,Note,").replace(":00\n", ":00,x,x,\n")
    dataset, _ = read(tmp_path, rows.replace(":05\n", ":05,x,y,\n"))
    assert len(dataset.requests) == 2


@pytest.mark.parametrize("delimiter", [";", "\t", "|", ":", "^", "~"])
def test_other_delimiters(tmp_path: Path, delimiter: str) -> None:
    """As the mapping says; nothing is guessed."""
    rows = LIST.replace("T18:0", "T18_0").replace(",", delimiter).replace("T18_0", "T18:0")
    rows = rows.replace("2026-03-01T18:00", '"2026-03-01T18:00"')
    rows = rows.replace("2026-03-01T18:05", '"2026-03-01T18:05"')
    dataset, _ = read(tmp_path, rows, *with_options(delimiter=delimiter))
    assert len(dataset.requests) == 2
    with pytest.raises(DatasetError):
        read(tmp_path, rows)


def test_a_delimiter_that_is_not_stated_is_guessed_in_the_advice(tmp_path: Path) -> None:
    """A line that is one column, and holds what may stand between cells, is no single name."""
    problems = refused(tmp_path, LIST.replace(",", ";"), PATIENTS, REQUESTS)
    unknown = [row for row in problems if row.code == "unknown_column"]
    assert unknown
    assert all("Maybe the delimiter is ';'" in row.message for row in unknown)
    (alone,) = refused(tmp_path, "Nr\n1\n", PATIENTS)
    assert "Maybe one of: Nr" in alone.message


def test_other_quotes_and_lines_before_the_columns(tmp_path: Path) -> None:
    """Files without quotes have them in their text; titles stand above a table."""
    rows = 'Waiting list, "March\n\n' + LIST.replace("ann", 'a"nn')
    dataset, _ = read(tmp_path, rows, *with_options(quote="", skip_lines=2))
    assert dataset.patients[0].id == 'a"nn'
    rows = LIST.replace("ann", "'a,nn'")
    dataset, _ = read(tmp_path, rows, *with_options(quote="'"))
    assert dataset.patients[0].id == "a,nn"
    found = refused(tmp_path, LIST, *with_options(skip_lines=5))
    assert {row.code for row in found} == {"missing_header"}


def test_packed_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unpacked as they are read, bounded, and refused where they are broken."""
    table = PATIENTS | {"file": "list.csv.gz"}
    raw = gzip.compress(LIST.encode())
    (tmp_path / "list.csv.gz").write_bytes(raw)
    assert len(read(tmp_path, "", table)[0].patients) == 2
    (tmp_path / "list.csv.gz").write_bytes(raw[:-12])
    assert [row.code for row in refused(tmp_path, "", table)] == ["not_readable"]
    (tmp_path / "list.csv.gz").write_bytes(LIST.encode())
    assert [row.code for row in refused(tmp_path, "", table)] == ["not_readable"]
    (tmp_path / "list.csv.gz").write_bytes(gzip.compress(b"a" * 100_000_000))
    assert [row.code for row in refused(tmp_path, "", table)] == ["line_too_long"]
    monkeypatch.setattr(table_file, "MAX_FILE_BYTES", 50)
    (tmp_path / "list.csv.gz").write_bytes(raw)
    assert [row.code for row in refused(tmp_path, "", table)] == ["too_large"]
    assert files.MAX_FILE_BYTES > 50


@given(st.binary(max_size=200), st.sampled_from(["utf-8", "cp1252", "utf-16", "shift_jis"]))
def test_any_bytes_are_read_or_refused(tmp_path_factory: Any, raw: bytes, encoding: str) -> None:
    """Whatever stands in a file, the end is a dataset or findings."""
    folder = tmp_path_factory.mktemp("any")
    table = with_fields(PATIENTS, id={"columns": ["No", "MRN"]}) | {"encoding": encoding}
    for text in (raw, LIST.encode(encoding) + raw):
        with suppress(DatasetError):
            dataset, report = read(folder, text, table)
            assert len(dataset.patients) == report.made["patients"]
