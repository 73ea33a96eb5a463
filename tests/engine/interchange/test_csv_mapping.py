"""Mappings: everything wrong with one is found in one pass, before any row is read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from csv_sample import FILE, LIST, PATIENTS, REQUESTS, read, refused, with_fields, write_mapping

from engine.domain import COLLECTIONS
from engine.errors import DatasetError
from engine.interchange.csv_tables import mapping_schema, read_mapping
from engine.interchange.csv_tables.shapes import required_fields, shape_named, shapes_of
from engine.interchange.toml_text import MAX_TOML_BYTES


def mistakes(folder: Path, *tables: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    """Code and path, below the mapping, of everything wrong with a mapping of the list."""
    (folder / FILE).write_text(LIST)
    with pytest.raises(DatasetError) as caught:
        read_mapping(write_mapping(folder, *tables, **more))
    found = [(row.code, row.path) for row in caught.value.problems if row.is_error]
    return [(code, path.removeprefix("mapping.toml/")) for code, path in found]


def of_field(folder: Path, name: str, rule: Any, table: dict[str, Any] = REQUESTS) -> list[Any]:
    """What is wrong with the rule of one field."""
    prefix = f"tables/0/fields/{name}"
    found = mistakes(folder, table | {"fields": table["fields"] | {name: rule}})
    assert all(path.startswith(prefix) for _, path in found), found
    return [(code, path.removeprefix(prefix).lstrip("/")) for code, path in found]


def test_everything_wrong_is_found_in_one_pass(tmp_path: Path) -> None:
    """Keys, the header, files, collections, fields, columns and formats, of every table."""
    bad = {"file": "lst.csv", "collection": "request", "delimiter": ";;", "encodng": "x"}
    worse = {"file": FILE, "collection": "requests", "encoding": "rot13", "fields": {"id": 3}}
    fields = {"id": "Number", "patiet_id": "MRN", "created": {"colum": "x", "format": "%Q"}}
    table = {"file": FILE, "collection": "requests", "fields": fields}
    found = mistakes(tmp_path, bad, worse, table, tabels=1, schema="other", header={"as_of": 3})
    assert sorted(found) == sorted(
        [
            ("unknown_field", "tabels"),
            ("wrong_value", "schema"),
            ("missing_field", "header/schema"),
            ("bad_instant", "header/as_of"),
            ("missing_field", "header/horizon"),
            ("missing_field", "header/time_zone"),
            ("unknown_field", "tables/0/encodng"),
            ("wrong_value", "tables/0/delimiter"),
            ("not_found", "tables/0/file"),
            ("unknown_field", "tables/0/collection"),
            ("wrong_value", "tables/1/encoding"),
            ("wrong_type", "tables/1/fields/id"),
            ("missing_field", "tables/1/fields/patient_id"),
            ("missing_field", "tables/1/fields/visit_type_id"),
            ("missing_field", "tables/1/fields/created"),
            ("unknown_column", "tables/2/fields/id"),
            ("unknown_field", "tables/2/fields/patiet_id"),
            ("unknown_field", "tables/2/fields/created/colum"),
            ("not_exactly_one", "tables/2/fields/created"),
            ("wrong_value", "tables/2/fields/created/format"),
            ("missing_field", "tables/2/fields/patient_id"),
            ("missing_field", "tables/2/fields/visit_type_id"),
        ]
    )


@pytest.mark.parametrize(
    ("field", "rule", "said"),
    [
        ("urgency", {"column": "Prio"}, "Maybe one of: MRN, No, Reason, Created"),
        ("urgency", {"column": "mrn"}, "Maybe one of:"),
        ("urgncy", "No", "requests have no such field. Maybe one of: urgency"),
        ("created", {"column": "Created", "formt": "x"}, "no such key. Maybe one of: format"),
    ],
)
def test_what_may_be_meant_is_said(tmp_path: Path, field: str, rule: Any, said: str) -> None:
    """A name that is nearly right is answered with those that are."""
    found = refused(tmp_path, LIST, with_fields(REQUESTS, **{field: rule}))
    assert any(said.split(":")[0] in row.message for row in found), found


@pytest.mark.parametrize(
    ("field", "rule", "expected"),
    [
        ("urgency", {}, [("not_exactly_one", "")]),
        ("urgency", {"column": "No", "value": "soon"}, [("not_exactly_one", "")]),
        ("urgency", {"column": "No", "columns": ["MRN"]}, [("not_exactly_one", "")]),
        ("urgency", ["No"], [("wrong_type", "")]),
        ("urgency", {"column": "No", "format": "%Y"}, [("needless_field", "format")]),
        ("urgency", {"column": "No", "separator": ","}, [("needless_field", "separator")]),
        ("urgency", {"column": "No", "decimal": ","}, [("needless_field", "decimal")]),
        ("urgency", {"column": "No", "after": "created"}, [("needless_field", "after")]),
        ("urgency", {"column": "No", "time_zone": "UTC"}, [("needless_field", "time_zone")]),
        ("urgency", {"column": "No", "others": "soon"}, [("needless_field", "others")]),
        ("urgency", {"value": "soon", "default": "x"}, [("needless_field", "default")]),
        ("urgency", {"value": "soon", "empty": ["x"]}, [("needless_field", "empty")]),
        ("urgency", {"value": "soon", "as": "json"}, [("needless_field", "as")]),
        ("urgency", {"column": "No", "as": "yaml"}, [("wrong_value", "as")]),
        ("urgency", {"value": 3}, [("wrong_type", "value")]),
        ("urgency", {"column": "No", "values": {"": "soon"}}, [("wrong_value", "values")]),
        ("urgency", {"column": "No", "values": {"A": ""}}, [("out_of_range", "values/A")]),
        ("urgency", {"column": "No", "default": 3}, [("wrong_type", "default")]),
        (
            "urgency",
            {"column": "No", "values": {"a": "b"}, "others": 1},
            [("wrong_type", "others")],
        ),
        ("wishes.gender", {"value": "femal"}, [("wrong_value", "value")]),
        ("wishes", "No", [("wrong_type", "")]),
        ("wishes.times", "No", [("wrong_type", "")]),
        (
            "wishes.times",
            {"value": [{"days": ["mon"]}]},
            [("missing_field", "value/0/start"), ("missing_field", "value/0/end")],
        ),
        (
            "wishes.doctors",
            {"column": "No", "as": "json", "separator": ","},
            [("needless_field", "separator")],
        ),
        (
            "wishes.doctors",
            {"column": "No", "as": "json", "values": {"a": "b"}},
            [("needless_field", "values")],
        ),
        ("wishes.doctors", {"column": "No", "separator": ""}, [("out_of_range", "separator")]),
        (
            "wishes.doctors",
            {"column": "No", "values": {"a": 3}},
            [("wrong_type", "values/a/0/doctor_id")],
        ),
        ("created.day", "No", [("unknown_field", "")]),
        ("latest", {"column": "No", "format": "%Q"}, [("wrong_value", "format")]),
        ("latest", {"column": "No", "format": "%m/%d/%Y %I:%M"}, [("wrong_value", "format")]),
        (
            "latest",
            {"column": "No", "format": "%Y-%m-%d %H%z", "time_zone": "UTC"},
            [("needless_field", "format")],
        ),
        ("latest", {"column": "No", "time_zone": "Mars"}, [("unknown_time_zone", "time_zone")]),
        ("latest", {"column": "No", "after": "nothing"}, [("wrong_value", "after")]),
        ("latest", {"column": "No", "after": "latest"}, [("wrong_value", "after")]),
        (
            "latest",
            {"column": "No", "after": "created", "format": "%M"},
            [("needless_field", "format"), ("wrong_value", "format")],
        ),
        ("max_travel_km", {"column": "No", "decimal": ";"}, [("wrong_value", "decimal")]),
    ],
)
def test_rules_that_mean_nothing_are_refused(
    tmp_path: Path, field: str, rule: Any, expected: Sequence[tuple[str, str]]
) -> None:
    """Each with the key that is wrong."""
    assert of_field(tmp_path, field, rule) == expected


@pytest.mark.parametrize(
    ("field", "rule"),
    [
        ("urgency", {"column": "No", "values": {"r1": "soon"}, "others": "routine"}),
        ("urgency", {"column": "No", "default": "soon", "empty": ["r2"]}),
        ("insists_on", {"column": "No", "values": {"r1": []}, "others": []}),
        ("wishes.times", {"value": [{"days": ["mon"], "start": "08:00", "end": "12:00"}]}),
        ("wishes", {"value": {"gender": "female"}}),
        ("wishes.doctors", {"value": "dr"}),
        ("latest", {"value": "2026-03-09"}),
        ("max_travel_km", {"value": 3}),
    ],
)
def test_rules_that_mean_something_are_read(tmp_path: Path, field: str, rule: Any) -> None:
    """Just inside what is refused above."""
    _, report = read(tmp_path, LIST, PATIENTS, with_fields(REQUESTS, **{field: rule}))
    assert not report.findings.num_errors
    assert report.made["requests"] == 2


def test_birth_dates_need_the_century(tmp_path: Path) -> None:
    """Two digits would make some patients be born after their visit."""
    rule = {"column": "Created", "format": "%m/%d/%y"}
    assert of_field(tmp_path, "birth_date", rule, PATIENTS) == [("wrong_value", "format")]


def test_records_are_given_whole_or_in_parts(tmp_path: Path) -> None:
    """A point needs both of its coordinates; a part stands beside no whole."""
    table = {"file": FILE, "collection": "patients"}
    fields: dict[str, Any] = {"id": "MRN", "home.latitude": {"value": 40.0}}
    assert mistakes(tmp_path, table | {"fields": fields}) == [
        ("missing_field", "tables/0/fields/home.longitude")
    ]
    fields = {"id": "MRN", "home": {"column": "No", "as": "json"}, "home.postal_code": "No"}
    assert mistakes(tmp_path, table | {"fields": fields}) == [
        ("duplicate_key", "tables/0/fields/home.postal_code")
    ]
    fields = {"id": "MRN", "home": {"postal_code": "No"}, "home.postal_code": "No"}
    assert ("duplicate_key", "tables/0/fields/home.postal_code") in mistakes(
        tmp_path, table | {"fields": fields}
    )


@pytest.mark.parametrize("file", ["/etc/hosts", "../list.csv", "a/../../list.csv", "C:/list.csv"])
def test_tables_lie_below_their_folder(tmp_path: Path, file: str) -> None:
    """A mapping names no file elsewhere."""
    assert mistakes(tmp_path, PATIENTS | {"file": file}) == [("wrong_value", "tables/0/file")]


@pytest.mark.parametrize("file", [".", "other.csv", "list.csv/x", "ä" * 200])
def test_files_that_are_not_there_are_named(tmp_path: Path, file: str) -> None:
    """A folder is none, nor is a name that no disk takes."""
    assert mistakes(tmp_path, PATIENTS | {"file": file}) == [("not_found", "tables/0/file")]


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    """It would be waited for without end."""
    os.mkfifo(tmp_path / "pipe.csv")
    assert mistakes(tmp_path, PATIENTS | {"file": "pipe.csv"}) == [("not_found", "tables/0/file")]


def test_another_folder_can_be_named(tmp_path: Path) -> None:
    """The mapping stays where it is; this week's exports are somewhere else."""
    (tmp_path / "week").mkdir()
    (tmp_path / "week" / FILE).write_text(LIST)
    path = write_mapping(tmp_path, PATIENTS)
    assert read_mapping(path, tmp_path / "week").tables[0].columns[1] == "MRN"
    with pytest.raises(DatasetError):
        read_mapping(path)


@pytest.mark.parametrize("tables", [None, "x", {}, [], [{}] * 101])
def test_there_are_tables_and_not_too_many(tmp_path: Path, tables: Any) -> None:
    """One to a hundred."""
    more = {} if tables is None else {"tables": tables}
    path = tmp_path / "mapping.toml"
    path.write_text(tomli_w.dumps(more))
    with pytest.raises(DatasetError) as caught:
        read_mapping(path)
    assert [row.path for row in caught.value.problems] == ["mapping.toml/tables"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"tables =", "not_toml"),
        (b"a = " + b"[" * 100_000, "not_toml"),
        (b"a = " + b"9" * 5_000, "not_toml"),
        (b"\xff", "not_utf8"),
        (b"#" * (MAX_TOML_BYTES + 1), "too_large"),
        (b"a = 1\na = 2", "not_toml"),
    ],
)
def test_texts_that_are_no_toml_are_refused(tmp_path: Path, text: bytes, code: str) -> None:
    """Also those that would take a reader down."""
    (tmp_path / "m.toml").write_bytes(text)
    with pytest.raises(DatasetError) as caught:
        read_mapping(tmp_path / "m.toml")
    assert [row.code for row in caught.value.problems] == [code]


def test_a_mapping_that_is_not_there_is_named(tmp_path: Path) -> None:
    """By the path that was given."""
    with pytest.raises(DatasetError) as caught:
        read_mapping(tmp_path / "m.toml")
    assert [row.code for row in caught.value.problems] == ["not_found"]


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_every_field_of_every_collection_can_be_given(collection: str) -> None:
    """The schema of the records and what cells can give are the same fields."""
    names = {name.partition(".")[0] for name in shapes_of(collection)}
    assert names == set(COLLECTIONS[collection].__dataclass_fields__)
    assert set(required_fields(collection)) <= names


def test_groups_have_names_of_their_own() -> None:
    """Any name but none."""
    assert shape_named("patients", "groups.area") == shape_named("patients", "groups.a.b")
    assert shape_named("patients", "groups.") is None
    assert shape_named("patients", "id.x") is None


def test_the_schema_says_what_each_key_means() -> None:
    """It is what ``slotmatch schema mapping`` prints."""
    schema = mapping_schema()
    rule = schema["$defs"]["FieldRule"]["properties"]
    assert {"column", "columns", "value", "values", "format", "as", "after"} <= rule.keys()
    assert all("description" in key for key in rule.values())


def test_columns_that_nothing_uses_are_named_once(tmp_path: Path) -> None:
    """Once per file, with those that only one of its tables uses left out."""
    _, report = read(tmp_path, LIST.replace("Created", "Created,Notes,", 1).replace(":0", ":0,,"))
    found = [row for row in report.findings.problems if row.code == "unused_column"]
    assert [(row.path, row.message) for row in found] == [(FILE, "not used: 'Notes'")]
    assert not found[0].is_error
