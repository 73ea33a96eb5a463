"""Requests: what appointments ask for."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from clinic import Clinic, at
from fhir_sample import (
    appointment,
    codes,
    found,
    part,
    patient,
    read,
    schedule,
    slot,
    told,
    where,
)

from engine.interchange.fhir.names import (
    REQUEST_SYSTEM,
)


@pytest.mark.parametrize("status", ["waitlist", "proposed"])
def test_what_is_asked_for_without_a_time_is_an_open_request(tmp_path: Path, status: str) -> None:
    """With its window, urgency and specialty."""
    row = appointment(
        status=status,
        priority=2,
        requestedPeriod=[{"start": "2026-03-03", "end": told("12:00", 3)}],
        participant=[part("Patient/P", "needs-action")],
        specialty=codes("207R00000X", system="http://nucc.org/provider-taxonomy"),
    )
    del row["start"], row["end"]
    dataset, report = read(tmp_path, patient(), row)
    (request,) = dataset.requests
    assert (request.earliest, request.latest) == (date(2026, 3, 3), at("12:00", 3))
    assert (request.urgency, request.specialty) == ("urgent", "207R00000X")
    assert dataset.appointments == ()
    assert found(report) == {}


@pytest.mark.parametrize(
    ("priority", "urgency"),
    [
        (None, "routine"),
        (0, "routine"),
        (1, "emergent"),
        (2, "urgent"),
        (4, "urgent"),
        (5, "soon"),
        (6, "routine"),
        (9, "routine"),
        (1000, "routine"),
    ],
)
def test_priorities_are_urgencies(tmp_path: Path, priority: int | None, urgency: str) -> None:
    """As iCalendar counts them: 1 is the highest, 9 the lowest, 0 says nothing."""
    more = {} if priority is None else {"priority": priority}
    dataset, _ = read(tmp_path, patient(), appointment(**more))
    assert dataset.requests[0].urgency == urgency


@pytest.mark.parametrize(
    ("more", "visit_type"),
    [
        ({"serviceType": codes("odd", "scan")}, "scan"),
        ({"serviceType": [], "appointmentType": codes("scan")[0]}, "scan"),
        ({"serviceType": codes("check"), "appointmentType": codes("scan")[0]}, "check"),
        ({"serviceType": [], "reasonCode": codes("scan")}, "scan"),
        ({"serviceType": codes("odd")}, "visit"),
        ({"serviceType": []}, "visit"),
    ],
)
def test_the_type_of_visit(tmp_path: Path, more: Any, visit_type: str) -> None:
    """By service, style or reason, in this order; else what was said to be meant."""
    clinic = Clinic().visit_type("check").visit_type("scan")
    row = appointment(**more)
    dataset, _ = read(tmp_path, patient(), row, base=clinic, visit_type="visit")
    assert dataset.requests[0].visit_type_id == visit_type


@pytest.mark.parametrize(
    ("more", "value"),
    [
        ({"created": "2026-02"}, date(2026, 2, 1)),
        ({"created": "2026-02-03"}, date(2026, 2, 3)),
        ({"created": "0000"}, None),
        ({"created": "1999-12-31"}, None),
        ({"created": None}, None),
    ],
)
def test_when_a_request_was_made(tmp_path: Path, more: Any, value: date | None) -> None:
    """Dates begin at midnight; where nothing is said that can be used, now."""
    row = {name: part for name, part in appointment(**more).items() if part is not None}
    dataset, report = read(tmp_path, patient(), row)
    created = dataset.requests[0].created
    assert (created.date(), created.hour) == (value or at("00:00").date(), 0)
    is_odd = value is None and more["created"] is not None
    assert found(report) == ({"repaired_value": 1} if is_odd else {})


@pytest.mark.parametrize(
    ("periods", "window", "is_reported"),
    [
        ([{"start": "2026-03", "end": "2026-03"}], (date(2026, 3, 1), date(2026, 3, 31)), False),
        ([{"end": "2026"}], (None, date(2026, 12, 31)), False),
        ([{"start": "2026-03-04"}], (date(2026, 3, 4), None), False),
        (
            [{"start": "2026-03-05"}, {"start": "2026-03-04", "end": "2026-03-06"}],
            (date(2026, 3, 4), None),
            True,
        ),
        ([{"start": "2026-03-05", "end": "2026-03-04"}], (None, None), True),
        ([{"start": "0000", "end": "9999"}], (None, None), False),
        ([{}], (None, None), False),
    ],
)
def test_requested_periods_are_windows(
    tmp_path: Path, periods: Any, window: Any, is_reported: bool
) -> None:
    """Days are inclusive; of several periods the whole stretch counts, and that is reported."""
    dataset, report = read(tmp_path, patient(), appointment(requestedPeriod=periods))
    assert (dataset.requests[0].earliest, dataset.requests[0].latest) == window
    assert found(report) == ({"repaired_value": 1} if is_reported else {})


def test_the_request_may_have_a_name_of_its_own(tmp_path: Path) -> None:
    """One that is there already gets the appointment, if it is of the same patient; else it is
    a mistake.
    """
    clinic = Clinic().request("r", "ann").request("s", "bob")
    named = [{"system": REQUEST_SYSTEM, "value": "r"}]
    people = [part("Patient/ann"), part("Practitioner/dr")]
    row = appointment(identifier=named, participant=people)
    dataset, report = read(tmp_path, row, base=clinic)
    assert [row.request_id for row in dataset.appointments] == ["r"]
    assert [row.id for row in dataset.requests] == ["r", "s"]
    assert found(report) == {}
    other = row | {"participant": [part("Patient/bob"), part("Practitioner/dr")]}
    dataset, report = read(tmp_path, other, slot(), schedule(), base=clinic)
    assert dataset.appointments == ()
    assert found(report) == {"duplicate_id": 1}


def test_a_name_that_no_request_can_have_is_a_mistake(tmp_path: Path) -> None:
    """And no appointment is made without it."""
    named = [{"system": REQUEST_SYSTEM, "value": "a\x00b"}]
    dataset, report = read(tmp_path, patient(), appointment(identifier=named), schedule(), slot())
    assert dataset.appointments == dataset.requests == ()
    assert where(report, "unusable_row") == ["identifier"]


def test_a_specialty_that_nobody_knows_is_left_out(tmp_path: Path) -> None:
    """One of the dataset counts, whatever its system."""
    clinic = Clinic().role("role", specialties=("plain",))
    row = appointment(specialty=codes("394814009", "plain"))
    dataset, report = read(tmp_path, patient(), row, base=clinic)
    assert dataset.requests[0].specialty == "plain"
    assert [row.value for row in report.findings.problems] == ["'394814009'"]
