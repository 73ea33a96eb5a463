"""Datasets on disk: read back what was written, and refuse what cannot be used."""

from __future__ import annotations

import gzip
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from worlds import tiny_worlds

from engine.domain import COLLECTIONS, Dataset
from engine.errors import DatasetError
from engine.interchange import files
from engine.interchange.canonical import dataset_hash
from engine.interchange.dataset import (
    dataset_from,
    dataset_schema,
    read_dataset,
    read_document,
    write_dataset,
    write_document,
)
from engine.interchange.files import MAX_LINE_BYTES
from engine.problems import MAX_KEPT
from scenarios.world import WorldSpec, generate_world

EXAMPLE = Path("scenarios/examples/small_clinic.json")


def content() -> dict[str, Any]:
    """The small clinic as plain values."""
    return json.loads(EXAMPLE.read_bytes())  # type: ignore[no-any-return]


def refused(value: Any) -> list[tuple[str, str]]:
    """Code and path of every error of a document."""
    with pytest.raises(DatasetError) as caught:
        dataset_from(value)
    return [(problem.code, problem.path) for problem in caught.value.problems if problem.is_error]


@pytest.mark.parametrize("compress", [False, True])
def test_folder_round_trip(tmp_path: Path, *, compress: bool) -> None:
    """A world written as a folder reads back with the same hash, and writes the same bytes."""
    dataset = generate_world(WorldSpec(requests=30, doctors=8, days=3, seed=7))
    write_dataset(dataset, tmp_path / "a", compress=compress)
    again, report = read_dataset(tmp_path / "a")
    assert report.num_errors == 0
    write_dataset(again, tmp_path / "b", compress=compress)
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()
    assert dataset_hash(again) == dataset_hash(dataset)


@given(tiny_worlds())
def test_document_round_trip(dataset: Dataset) -> None:
    """Every record survives the way to JSON and back, to the same hash."""
    again, _ = read_document(write_document(dataset))
    assert dataset_hash(again) == dataset_hash(dataset)
    assert write_document(again) == write_document(dataset)


def test_hash_depends_on_content_alone() -> None:
    """Order of records does not matter; a price does."""
    dataset, _ = dataset_from(content())
    turned = replace(dataset, requests=dataset.requests[::-1], roles=dataset.roles[::-1])
    assert dataset_hash(turned) == dataset_hash(dataset)
    dearer = (replace(dataset.requests[0], max_travel_km=3.0), *dataset.requests[1:])
    assert dataset_hash(replace(dataset, requests=dearer)) != dataset_hash(dataset)


def test_files_of_emptied_collections_are_removed(tmp_path: Path) -> None:
    """Writing into a folder twice leaves nothing of the first time."""
    dataset, _ = dataset_from(content())
    write_dataset(dataset, tmp_path, compress=True)
    write_dataset(replace(dataset, appointments=()), tmp_path)
    assert {file.name for file in tmp_path.glob("appointments*")} == set()
    assert read_dataset(tmp_path)[0].appointments == ()


def test_a_disk_that_fills_up_leaves_the_dataset_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file is replaced before all are written, and no draft stays behind."""
    before, _ = read_dataset(EXAMPLE)
    after = replace(before, requests=tuple(replace(row, id="newer") for row in before.requests))
    write_dataset(before, tmp_path)
    names, write = sorted(path.name for path in tmp_path.iterdir()), Path.write_bytes

    def write_some(path: Path, text: bytes) -> int:
        if b"newer" in text:
            write(path, text[:10])
            raise OSError(28, "No space left on device")
        return write(path, text)

    monkeypatch.setattr(Path, "write_bytes", write_some)
    with pytest.raises(OSError, match="No space"):
        write_dataset(replace(after, patients=()), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert read_dataset(tmp_path)[0] == before


def test_plain_gzip_and_document_are_the_same(tmp_path: Path) -> None:
    """One JSON file, plain or gzip, reads as the folder does."""
    plain, packed = tmp_path / "clinic.json", tmp_path / "clinic.json.gz"
    plain.write_bytes(EXAMPLE.read_bytes())
    packed.write_bytes(gzip.compress(EXAMPLE.read_bytes()))
    assert read_dataset(plain)[0] == read_dataset(packed)[0] == dataset_from(content())[0]


def test_everything_wrong_is_found_in_one_pass(tmp_path: Path) -> None:
    """One folder, one mistake of every kind, each with its code, file, line and field."""
    dataset, _ = dataset_from(content())
    write_dataset(dataset, tmp_path)
    header = json.loads((tmp_path / "header.json").read_text())
    (tmp_path / "header.json").write_text(json.dumps(header | {"time_zone": "Mars/Base"}))
    append(
        tmp_path / "roles.ndjson",
        {"id": "ghost", "doctor_id": "nobody", "location_id": "midtown", "networks": "any"},
    )
    append(
        tmp_path / "locations.ndjson",
        '{"id":"l","time_zone":"UTC","coordinates":{"latitude":NaN,"longitude":0}}',
    )
    append(tmp_path / "patients.ndjson", {"id": "ann"})
    append(tmp_path / "patients.ndjson", '{"id":"\\ud800"}')
    append(tmp_path / "doctors.ndjson", {"id": "dr-x", "npi": 5, "nmae": "typo"})
    append(tmp_path / "requests.ndjson", "{broken")
    with pytest.raises(DatasetError) as caught:
        read_dataset(tmp_path)
    found = {(problem.code, problem.path) for problem in caught.value.problems}
    assert found >= {
        ("unknown_time_zone", "header.json/time_zone"),
        ("not_finite", "locations.ndjson:2"),
        ("bad_text", "patients.ndjson:5/id"),
        ("wrong_type", "doctors.ndjson:3/npi"),
        ("unknown_field", "doctors.ndjson:3/nmae"),
        ("not_json", "requests.ndjson:6"),
    }
    (tmp_path / "header.json").write_text(json.dumps(header))
    with pytest.raises(DatasetError) as caught:
        read_dataset(tmp_path)
    found = {(problem.code, problem.path) for problem in caught.value.problems}
    assert ("dangling_reference", "roles.ndjson:4/doctor_id") in found
    assert ("duplicate_id", "patients.ndjson:4/id") in found


def append(file: Path, row: Any) -> None:
    """Add a line to a file."""
    text = row if isinstance(row, str) else json.dumps(row)
    file.write_text(file.read_text() + text + "\n")


CASES: list[tuple[str, str, Any]] = [
    ("dangling_reference", "/requests/0/patient_id", "nobody"),
    ("dangling_reference", "/requests/1/wishes/doctors/0/doctor_id", "nobody"),
    ("empty_interval", "/sessions/0/end", "2026-03-09T08:00:00-04:00"),
    ("bad_instant", "/sessions/0/start", "2026-03-09T09:00:00"),
    ("bad_instant", "/requests/0/created", 0),
    ("not_whole_minute", "/sessions/0/start", "2026-03-09T09:00:30-04:00"),
    ("out_of_range", "/requests/0/created", "0001-01-01T00:00:00+14:00"),
    ("unknown_time_zone", "/locations/0/time_zone", "America/Gotham"),
    ("wrong_value", "/patients/0/gender", "x"),
    ("missing_cell_minutes", "/sessions/0/cell_minutes", None),
    ("not_exactly_one", "/roles/0/doctor_id", None),
    ("missing_time_zone", "/roles/2/time_zone", None),
    ("unknown_postal_code", "/patients/0/home/postal_code", "00000"),
    ("out_of_range", "/visit_types/0/minutes", -5),
    ("wrong_type", "/visit_types/0/minutes", 12.5),
    ("wrong_value", "/header/schema", "slotmatch.dataset/9"),
]


@pytest.mark.parametrize(("code", "path", "value"), CASES)
def test_each_mistake_has_its_code_and_path(code: str, path: str, value: Any) -> None:
    """One wrong value in the small clinic is one error, at its place."""
    document = content()
    *parents, last = path.strip("/").split("/")
    target: Any = document
    for key in parents:
        target = target[int(key) if key.isdigit() else key]
    if value is None:
        del target[last]
    else:
        target[last] = value
    found = refused(document)
    assert len(found) == 1
    assert found[0][0] == code
    assert path.startswith(found[0][1]) or found[0][1].startswith(path.rsplit("/", 1)[0])


def test_negative_price_is_refused() -> None:
    """Prices are days of waiting, at least 0."""
    document = content()
    document["requests"][0]["doctor_terms"] = [{"doctor_id": "dr-ames", "days": -1}]
    assert refused(document) == [("out_of_range", "/requests/0/doctor_terms/0/days")]


def test_cross_record_mistakes() -> None:
    """Two places for one request, a hold without an end, a limit without a home, a link
    twice, a wish insisted on that is not made, sums of several records.
    """
    document = content()
    slot = {
        "role_id": "bell-midtown",
        "start": "2026-03-10T09:00:00-04:00",
        "end": "2026-03-10T09:20:00-04:00",
    }
    document["appointments"] += [
        {"id": "x", "request_id": "ann-ear", **slot},
        {"id": "y", "request_id": "ann-ear", **slot},
        {"id": "z", "status": "held", **slot},
    ]
    del document["patients"][0]["home"]
    document["requests"][0] |= {"max_travel_km": 5, "insists_on": ["times"]}
    document["links"] = [
        {"id": "l1", "request_ids": ["ann-ear", "ben-ear"]},
        {"id": "l2", "request_ids": ["ann-ear", "cleo-ear"], "min_gap_days": 3, "max_gap_days": 1},
    ]
    document["services"] = [{"id": "dr-ames"}]
    document["roles"][0] |= {"age_min": 9, "age_max": 3}
    assert set(refused(document)) == {
        ("two_places", "/appointments/2/request_id"),
        ("hold_without_end", "/appointments/3/held_until"),
        ("max_travel_without_home", "/requests/0/max_travel_km"),
        ("nothing_to_insist_on", "/requests/0/insists_on"),
        ("two_links", "/links/1/request_ids"),
        ("empty_interval", "/links/1/max_gap_days"),
        ("duplicate_id", "/services/0/id"),
        ("empty_age_range", "/roles/0/age_min"),
    }


def test_references_to_unreadable_records_are_not_reported_twice() -> None:
    """A patient that cannot be read exists all the same."""
    document = content()
    document["patients"][0]["gender"] = "x"
    assert refused(document) == [("wrong_value", "/patients/0/gender")]


def test_warnings_do_not_stop() -> None:
    """A wrong check digit, an unknown home, a device that no place has: said, and read."""
    document = content()
    document["doctors"][0]["npi"] = "1234567890"
    document["doctors"][1]["npi"] = "1234567893"
    del document["patients"][2]["home"]
    document["visit_types"][0]["resources"] = ["scanner"]
    _, report = dataset_from(document)
    assert report.num_errors == 0
    assert sorted(problem.code for problem in report.problems) == [
        "home_unknown",
        "no_such_resource",
        "npi_check_digit",
    ]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "not_json"),
        (b"[]", "wrong_type"),
        (b"null", "wrong_type"),
        (b'{"header": 1e400}', "wrong_type"),
        (b"\xff\xfe{}", "not_utf8"),
        ('{"a":1}'.encode("utf-16"), "not_utf8"),
        (b'{"header":{},"header":{}}', "duplicate_key"),
        (b"[" * 100_000, "not_json"),
        (b'{"x":' + b"1" * 5000 + b"}", "out_of_range"),
        (b'{"requets":[]}', "unknown_field"),
        (b"{}", "missing_header"),
    ],
)
def test_hostile_documents(raw: bytes, code: str) -> None:
    """What is no dataset is refused with a code, never with a traceback."""
    with pytest.raises(DatasetError) as caught:
        read_document(raw)
    assert code in {problem.code for problem in caught.value.problems}


def test_header_alone_is_no_dataset() -> None:
    """An empty dataset is an error, not an empty plan."""
    assert refused({"header": content()["header"]}) == [("empty_dataset", "/header")]


def test_misspelt_file_is_an_error(tmp_path: Path) -> None:
    """A file that would be overlooked is named, with what may be meant."""
    write_dataset(dataset_from(content())[0], tmp_path)
    (tmp_path / "request.ndjson").write_text("{}\n")
    with pytest.raises(DatasetError, match=r"Maybe requests\.ndjson"):
        read_dataset(tmp_path)


def test_missing_paths_and_broken_gzip(tmp_path: Path) -> None:
    """No such folder, a folder without a header, a file that is no gzip."""
    with pytest.raises(DatasetError, match="no such file"):
        read_dataset(tmp_path / "nowhere")
    with pytest.raises(DatasetError, match="needs a header"):
        read_dataset(tmp_path)
    (tmp_path / "header.json").write_text("{}")
    (tmp_path / "patients.ndjson.gz").write_bytes(b"not gzip")
    with pytest.raises(DatasetError) as caught:
        read_dataset(tmp_path)
    assert "not_readable" in {problem.code for problem in caught.value.problems}


def test_a_hundred_megabytes_of_garbage(tmp_path: Path) -> None:
    """Garbage without a line end, and garbage in lines: refused at once, the report bounded."""
    write_dataset(dataset_from(content())[0], tmp_path)
    with (tmp_path / "patients.ndjson").open("wb") as stream:
        stream.truncate(100 << 20)
    with (tmp_path / "doctors.ndjson").open("wb") as stream:
        stream.write(b"garbage garbage\n" * 200_000)
    with pytest.raises(DatasetError) as caught:
        read_dataset(tmp_path)
    codes = [problem.code for problem in caught.value.problems]
    assert codes.count("line_too_long") == 1
    assert codes.count("not_json") == MAX_KEPT
    assert codes.count("too_many_errors") == 1
    assert caught.value.num_errors > 10_000
    assert MAX_LINE_BYTES < 100 << 20


def test_mistakes_of_one_record_and_of_the_header_hide_nothing() -> None:
    """A bad field does not hide the record's dangling reference and doubled id; a bad header
    does not hide the records.
    """
    document = content()
    document["header"]["time_zone"] = "Mars/Olympus"
    document["requests"][1] |= {"id": "ann-ear", "patient_id": "nobody", "max_travel_km": -1}
    found = set(refused(document))
    assert found >= {
        ("unknown_time_zone", "/header/time_zone"),
        ("out_of_range", "/requests/1/max_travel_km"),
        ("dangling_reference", "/requests/1/patient_id"),
        ("duplicate_id", "/requests/1/id"),
    }


def test_what_cannot_be_read_is_not_said_to_be_missing(tmp_path: Path) -> None:
    """A line of garbage among the patients: nobody's patient is said not to exist."""
    write_dataset(dataset_from(content())[0], tmp_path)
    lines = (tmp_path / "patients.ndjson").read_text().splitlines()
    (tmp_path / "patients.ndjson").write_text("\n".join(["garbage", *lines[1:]]))
    with pytest.raises(DatasetError) as caught:
        read_dataset(tmp_path)
    assert [problem.code for problem in caught.value.problems if problem.is_error] == ["not_json"]


def test_header_may_be_packed(tmp_path: Path) -> None:
    """``header.json.gz`` is a header."""
    dataset, _ = dataset_from(content())
    write_dataset(dataset, tmp_path, compress=True)
    raw = (tmp_path / "header.json").read_bytes()
    (tmp_path / "header.json").unlink()
    (tmp_path / "header.json.gz").write_bytes(gzip.compress(raw))
    assert read_dataset(tmp_path)[0] == dataset


@pytest.mark.parametrize("name", ["requests.jsonl", "requests.json", "Requests.NDJSON", "visits"])
def test_files_that_look_like_records_are_not_overlooked(tmp_path: Path, name: str) -> None:
    """Records under another name are an error; a note beside the data is not."""
    write_dataset(dataset_from(content())[0], tmp_path)
    (tmp_path / "README.md").write_text("a note")
    (tmp_path / name).write_text("{}\n")
    if name == "visits":
        read_dataset(tmp_path)
        return
    with pytest.raises(DatasetError, match=name):
        read_dataset(tmp_path)


def test_packed_files_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What unpacks to more than is read is refused, whole documents and lines alike."""
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 100_000)
    (tmp_path / "bomb.json.gz").write_bytes(gzip.compress(b"0" * 200_000))
    with pytest.raises(DatasetError) as caught:
        read_dataset(tmp_path / "bomb.json.gz")
    assert [problem.code for problem in caught.value.problems] == ["too_large"]
    write_dataset(dataset_from(content())[0], tmp_path)
    (tmp_path / "links.ndjson.gz").write_bytes(gzip.compress(b"\n" * 20_000))
    (tmp_path / "bomb.json.gz").unlink()
    with pytest.raises(DatasetError) as caught:
        read_dataset(tmp_path)
    assert [problem.code for problem in caught.value.problems] == ["too_large"]


def test_paths_and_messages_are_short_and_printable() -> None:
    """Names from the input are escaped and cut before anybody sees them."""
    with pytest.raises(DatasetError) as caught:
        dataset_from(content() | {"\ud800": 1, "x" * 100_000: 2, "a\x1b[2J": 3})
    for problem in caught.value.problems:
        assert len(problem.path) <= 300
        assert problem.path.isprintable()
        assert len(problem.message) <= 400
        json.dumps(problem.path).encode()


def test_many_references_and_keys_are_judged_in_linear_time() -> None:
    """Sixty thousand of them take seconds, not minutes."""
    document = content()
    document["requests"][0]["wishes"] = {"location_ids": [f"p{n}" for n in range(60_000)]}
    start = time.perf_counter()
    with pytest.raises(DatasetError):
        dataset_from(document)
    keys = ",".join(f'"k{n}":1' for n in [*range(60_000), 0])
    with pytest.raises(DatasetError):
        read_document(f"{{{keys}}}".encode())
    assert time.perf_counter() - start < 20


def test_session_longer_than_two_days_is_refused() -> None:
    """A session that runs for decades is a mistake, and would be millions of cells."""
    document = content()
    document["sessions"][0]["end"] = "2099-12-31T00:00:00-05:00"
    assert ("out_of_range", "/sessions/0/end") in refused(document)


def test_schema_describes_every_collection() -> None:
    """The JSON Schema names every collection and describes every field of every record."""
    schema = dataset_schema()
    assert set(schema["properties"]) == {"header", *COLLECTIONS}
    for record_type in COLLECTIONS.values():
        fields = schema["$defs"][record_type.__name__]["properties"]
        assert all("description" in field or "$ref" in field for field in fields.values())
