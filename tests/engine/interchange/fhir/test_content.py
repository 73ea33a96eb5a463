"""Files, bundles and references: what is found where, and what hostile input does."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from clinic import Clinic
from fhir_sample import (
    appointment,
    bundle,
    codes,
    found,
    patient,
    read,
    schedule,
    slot,
    told,
)

from engine.errors import DatasetError
from engine.interchange.fhir import read_fhir
from engine.interchange.fhir.content import MAX_DEPTH

ROWS = [schedule(), slot(), patient(), appointment("10:00", "10:15")]


def lines(*rows: Any) -> bytes:
    """Resources, one per line."""
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def codes_of(error: pytest.ExceptionInfo[DatasetError]) -> list[str]:
    """Codes of what an error says."""
    return [problem.code for problem in error.value.problems]


@pytest.mark.parametrize("name", ["r.ndjson", "r.NDJSON", "r.jsonl", "r.ndjson.gz"])
def test_a_resource_per_line(tmp_path: Path, name: str) -> None:
    """Plain or gzip."""
    text = lines(*ROWS)
    (tmp_path / name).write_bytes(gzip.compress(text, mtime=0) if name.endswith("gz") else text)
    dataset, report = read_fhir([tmp_path / name], Clinic().dataset())
    assert (len(dataset.sessions), len(dataset.appointments)) == (1, 1)
    assert report.read == {"Schedule": 1, "Slot": 1, "Patient": 1, "Appointment": 1}


@pytest.mark.parametrize("name", ["r.json", "r.json.gz", "anything"])
@pytest.mark.parametrize("kind", ["collection", "searchset", "transaction", "batch", "history"])
def test_bundles_of_any_type(tmp_path: Path, name: str, kind: str) -> None:
    """Of entries without a resource nothing is read."""
    whole = bundle(*ROWS, kind=kind)
    whole["entry"].append({"request": {"method": "DELETE", "url": "Slot/S"}})
    text = json.dumps(whole).encode()
    (tmp_path / name).write_bytes(gzip.compress(text, mtime=0) if name.endswith("gz") else text)
    dataset, report = read_fhir([tmp_path / name], Clinic().dataset())
    assert (len(dataset.sessions), len(dataset.appointments)) == (1, 1)
    assert found(report) == {}


def test_a_folder_is_all_its_files(tmp_path: Path) -> None:
    """Below it too, each resource a file or bundles in bundles; what is no data is reported, what
    is hidden is not; files of one name are told apart.
    """
    for number, row in enumerate([*ROWS[:2], bundle(bundle(*ROWS[2:]))]):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "one.json").write_text(json.dumps(row))
    (tmp_path / "readme.txt").write_text("hello")
    (tmp_path / ".hidden").write_text("hello")
    late = slot("11:00", "10:00", "late")
    (tmp_path / "two.ndjson").write_bytes(lines(late))
    dataset, report = read_fhir([tmp_path], Clinic().dataset())
    assert (len(dataset.sessions), len(dataset.appointments)) == (1, 1)
    assert found(report) == {"unknown_file": 1, "empty_interval": 1}
    assert {row.path for row in report.findings.problems} == {"readme.txt", "two.ndjson:1/end"}


def test_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    """What is wrong in one is not taken out of the other."""
    good, bad = slot(id="good"), slot("10:00", told("10:15").replace(":00-", ":30-"), "bad")
    for name, row in (("a", good), ("b", bad)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.json").write_text(json.dumps(bundle(row)))
    (tmp_path / "d.json").write_text(json.dumps(schedule()))
    dataset, report = read_fhir([tmp_path], Clinic().dataset())
    assert [row.id for row in dataset.sessions] == ["good"]
    assert [row.path for row in report.findings.problems if row.is_error] == [
        "one.json(2)/entry/0/resource/end"
    ]


def test_names_of_files_may_be_odd(tmp_path: Path) -> None:
    """Control characters and length do not get in the way of what is said."""
    file = tmp_path / ("x" * 200 + "\n\x1b[31m.ndjson")
    file.write_bytes(lines(*ROWS, slot("11:00", told("11:15").replace(":00-", ":30-"), "bad")))
    dataset, report = read_fhir([file], Clinic().dataset())
    assert len(dataset.sessions) == 1
    assert report.findings.counts["error", "not_whole_minute"] == 1


def test_files_that_are_not_there_are_all_named(tmp_path: Path) -> None:
    """With a type of visit that the dataset has not, before anything is read."""
    with pytest.raises(DatasetError) as error:
        read_fhir([tmp_path / "a", tmp_path / "b"], Clinic().dataset(), "scan")
    assert codes_of(error) == ["dangling_reference", "not_found", "not_found"]


@pytest.mark.parametrize(
    ("whole", "code"),
    [
        ({"resourceType": "Bundle", "entry": 7}, "wrong_type"),
        ({"resourceType": "Bundle", "entry": [7, {"fullUrl": 7}]}, "wrong_type"),
        ({"resourceType": "bundle", "entry": []}, "unused_resource"),
        ({"resourceType": "Bundle"}, "empty_dataset"),
        ([], "unused_resource"),
    ],
)
def test_bundles_that_are_none(tmp_path: Path, whole: Any, code: str) -> None:
    """Where there is nothing at all, or nothing but mistakes, nothing is written."""
    (tmp_path / "b.json").write_text(json.dumps(whole))
    if code == "unused_resource":
        dataset, report = read_fhir([tmp_path / "b.json"], Clinic().dataset())
        assert dataset == Clinic().dataset()
        assert found(report) == {code: 1}
        return
    with pytest.raises(DatasetError) as error:
        read_fhir([tmp_path / "b.json"], Clinic().dataset())
    assert set(codes_of(error)) == {code, "empty_dataset"}


DEEP_BUNDLE = b'{"resourceType":"Bundle","entry":[{"resource":' * 300 + b"7" + b"}]}" * 300


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"[" * 100_000, "not_json"),
        (b'{"a":' * 100_000, "not_json"),
        (b'{"resourceType": "Slot", "id": "a", "id": "b"}', "duplicate_key"),
        (b'{"resourceType": "Slot", "id": "a", "x": NaN}', "not_finite"),
        (b'{"resourceType": "Slot", "id": "a", "x": 1e999}', "missing_field"),
        (b'{"resourceType": "Slot", "id": "\\ud800"}', "bad_text"),
        (b'{"resourceType": "Slot", "id": "\\u0000"}', "bad_text"),
        (b'{"resourceType": "Slot", "id": "' + b"9" * 300 + b'"}', "out_of_range"),
        (b'{"resourceType": "Slot", "id": ' + b"9" * 5000 + b"}", "out_of_range"),
        (b'{"resourceType": "Slot", "id": "a", "status": "\\ud800"}', "missing_field"),
        (b'{"resourceType": "\\ud800"}', "unused_resource"),
        (b"\xff\xfe", "not_utf8"),
        (b"", "not_json"),
        (DEEP_BUNDLE, "too_large"),
        (gzip.compress(b"{", mtime=0), "not_utf8"),
    ],
)
def test_hostile_bytes(tmp_path: Path, text: bytes, code: str) -> None:
    """Each is reported, and what stands beside it is read."""
    (tmp_path / "a.json").write_bytes(text)
    (tmp_path / "b.ndjson").write_bytes(lines(*ROWS))
    dataset, report = read_fhir([tmp_path], Clinic().dataset())
    assert len(dataset.sessions) == 1
    assert code in found(report)


def test_extensions_of_others_may_hold_anything(tmp_path: Path) -> None:
    """Ours are judged."""
    theirs = [{"url": "http://example.org", "valueInteger": -1, "valueInstant": "1970"}, 7]
    _, report = read(tmp_path, schedule(), slot(extension=theirs[:1]))
    assert found(report) == {}
    nested = {"url": "latitude"}
    for _ in range(200):
        nested = {"url": "latitude", "extension": [nested]}
    rows = [schedule(), slot("11:00", "11:15", "T"), slot(extension=theirs)]
    rows += [slot("10:00", "10:15", "U", extension=[nested])]
    dataset, report = read(tmp_path, *rows)
    assert "wrong_type" in found(report)
    assert {"T"} <= {row.id for row in dataset.sessions}


def test_nothing_is_read_of_a_gigabyte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that unpacks to more than is read is refused."""
    monkeypatch.setattr("engine.interchange.files.MAX_FILE_BYTES", 1000)
    (tmp_path / "bomb.json.gz").write_bytes(gzip.compress(b" " * 100_000, mtime=0))
    with pytest.raises(DatasetError) as error:
        read_fhir([tmp_path], Clinic().dataset())
    assert codes_of(error) == ["too_large", "empty_dataset"]


def test_bundles_may_not_be_nested_without_end(tmp_path: Path) -> None:
    """What lies too deep is an error, and the rows beside it are used."""
    deep = bundle(slot("10:00", "10:15", "D"))
    for _ in range(40):
        deep = bundle(deep)
    dataset, report = read(tmp_path, schedule(), slot(), deep)
    assert [row.id for row in dataset.sessions] == ["S"]
    assert found(report) == {"too_large": 1}


def test_rows_of_nested_bundles_are_left_out_one_by_one(tmp_path: Path) -> None:
    """One that breaks a check takes nothing along."""
    taken = Clinic().session().dataset().sessions[0].id
    deep = bundle(slot("10:00", "10:15", taken), slot("10:15", "10:30", "D"))
    for _ in range(MAX_DEPTH - 2):
        deep = bundle(deep)
    base = Clinic().session().dataset()
    dataset, report = read(tmp_path, schedule(), deep, base=base)
    assert [row.id for row in dataset.sessions] == [taken, "D"]
    assert found(report)["duplicate_id"] == 1


def test_codes_are_reported_once_over_all_rows(tmp_path: Path) -> None:
    """However many slots have them."""
    rows = [
        slot(f"{hour}:00", f"{hour}:15", f"s{hour}", serviceType=codes("x")) for hour in (9, 10)
    ]
    _, report = read(tmp_path, schedule(), *rows)
    assert found(report) == {"unknown_code": 1}
