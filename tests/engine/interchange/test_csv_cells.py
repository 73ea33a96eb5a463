"""Cells: every way to give a field, just inside and just outside of what is read."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from clinic import at
from csv_sample import FILE, LIST, PATIENTS, REQUESTS, errors, read, refused, with_fields

from engine.domain import Declined, DoctorWish, WeeklyTime

OTHER = "r2,ben,visit,2026-03-01T18:00,\n"
NOT_GIVEN: Any = object()


def given(folder: Path, field: str, rule: Any, cell: str, collection: str = "requests") -> Any:
    """What a cell gives for a field of the one request, or ``NOT_GIVEN`` where it is an error."""
    quoted = '"' + cell.replace('"', '""') + '"'
    rows = f"No,MRN,Reason,Created,X\nr1,ann,visit,2026-03-01T18:00,{quoted}\n{OTHER}"
    table = with_fields(REQUESTS if collection == "requests" else PATIENTS, **{field: rule})
    tables = (PATIENTS, table) if collection == "requests" else (table, REQUESTS)
    dataset, report = read(folder, rows, *tables)
    found = [row for row in report.findings.problems if row.is_error]
    if found:
        assert all(row.path.startswith(f"{FILE}:2/") for row in found)
        return NOT_GIVEN
    value: Any = getattr(dataset, collection)[0]
    for part in field.split("."):
        value = getattr(value, part)
    return value


@pytest.mark.parametrize(
    ("field", "rule", "cell", "value"),
    [
        ("urgency", {}, "soon", "soon"),
        ("urgency", {}, "", "routine"),
        ("urgency", {}, "  soon ", "soon"),
        ("urgency", {"default": "urgent"}, "", "urgent"),
        ("urgency", {"default": "urgent", "empty": ["n/a"]}, "n/a", "urgent"),
        ("urgency", {"values": {"A": "urgent"}}, "A", "urgent"),
        ("urgency", {"values": {"A": "urgent"}}, "", "routine"),
        ("urgency", {"values": {"A": "urgent"}}, "a", NOT_GIVEN),
        ("urgency", {"values": {"A": "urgent"}}, "AA", NOT_GIVEN),
        ("urgency", {"values": {"A": "urgent"}, "default": "soon"}, "B", NOT_GIVEN),
        ("urgency", {"values": {"A": "urgent"}, "others": "soon"}, "B", "soon"),
        ("max_travel_km", {}, "3", 3.0),
        ("max_travel_km", {}, ".5", 0.5),
        ("max_travel_km", {}, "3.5e1", 35.0),
        ("max_travel_km", {}, "3,5", NOT_GIVEN),
        ("max_travel_km", {"decimal": ","}, "3,5", 3.5),
        ("max_travel_km", {"decimal": ","}, "3.5", NOT_GIVEN),
        ("max_travel_km", {"decimal": ","}, "1.003,5", NOT_GIVEN),
        ("max_travel_km", {}, "-1", NOT_GIVEN),
        ("max_travel_km", {}, "nan", NOT_GIVEN),
        ("max_travel_km", {}, "1e999", NOT_GIVEN),
        ("max_travel_km", {}, "9" * 5_000, NOT_GIVEN),
        ("max_travel_km", {}, "3 km", NOT_GIVEN),
        ("max_travel_km", {}, "٣", NOT_GIVEN),
        ("latest", {}, "2026-03-04", date(2026, 3, 4)),
        ("latest", {}, "2026-03-04T09:00", at("09:00", 2)),
        ("latest", {}, "2026-03-04 09:00:30", at("09:00", 2) + timedelta(seconds=30)),
        ("latest", {}, "2026-03-04T14:00Z", at("09:00", 2)),
        ("latest", {}, "2026-03-04 09:00-05:00", at("09:00", 2)),
        ("latest", {"time_zone": "America/Chicago"}, "2026-03-04T08:00", at("09:00", 2)),
        ("latest", {"format": "%m/%d/%Y"}, "3/4/2026", date(2026, 3, 4)),
        ("latest", {"format": "%d.%m.%y %H:%M"}, "04.03.26 09:00", at("09:00", 2)),
        ("latest", {"format": "%b %d, %Y %I:%M %p"}, "Mar 4, 2026 9:00 am", at("09:00", 2)),
        ("latest", {"format": "%Y-%m-%d %H:%M %z"}, "2026-03-04 14:00 +0000", at("09:00", 2)),
        ("latest", {"format": "%m/%d/%Y"}, "13/4/2026", NOT_GIVEN),
        ("latest", {"format": "%m/%d/%Y"}, "3/4/2026 9:00", NOT_GIVEN),
        ("latest", {"format": "%m/%d/%Y"}, "2/29/2026", NOT_GIVEN),
        ("latest", {}, "2026-02-29", NOT_GIVEN),
        ("latest", {}, "2026-02-29T09:00", NOT_GIVEN),
        ("latest", {}, "tomorrow", NOT_GIVEN),
        ("latest", {}, "0001-01-01T00:00", NOT_GIVEN),
        ("latest", {}, "9999-12-31T23:59+14:00", NOT_GIVEN),
        ("latest", {"format": "%Y %m %d %H %z"}, "0001 1 1 0 +1400", NOT_GIVEN),
        ("latest", {"format": "%Y %m %d %H"}, "9999 12 31 23", NOT_GIVEN),
        ("latest", {"after": "created"}, "90", at("19:30", -1)),
        ("latest", {"after": "created"}, "1:30", at("19:30", -1)),
        ("latest", {"after": "created", "values": {"x": "2026-03-04"}}, "x", date(2026, 3, 4)),
        ("latest", {"after": "created"}, "1:60", NOT_GIVEN),
        ("latest", {"after": "created"}, "-5", NOT_GIVEN),
        ("latest", {"after": "created"}, "1.5", NOT_GIVEN),
        ("latest", {"after": "created"}, "9" * 500, NOT_GIVEN),
        ("insists_on", {"values": {"y": []}}, "y", ()),
        ("wishes.location_ids", {}, "office", ("office",)),
        ("wishes.location_ids", {"separator": "/"}, " office / ", ("office",)),
        ("wishes.location_ids", {"separator": "/"}, "office/office", NOT_GIVEN),
        ("wishes.location_ids", {}, "office/office", NOT_GIVEN),
        ("wishes.doctors", {}, "dr", (DoctorWish(doctor_id="dr"),)),
        ("wishes.doctors", {"values": {"Dr A": "dr"}}, "Dr A", (DoctorWish(doctor_id="dr"),)),
        (
            "wishes.doctors",
            {"values": {"Dr A": [{"doctor_id": "dr", "days": 2.5}]}},
            "Dr A",
            (DoctorWish(doctor_id="dr", days=2.5),),
        ),
        ("wishes.doctors", {"values": {"Dr A": "dr"}}, "Dr B", NOT_GIVEN),
        ("wishes.doctors", {}, "nobody", NOT_GIVEN),
        (
            "wishes.times",
            {"values": {"am": [{"days": ["mon"], "start": "08:00", "end": "12:00"}]}},
            "am",
            (WeeklyTime(days=("mon",), start="08:00", end="12:00"),),
        ),
        (
            "wishes.times",
            {"as": "json"},
            '[{"days": ["mon"], "start": "08:00", "end": "12:00"}]',
            (WeeklyTime(days=("mon",), start="08:00", end="12:00"),),
        ),
        ("wishes.times", {"as": "json"}, '[{"days": ["mon"]}]', NOT_GIVEN),
        (
            "declined",
            {"as": "json"},
            '[{"doctor_id": "dr"}, {"location_id": "office"}]',
            (Declined(doctor_id="dr"), Declined(location_id="office")),
        ),
        ("wishes.times", {"as": "json"}, '[{"days": ["mon"], "days": []}]', NOT_GIVEN),
        ("wishes.times", {"as": "json"}, "[" * 50_000, NOT_GIVEN),
        ("wishes.times", {"as": "json"}, "[NaN]", NOT_GIVEN),
        ("wishes.times", {"as": "json"}, '["\\ud800"]', NOT_GIVEN),
    ],
)
def test_what_a_cell_gives(tmp_path: Path, field: str, rule: Any, cell: str, value: Any) -> None:
    """Just inside and just outside of every way to say it."""
    assert given(tmp_path, field, {"column": "X"} | rule, cell) == value


@pytest.mark.parametrize(
    ("field", "rule", "cell", "value"),
    [
        ("times_moved", {}, "3", 3),
        ("times_moved", {}, "+3", 3),
        ("times_moved", {}, "3.0", NOT_GIVEN),
        ("times_moved", {}, "-1", NOT_GIVEN),
        ("times_moved", {}, "9" * 4_400, NOT_GIVEN),
        ("times_moved", {}, "³", NOT_GIVEN),
        ("birth_date", {}, "1980-02-29", date(1980, 2, 29)),
        ("birth_date", {}, "1980-02-30", NOT_GIVEN),
        ("birth_date", {}, "02/29/1980", NOT_GIVEN),
        ("birth_date", {"format": "%m/%d/%Y"}, "02/29/1980", date(1980, 2, 29)),
        ("birth_date", {"format": "%m/%d/%Y"}, "1/1/0001", date(1, 1, 1)),
        ("groups", {"as": "json"}, '{"area": "north"}', {"area": "north"}),
        ("languages", {"separator": ";"}, "en;;es;", ("en", "es")),
        ("languages", {"separator": ";"}, ";", ()),
    ],
)
def test_what_a_cell_gives_of_a_patient(
    tmp_path: Path, field: str, rule: Any, cell: str, value: Any
) -> None:
    """Whole numbers, dates, lists and groups."""
    assert given(tmp_path, field, {"column": "X"} | rule, cell, "patients") == value


@pytest.mark.parametrize("word", ["yes", "Y", "TRUE", "1", "x", "no", "N", "False", "0", "", "J"])
def test_yes_and_no_are_words(tmp_path: Path, word: str) -> None:
    """In any case; other words are errors, unless ``values`` names them."""
    rows = f"A,B,C\na,2026-03-02 09:00,{word}\n"
    table: dict[str, Any] = {"file": FILE, "collection": "appointments"}
    fields = {"id": "A", "role_id": {"value": "role"}, "start": "B"}
    fields |= {"end": {"value": at("09:30").isoformat()}, "pinned": "C"}
    if word == "J":
        assert [row.code for row in refused(tmp_path, rows, table | {"fields": fields})] == [
            "wrong_type",
            "empty_dataset",
        ]
        fields["pinned"] = {"column": "C", "values": {"J": True, "N": False}}
    dataset, _ = read(tmp_path, rows, table | {"fields": fields})
    assert dataset.appointments[0].pinned is (word.lower() in ("yes", "y", "true", "1", "x", "j"))


def test_booked_visits_come_from_several_columns(tmp_path: Path) -> None:
    """Day and time in two columns, a length in minutes, an id of three: as offices export it."""
    rows = "Day,Time,Min,Who\n3/2/2026,9:00 AM,0:20,Dr. A\n3/2/2026,,20,Dr. A\n,9:00 AM,5,Dr. A\n"
    fields = {
        "id": {"columns": ["Day", "Time", "Who"]},
        "role_id": {"column": "Who", "values": {"Dr. A": "role"}},
        "start": {"columns": ["Day", "Time"], "format": "%m/%d/%Y %I:%M %p"},
        "end": {"column": "Min", "after": "start"},
    }
    table = {"file": FILE, "collection": "appointments", "fields": fields}
    dataset, report = read(tmp_path, rows, table)
    (made,) = dataset.appointments
    assert (made.id, made.start, made.end) == ("3/2/2026 9:00 AM Dr. A", at("09:00"), at("09:20"))
    assert errors(report) == [
        ("bad_instant", "list.csv:3/Day + Time"),
        ("bad_instant", "list.csv:4/Day + Time"),
    ]


def test_an_end_after_a_date_is_an_error(tmp_path: Path) -> None:
    """There is no instant to count from, and that is said."""
    fields = {"earliest": {"value": "2026-03-04"}, "latest": {"column": "No", "after": "earliest"}}
    rows = LIST.replace("r1", "30").replace("r2", "40")
    problems = refused(tmp_path, rows, with_fields(REQUESTS, **fields))
    assert [(row.code, row.path) for row in problems] == [
        ("bad_instant", "list.csv:2/No"),
        ("bad_instant", "list.csv:3/No"),
        ("empty_dataset", "tables"),
    ]


def test_clock_times_that_a_night_skips_or_repeats_are_reported(tmp_path: Path) -> None:
    """Read as the end of the jump, or as the first of the two; an offset leaves no doubt."""
    rows = (
        "No,MRN,Reason,Created\nr1,ann,visit,2025-03-09 02:30\nr2,ann,visit,2025-11-02 01:30:07\n"
        "r3,ann,visit,2025-11-02 01:30-05:00\nr4,ann,visit,2025-11-02 02:00\n"
    )
    dataset, report = read(tmp_path, rows)
    assert [row.created for row in dataset.requests] == [
        datetime.fromisoformat(text)
        for text in (
            "2025-03-09T03:00:00-04:00",
            "2025-11-02T01:30:07-04:00",
            "2025-11-02T01:30:00-05:00",
            "2025-11-02T02:00:00-05:00",
        )
    ]
    doubts = [row for row in report.findings.problems if row.code == "doubtful_clock"]
    assert [row.path for row in doubts] == ["list.csv:2/Created", "list.csv:3/Created"]
    assert not any(row.is_error for row in doubts)


def test_many_cells_that_mean_nothing_are_said_in_time(tmp_path: Path) -> None:
    """Each is an error; of the first, the values that are like it are named."""
    values = {f"payer number {n}, in full": "urgent" for n in range(1_000)} | {"A": "urgent"}
    rows = "".join(f"r{n},ann,visit,2026-03-01T18:00,payer number {n}\n" for n in range(3_000))
    table = with_fields(REQUESTS, urgency={"column": "X", "values": values})
    text = f"No,MRN,Reason,Created,X\nr,ann,visit,2026-03-01T18:00,A\n{rows}"
    start = time.perf_counter()
    _, report = read(tmp_path, text, PATIENTS, table)
    assert time.perf_counter() - start < 20
    found = [row.message for row in report.findings.problems if row.code == "wrong_value"]
    assert len(found) == 3_000
    assert "payer number 0, in full" in found[0]
    assert all("Maybe one of: " in message for message in found)
