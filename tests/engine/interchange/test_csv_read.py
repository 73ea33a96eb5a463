"""Tables that are read: what cells mean, and which rows are left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from clinic import Clinic, at
from csv_sample import (
    FILE,
    LIST,
    PATIENTS,
    REQUESTS,
    clinic,
    errors,
    read,
    refused,
    with_fields,
    write_mapping,
)

from engine.domain import PostalArea, Service
from engine.errors import DatasetError
from engine.interchange.csv_tables import read_mapping, read_tables
from engine.interchange.csv_tables.read import MAX_ERRORS
from engine.interchange.dataset import read_dataset, write_dataset
from engine.match import match

OTHER = "r2,ben,visit,2026-03-01T18:00,\n"
NOT_GIVEN: Any = object()
WHOLE_DATASET = {
    "schema": "slotmatch.dataset/1",
    "as_of": "2026-03-02T00:00:00-05:00",
    "time_zone": "America/New_York",
    "horizon": {"start": "2026-03-02T00:00:00-05:00", "end": "2026-03-09T00:00:00-04:00"},
}


def test_rows_become_patients_and_requests_that_can_be_matched(tmp_path: Path) -> None:
    """Two tables over one file; what was there stays, and everybody gets a place."""
    dataset, report = read(tmp_path, LIST)
    assert [row.id for row in dataset.patients] == ["ann", "ben"]
    assert dataset.patients[0].home == PostalArea(postal_code="10018")
    assert [row.patient_id for row in dataset.requests] == ["ann", "ben"]
    assert dataset.requests[0].created == at("18:00", -1)
    assert report.read == {"rows of list.csv": 2}
    assert report.made == {"patients": 2, "requests": 2}
    result = match(dataset)
    assert result.plan.is_placed.all()
    assert result.certificate.is_proven


def test_equal_rows_are_one_record_and_unequal_ones_an_error(tmp_path: Path) -> None:
    """The error names both lines, and what tells them apart; the first stays."""
    table = with_fields(PATIENTS, state="S")
    rows = (
        "No,MRN,Reason,Created,S\nr1,ann,visit,2026-03-01T18:00,NY\n"
        "r2,ann,visit,2026-03-01T18:00,NY\nr3,ann,visit,2026-03-01T18:00,NJ\n"
    )
    dataset, report = read(tmp_path, rows, table, REQUESTS)
    assert [(row.id, row.state) for row in dataset.patients] == [("ann", "NY")]
    assert [row.id for row in dataset.requests] == ["r1", "r2", "r3"]
    (problem,) = [row for row in report.findings.problems if row.is_error]
    assert problem.sentence() == (
        "list.csv:4/MRN: 'ann': stands at list.csv:2 already, with another state"
    )


def test_what_the_dataset_has_already_is_not_made_again(tmp_path: Path) -> None:
    """A list may name the patients of the list before; one that differs is an error."""
    dataset, _ = read(tmp_path, LIST)
    mapped = read_mapping(tmp_path / "mapping.toml")
    again, report = read_tables(mapped, dataset)
    assert again == dataset
    assert not report.findings.num_errors
    moved = with_fields(PATIENTS, home={"postal_code": {"value": "11201"}})
    mapped = read_mapping(write_mapping(tmp_path, moved, REQUESTS))
    again, report = read_tables(mapped, dataset)
    assert again == dataset
    said = [row.sentence() for row in report.findings.problems if row.is_error]
    assert said[0] == "list.csv:2/MRN: 'ann': stands at patients/0 already, with another home"


def test_what_refers_to_a_row_that_is_left_out_says_so(tmp_path: Path) -> None:
    """The patient is there, and the row is wrong: there is no use in looking for another one."""
    rows = "No,MRN,Reason,Created,B\nr1,ann,visit,2026-03-01T18:00,x\n" + OTHER
    booked = {"file": FILE, "collection": "appointments"}
    times = {"start": {"value": at("09:00").isoformat()}, "end": {"value": at("09:30").isoformat()}}
    fields = {"id": "No", "request_id": "No", "role_id": {"value": "role"}, **times}
    table = with_fields(PATIENTS, birth_date="B")
    dataset, report = read(tmp_path, rows, table, REQUESTS, booked | {"fields": fields})
    assert [row.id for row in dataset.requests] == ["r2"]
    gone, advice = "the row at list.csv:2 was left out", "Maybe the mapping must give a format"
    assert [row.sentence() for row in report.findings.problems if row.is_error] == [
        f"list.csv:2/B: 'x': a date is written like 2026-03-08. {advice}",
        f"list.csv:2/MRN: 'ann': there is no patient with this id; {gone}",
        f"list.csv:2/No: 'r1': there is no request with this id; {gone}",
    ]


def test_a_doctor_and_a_service_share_no_id(tmp_path: Path) -> None:
    """Whichever of them was there before, the row is the one that is left out."""
    fields = {"id": "No"}
    doctors = {"file": FILE, "collection": "doctors", "fields": fields}
    (tmp_path / FILE).write_text("No\nchair\nother\n")
    path = write_mapping(tmp_path, doctors, doctors | {"collection": "services"})
    base = Clinic().session()
    base.services.append(Service(id="chair"))
    dataset, report = read_tables(read_mapping(path), base.dataset())
    assert [row.id for row in dataset.doctors] == ["dr", "other"]
    said = [row.sentence() for row in report.findings.problems if row.is_error]
    assert said == [
        "list.csv:2/No: 'chair': stands at services/0 already as a service",
        "list.csv:3/No: 'other': stands at list.csv:3 already as a doctor",
    ]


def test_rows_that_break_a_check_are_left_out_with_what_refers_to_them(tmp_path: Path) -> None:
    """An unknown visit type, a request with two places: each by its line and its column."""
    rows = LIST + "r3,cleo,vist,2026-03-01T18:00\n"
    times = {"start": {"value": at("09:00").isoformat()}, "end": {"value": at("09:30").isoformat()}}
    fields = {"request_id": "No", "role_id": {"value": "role"}, **times}
    booked = {"file": FILE, "collection": "appointments"}
    first = booked | {"fields": {"id": {"columns": ["No", "MRN"]}, **fields}}
    second = booked | {"fields": {"id": {"columns": ["MRN", "No"]}, **fields}}
    dataset, report = read(tmp_path, rows, PATIENTS, REQUESTS, first, second)
    assert [row.id for row in dataset.patients] == ["ann", "ben", "cleo"]
    assert [row.id for row in dataset.requests] == ["r1", "r2"]
    assert [row.id for row in dataset.appointments] == ["r1 ann", "r2 ben"]
    assert sorted(errors(report)) == [
        ("dangling_reference", "list.csv:4/No"),
        ("dangling_reference", "list.csv:4/Reason"),
        ("two_places", "list.csv:2/No"),
        ("two_places", "list.csv:3/No"),
        ("two_places", "list.csv:4/No"),
    ]
    (two, *_) = [row for row in report.findings.problems if row.code == "two_places"]
    assert two.message == "the request holds the place at list.csv:2 already"


def test_everything_wrong_with_a_row_is_said(tmp_path: Path) -> None:
    """Cells that cannot be read, empty ones that are required, and limits, together."""
    rows = "No,MRN,Reason,Created,Km,Born\n,ann,,yesterday,-3,\nr2,ann,visit,2026-03-01T18:00,1,\n"
    table = with_fields(REQUESTS, max_travel_km="Km", see_by="Born")
    _, report = read(tmp_path, rows, PATIENTS, table)
    assert sorted(errors(report)) == [
        ("bad_instant", "list.csv:2/Created"),
        ("missing_field", "list.csv:2/No"),
        ("missing_field", "list.csv:2/Reason"),
        ("out_of_range", "list.csv:2/Km"),
    ]
    empty = next(row for row in report.findings.problems if row.path == "list.csv:2/No")
    assert empty.message == "the cell is empty, and the field id is required"


def test_homes_are_points_or_postal_codes(tmp_path: Path) -> None:
    """One of them in every row; both in one row, or half a point, are errors."""
    fields = {"id": "A", "home": {"latitude": "B", "longitude": "C", "postal_code": "D"}}
    table = {"file": FILE, "collection": "patients", "fields": fields}
    rows = "A,B,C,D\na,40.7,-73.9,\nb,,,10018\nc,,,\nd,40.7,,\ne,40.7,-73.9,10018\nf,,,99999\n"
    dataset, report = read(tmp_path, rows, table)
    assert [row.id for row in dataset.patients] == ["a", "b", "c"]
    assert errors(report) == [
        ("missing_field", "list.csv:5/C"),
        ("unknown_field", "list.csv:6/B"),
        ("unknown_field", "list.csv:6/C"),
        ("unknown_postal_code", "list.csv:7/D"),
    ]


def test_paths_into_a_cell_of_json_follow_the_column(tmp_path: Path) -> None:
    """Which item, and which of its fields."""
    table = with_fields(REQUESTS, wishes__times={"column": "X", "as": "json"})
    cell = '"[{""days"": [""mon""], ""start"": ""08:00"", ""end"": ""07:00""}, {}]"'
    rows = f"No,MRN,Reason,Created,X\nr1,ann,visit,2026-03-01T18:00,{cell}\n"
    _, report = read(tmp_path, rows, PATIENTS, table)
    assert ("missing_field", "list.csv:2/X/1/days") in errors(report)
    _, report = read(tmp_path, rows.replace(", {}", ""), PATIENTS, table)
    assert errors(report) == [("empty_interval", "list.csv:2/X/0/end")]


def test_columns_may_have_any_name(tmp_path: Path) -> None:
    """Blanks, quotes, slashes, dots, line ends: a name is a name; one that is blank is none."""
    name = 'No. of/"the" request\n(new)'
    quoted = '"' + name.replace('"', '""') + '"'
    rows = LIST.replace("No,", f"{quoted},", 1).replace("Created", "Created,,", 1)
    rows = rows.replace(":00\n", ":00,,\n").replace(":05\n", ":05,,\n")
    dataset, _ = read(tmp_path, rows, PATIENTS, with_fields(REQUESTS, id=name))
    assert [row.id for row in dataset.requests] == ["r1", "r2"]


def test_blanks_and_apostrophes_stay_where_the_mapping_says_so(tmp_path: Path) -> None:
    """Blanks are left out and apostrophes kept, unless a table says otherwise."""
    rows = "No\n ' a \n"
    table = {"file": FILE, "collection": "doctors", "fields": {"id": "No"}}
    for more, name in (
        ({}, "' a"),
        ({"trim": False}, " ' a "),
        ({"formulas_escaped": True}, " a"),
        ({"trim": False, "formulas_escaped": True}, " ' a "),
    ):
        dataset, _ = read(tmp_path, rows, table | more)
        assert dataset.doctors[-1].id == name


def test_only_the_rows_that_are_meant_are_read(tmp_path: Path) -> None:
    """A cancelled request is none, nor is what is wrong with it; both are counted."""
    rows = (
        "No,MRN,Reason,Created,Status,Site\nr1,ann,visit,2026-03-01T18:00,open,A\n"
        "r2,ben,,,cancelled,A\nr3,ben,visit,2026-03-01T18:00,called,A\n"
        "r4,cleo,visit,2026-03-01T18:00,open,B\n"
    )
    only = {"Status": ["open", "called"], "Site": ["A"]}
    dataset, report = read(tmp_path, rows, PATIENTS, REQUESTS | {"only": only})
    assert [row.id for row in dataset.requests] == ["r1", "r3"]
    assert len(dataset.patients) == 3
    assert report.read == {"rows of list.csv": 4, "rows of list.csv that are not meant": 2}
    assert not [row for row in report.findings.problems if row.code != "home_unknown"]
    found = refused(tmp_path, rows, REQUESTS | {"only": {"State": ["open"], "Site": "A"}})
    assert [(row.code, row.path) for row in found] == [
        ("wrong_type", "mapping.toml/tables/0/only/Site")
    ]
    found = refused(tmp_path, rows, REQUESTS | {"only": {"State": ["open"]}})
    assert [(row.code, row.path, row.value) for row in found] == [
        ("unknown_column", "mapping.toml/tables/0/only", "'State'")
    ]


def test_tables_with_a_header_are_a_whole_dataset(tmp_path: Path) -> None:
    """It needs no dataset to read into, refuses one, and can be read again as one."""
    (tmp_path / FILE).write_text("Name\nAmes\n")
    table = {"file": FILE, "collection": "doctors", "fields": {"id": "Name"}}
    mapped = read_mapping(write_mapping(tmp_path, table, header=WHOLE_DATASET))
    dataset, _ = read_tables(mapped, None)
    write_dataset(dataset, tmp_path / "out")
    assert read_dataset(tmp_path / "out")[0] == dataset
    with pytest.raises(DatasetError, match="exactly one"):
        read_tables(mapped, clinic())
    mapped = read_mapping(write_mapping(tmp_path, table))
    with pytest.raises(DatasetError, match="exactly one"):
        read_tables(mapped, None)


def test_a_header_that_ends_before_it_starts_is_found_with_the_mapping(tmp_path: Path) -> None:
    """As everything else that the mapping says."""
    turned = WHOLE_DATASET["horizon"] | {"end": "2026-03-01T00:00:00-05:00"}  # type: ignore[operator]
    path = write_mapping(tmp_path, PATIENTS, header=WHOLE_DATASET | {"horizon": turned})
    with pytest.raises(DatasetError) as caught:
        read_mapping(path)
    assert [row.code for row in caught.value.problems] == ["empty_interval", "not_found"]


def test_an_empty_list_adds_nothing(tmp_path: Path) -> None:
    """Nobody waits: that is no mistake; where nothing is left of the rows, it is one."""
    dataset, report = read(tmp_path, "No,MRN,Reason,Created\n")
    assert dataset == clinic()
    assert not report.findings.num_errors
    found = refused(tmp_path, LIST, with_fields(REQUESTS, patient_id="No"))
    assert [row.code for row in found] == ["dangling_reference"] * 2 + ["empty_dataset"]


def test_a_hopeless_list_is_given_up(tmp_path: Path) -> None:
    """So many errors are no slips."""
    rows = LIST + "r,ann,visit,never\n" * (2 * MAX_ERRORS)
    rows = "\n".join(f"{row}{n}" for n, row in enumerate(rows.splitlines()[3:]))
    found = refused(tmp_path, LIST + rows)
    assert found[-1].code == "too_many_errors"
    assert MAX_ERRORS <= len(found) <= MAX_ERRORS + 3
