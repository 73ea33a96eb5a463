"""A SMART Scheduling Links publication: services, places and slots with seats."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from publication_sample import DAY, location, schedule, slot

from engine.domain import Dataset, Patient, Request
from engine.errors import DatasetError
from engine.interchange.import_report import ImportReport
from engine.interchange.smart_links import PublicationOptions, read_smart_links
from engine.match import match
from engine.solve.limits import Limits

OPTIONS = PublicationOptions(as_of=date(2023, 3, 24))
REAL = Path(os.environ.get("SLOTMATCH_REAL_DATA", Path(__file__).parents[4] / "shared/data"))
FEED = REAL / "smart-scheduling-links-new-jersey"


def read(
    folder: Path, *rows: dict[str, Any], options: PublicationOptions = OPTIONS
) -> tuple[Dataset, ImportReport]:
    """Read a publication of the rows, beside a location and a schedule."""
    all_rows = (location("L"), schedule("D"), *rows)
    (folder / "rows.ndjson").write_text("\n".join(json.dumps(row) for row in all_rows))
    return read_smart_links(folder, options)


def found(report: ImportReport) -> dict[str, int]:
    """Number of findings by code, the missing manifest aside."""
    counts = Counter(row.code for row in report.findings.problems)
    counts.pop("missing_output", None)
    return dict(counts)


def test_a_long_slot_is_a_day_with_seats(tmp_path: Path) -> None:
    """Nine hours with nine seats: a day session of the service at its place."""
    dataset, report = read(tmp_path, DAY)
    (session,) = dataset.sessions
    assert (session.kind, session.capacity, session.id) == ("day", 9, "D-2023-03-25")
    assert session.start == datetime(2023, 3, 25, 13, tzinfo=UTC)
    assert dataset.services[0].id == "covid19-immunization"
    assert dataset.services[0].name == "Jab"
    assert dataset.locations[0].postal_code == "08332"
    assert dataset.locations[0].time_zone == "America/New_York"
    assert found(report) == {"repaired_value": 1}


def test_a_short_slot_is_one_cell(tmp_path: Path) -> None:
    """Twenty minutes, one seat where nothing is said; two at one time are two sessions."""
    short = slot("2023-03-25T09:00:00-04:00", "2023-03-25T09:20:00-04:00", None)
    dataset, _ = read(tmp_path, short, short)
    assert [(row.kind, row.cell_minutes, row.capacity) for row in dataset.sessions] == [
        ("timed", 20, 1),
        ("timed", 20, 1),
    ]
    assert [row.id for row in dataset.sessions] == ["D-2023-03-25T09:00", "D-2023-03-25T09:00-2"]


@pytest.mark.parametrize(("offset", "hour"), [("trust", 14), ("wall", 13)])
def test_offset_that_the_clock_has_not(tmp_path: Path, offset: Any, hour: int) -> None:
    """−05:00 on a day of summer time: the instant is trusted, or the time on the wall kept;
    it is reported either way.
    """
    wrong = slot("2023-03-25T09:00:00-05:00", "2023-03-25T18:00:00-05:00")
    dataset, report = read(tmp_path, wrong, options=replace(OPTIONS, offset=offset))
    assert dataset.sessions[0].start == datetime(2023, 3, 25, hour, tzinfo=UTC)
    assert found(report)["other_offset"] == 2


def test_utc_is_no_wrong_offset(tmp_path: Path) -> None:
    """An instant in UTC says nothing about the wall."""
    universal = slot("2023-03-25T13:00:00Z", "2023-03-25T22:00:00Z")
    _, report = read(tmp_path, universal)
    assert "other_offset" not in found(report)


def test_what_is_not_offered_is_counted_not_reported(tmp_path: Path) -> None:
    """Busy, without seats, over, or after the horizon: no mistakes, and no sessions."""
    dataset, report = read(
        tmp_path,
        DAY,
        DAY | {"status": "busy"},
        slot("2023-03-26T09:00:00-04:00", "2023-03-26T18:00:00-04:00", 0),
        slot("2023-03-23T09:00:00-04:00", "2023-03-23T18:00:00-04:00"),
        slot("2023-06-23T09:00:00-04:00", "2023-06-23T18:00:00-04:00"),
    )
    assert len(dataset.sessions) == 1
    assert report.sessions == {"not free": 2, "over already": 1, "after the horizon": 1}
    assert found(report) == {"repaired_value": 1}


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        (DAY | {"schedule": {"reference": "Schedule/none"}}, "unresolved_reference", "schedule"),
        (DAY | {"start": "2023-03-25T09:00:00"}, "bad_instant", "start"),
        (DAY | {"status": "maybe"}, "wrong_value", "status"),
        (schedule("E", "none"), "unresolved_reference", "actor"),
        (schedule("E", serviceType=[]), "unusable_row", "serviceType"),
        (schedule("D"), "duplicate_id", "id"),
        ({"resourceType": "Patient", "id": "P"}, "unused_resource", ""),
        (["Slot"], "unused_resource", ""),
    ],
)
def test_rows_that_cannot_be_used(tmp_path: Path, row: Any, code: str, field: str) -> None:
    """Each is reported with its line, field and reason, and the rest is read."""
    dataset, report = read(tmp_path, DAY, row)
    assert len(dataset.sessions) == 1
    (problem,) = (p for p in report.findings.problems if p.code == code)
    assert problem.path == "/".join(filter(None, ("rows.ndjson:4", field)))


def test_place_without_a_clock_takes_its_schedules_along(tmp_path: Path) -> None:
    """A place that is nowhere is reported, and so is the slot of its schedule."""
    nowhere = location("X", position=None, address={"state": "NJ", "postalCode": "99"})
    away = DAY | {"schedule": {"reference": "Schedule/E"}}
    dataset, report = read(tmp_path, DAY, nowhere, schedule("E", "X"), away)
    assert [row.id for row in dataset.locations] == ["L"]
    assert found(report)["unusable_row"] == 1
    assert found(report)["unresolved_reference"] == 1


def test_manifest_is_compared_with_the_folder(tmp_path: Path) -> None:
    """A file it names that is not there is a warning; files are found at any depth."""
    urls = ("https://x.org/states/locations/NJ.ndjson", "https://x.org/states/slots/DE.ndjson")
    outputs = [{"type": "Slot", "url": url} for url in urls]
    (tmp_path / "manifest.json").write_text(json.dumps({"output": outputs}))
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "locations-NJ.ndjson").write_text(json.dumps(location("M")))
    _, report = read(tmp_path, DAY)
    (problem,) = (p for p in report.findings.problems if p.code == "missing_output")
    assert problem.path == "manifest.json/output/1/url"
    (tmp_path / "manifest.json").write_text("{}")
    _, report = read(tmp_path, DAY)
    assert found(report)["missing_field"] == 1


def test_nothing_to_read_is_refused(tmp_path: Path) -> None:
    """No folder, an empty one, and options beyond their limits."""
    with pytest.raises(DatasetError, match="no such folder"):
        read_smart_links(tmp_path / "nowhere", OPTIONS)
    with pytest.raises(DatasetError, match="no slot can be used"):
        read_smart_links(tmp_path, OPTIONS)
    with pytest.raises(DatasetError, match="less than or equal to 366"):
        read_smart_links(tmp_path, replace(OPTIONS, days=367))


@pytest.mark.skipif(not FEED.is_dir(), reason=f"{FEED} is not there")
def test_new_jersey_and_requests_against_its_days() -> None:
    """The recorded feed: 1,430 days with seats at 112 places, 111 postal codes mended, every
    offset reported; two neighbours with one seat left get two days.
    """
    dataset, report = read_smart_links(FEED, replace(OPTIONS, offset="wall"))
    assert report.read == {"Slot": 1542, "Location": 112, "Schedule": 112}
    assert (len(dataset.sessions), len(dataset.locations)) == (1430, 112)
    assert report.sessions == {"not free": 112}
    assert found(report) == {"repaired_value": 111, "other_offset": 3084}
    assert not any(row.is_error for row in report.findings.problems)
    home = dataset.locations[0].coordinates
    people = tuple(Patient(id=name, home=home) for name in ("ann", "bob"))
    asked = tuple(
        Request(
            id=name,
            patient_id=name,
            visit_type_id="covid19-immunization",
            created=dataset.header.as_of,
            max_travel_km=1.0,
        )
        for name in ("ann", "bob")
    )
    scarce = tuple(replace(row, capacity=1) for row in dataset.sessions)
    booked = replace(dataset, patients=people, requests=asked, sessions=scarce)
    result = match(booked, limits=Limits(deterministic=True))
    assert result.certificate.is_proven
    assert len(set(result.plan.session.tolist())) == 2
