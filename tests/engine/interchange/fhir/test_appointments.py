"""Appointments: what stands, what is asked for, and what counts for nothing."""

from __future__ import annotations

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
    ref,
    schedule,
    slot,
    told,
    where,
)

from engine.interchange.fhir.names import (
    HELD_UNTIL_EXTENSION,
    PINNED_EXTENSION,
    REQUEST_SYSTEM,
)
from engine.match import match


@pytest.mark.parametrize(
    ("status", "ours"),
    [
        ("booked", "booked"),
        ("arrived", "booked"),
        ("checked-in", "booked"),
        ("fulfilled", "booked"),
        ("pending", "held"),
    ],
)
def test_what_stands_is_an_appointment_with_its_request(
    tmp_path: Path, status: str, ours: str
) -> None:
    """The request has patient, visit type and the instant it was made: it can be moved later."""
    row = appointment(status=status)
    dataset, report = read(tmp_path, patient(), row)
    (made,), (request,) = dataset.appointments, dataset.requests
    assert (made.id, made.request_id, made.role_id, made.status) == ("A", "A", "role", ours)
    assert (made.start, made.end, made.source) == (at("09:00"), at("09:15"), "fhir")
    assert made.confirmed
    assert (request.patient_id, request.visit_type_id) == ("P", "visit")
    assert (request.created, request.urgency) == (at("07:00"), "routine")
    assert found(report) == {}


@pytest.mark.parametrize("status", ["cancelled", "noshow", "entered-in-error", "proposed"])
def test_what_does_not_stand_is_counted(tmp_path: Path, status: str) -> None:
    """It takes no time and asks for none; nor does a mere proposal for a time."""
    dataset, report = read(tmp_path, patient(), appointment(status=status))
    assert dataset.appointments == dataset.requests == dataset.patients == ()
    assert report.sessions == {f"appointments {status}": 1}
    assert found(report) == {}


def test_what_was_imported_can_be_matched(tmp_path: Path) -> None:
    """The free slot goes to who waits; the busy one stays with who has it."""
    waits = appointment(id="W", status="waitlist", participant=[part("Patient/Q")])
    del waits["start"], waits["end"]
    rows = (slot(status="busy"), slot("09:15", "09:30", "T"), appointment(), waits)
    clinic = Clinic().role("role", accepts_self_pay=True)
    dataset, _ = read(tmp_path, schedule(), patient(), patient("Q"), *rows, base=clinic)
    result = match(dataset)
    places = dict(zip(result.snapshot.requests.ids, result.plan.start.tolist(), strict=True))
    assert places == {"A": 9 * 60, "W": 9 * 60 + 15}
    assert all(level.gap == 0 for level in result.certificate.levels)


def test_a_hold_ends_when_it_says_or_when_it_begins(tmp_path: Path) -> None:
    """By the extension, else by the start of the visit."""
    until = [{"url": HELD_UNTIL_EXTENSION, "valueInstant": told("08:00")}]
    pinned = [{"url": PINNED_EXTENSION, "valueBoolean": True}]
    rows = (
        appointment(id="a", status="pending", extension=until),
        appointment("10:00", "10:15", "b", status="pending"),
        appointment("11:00", "11:15", "c", extension=[*until, *pinned]),
    )
    dataset, _ = read(tmp_path, patient(), *rows)
    assert [row.held_until for row in dataset.appointments] == [at("08:00"), at("10:00"), None]
    assert [row.pinned for row in dataset.appointments] == [False, False, True]


def test_only_a_patient_confirms(tmp_path: Path) -> None:
    """What the doctor accepts is of no matter."""
    people = [part("Patient/P", "tentative"), part("Practitioner/dr")]
    dataset, _ = read(tmp_path, patient(), appointment(participant=people))
    assert not dataset.appointments[0].confirmed


def test_an_appointment_of_nobody_is_a_block(tmp_path: Path) -> None:
    """A meeting of the doctor's, say."""
    dataset, report = read(tmp_path, appointment(participant=[part("Practitioner/dr")]))
    assert [(row.id, row.request_id) for row in dataset.appointments] == [("A", None)]
    assert dataset.requests == ()
    assert found(report) == {}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"serviceType": codes("odd")}, "serviceType"),
        ({"serviceType": []}, "serviceType"),
        ({"participant": [part("Patient/none"), part("Practitioner/dr")]}, "participant"),
        (
            {"participant": [part("Patient/P"), part("Patient/Q"), part("Practitioner/dr")]},
            "participant",
        ),
    ],
)
def test_what_says_too_little_for_a_request_is_a_block(
    tmp_path: Path, more: Any, field: str
) -> None:
    """Its time is taken all the same, and that is reported."""
    dataset, report = read(tmp_path, patient(), patient("Q"), appointment(**more))
    assert [row.request_id for row in dataset.appointments] == [None]
    assert dataset.requests == ()
    assert where(report, "unusable_row") == [field]
    assert report.findings.num_errors == 0


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"start": None}, "missing_field", "start"),
        ({"end": None}, "missing_field", "end"),
        ({"end": told("09:00")}, "empty_interval", "end"),
        ({"start": told("09:00").replace(":00-", ":30-")}, "not_whole_minute", "start"),
        ({"start": "2026-03-02T09:00:00"}, "bad_instant", "start"),
        ({"status": "maybe"}, "wrong_value", "status"),
        ({"status": None}, "missing_field", "status"),
        ({"priority": -1}, "out_of_range", "priority"),
        ({"participant": [part("Patient/P"), part("Practitioner/x")]}, "unresolved_reference", ""),
        ({"participant": [part("Patient/P")]}, "unresolved_reference", ""),
        ({"participant": [part("Patient/P", "maybe")]}, "wrong_value", "participant/0/status"),
        ({"participant": "P"}, "wrong_type", "participant"),
        ({"created": "yesterday"}, "bad_instant", "created"),
    ],
)
def test_appointments_that_cannot_be_used(tmp_path: Path, more: Any, code: str, field: str) -> None:
    """Each is an error with its field, its request is not left behind, and the rest is read."""
    row = {name: value for name, value in (appointment() | more).items() if value is not None}
    dataset, report = read(tmp_path, patient(), row, appointment("10:00", "10:15", "B"))
    assert [row.id for row in dataset.appointments] == ["B"]
    assert [row.id for row in dataset.requests] == ["B"]
    assert found(report) == {code: 1}
    assert where(report, code) == [field or "participant"]


def test_both_bounds_that_lack_are_found_in_one_pass(tmp_path: Path) -> None:
    """With the role that nobody is."""
    row = appointment(participant=[part("Practitioner/x")])
    del row["start"], row["end"]
    _, report = read(tmp_path, patient(), row, slot(), schedule())
    assert found(report) == {"missing_field": 2, "unresolved_reference": 1}


@pytest.mark.parametrize(("minutes", "is_reported"), [(15, False), (14, True), (16, True)])
def test_minutes_that_are_not_those_of_the_clock_are_reported(
    tmp_path: Path, minutes: int, is_reported: bool
) -> None:
    """Start and end count."""
    dataset, report = read(tmp_path, patient(), appointment(minutesDuration=minutes))
    assert where(report, "repaired_value") == ["minutesDuration"] * is_reported
    assert dataset.appointments[0].end == at("09:15")


def test_a_night_when_the_clock_is_set_counts_its_minutes(tmp_path: Path) -> None:
    """From half past one to half past three in summer time passes one hour."""
    night = {"start": "2026-03-08T01:30:00-05:00", "end": "2026-03-08T03:30:00-04:00"}
    _, report = read(tmp_path, patient(), appointment(**night, minutesDuration=60))
    assert found(report) == {}


def test_a_second_appointment_of_a_request_is_refused(tmp_path: Path) -> None:
    """A request holds one place; its slot is then busy with nobody, and stays taken."""
    named = [{"system": REQUEST_SYSTEM, "value": "r"}]
    rows = (
        appointment(identifier=named),
        appointment("10:00", "10:15", "B", identifier=named, slot=[ref("Slot/T")]),
        slot("10:00", "10:15", "T", status="busy"),
    )
    dataset, report = read(tmp_path, schedule(), patient(), *rows)
    assert "two_places" in found(report)
    assert {row.id for row in dataset.appointments} >= {"slot-T"}


def test_what_else_an_appointment_says_does_not_matter(tmp_path: Path) -> None:
    """Narrative, categories, kinds of participants, people who are not seen here: as in the
    examples on R4's pages.
    """
    people = [
        part("Patient/P") | {"required": "required"},
        part("Practitioner/dr") | {"type": [{"coding": [{"code": "ATND"}]}]},
        {"type": codes("INT")[0:1], "required": "optional", "status": "needs-action"},
        part("RelatedPerson/mother"),
        part("Location/office") | {"actor": ref("Location/office", display="a place")},
    ]
    row = appointment(
        participant=people,
        text={"status": "generated", "div": "<div>text</div>"},
        meta={"versionId": "3", "lastUpdated": "2013-10-10T00:00:00Z"},
        serviceCategory=codes("gp"),
        appointmentType=codes("FOLLOWUP")[0],
        reasonReference=[ref("Condition/example", display="a reason")],
        basedOn=[ref("ServiceRequest/example")],
        description="a description",
        comment="a comment",
        created="2026-02-10",
        priority=0,
    )
    dataset, report = read(tmp_path, patient(), row)
    assert [row.request_id for row in dataset.appointments] == ["A"]
    assert found(report) == {}
