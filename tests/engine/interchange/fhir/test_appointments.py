"""Appointments: what stands, what is asked for, and what counts for nothing."""

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
    ref,
    schedule,
    slot,
    told,
    where,
)

from engine.domain import Coordinates, PostalArea
from engine.interchange.fhir.names import (
    GEOLOCATION_EXTENSION,
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


def test_a_patient_who_is_there_already_stays_as_she_is(tmp_path: Path) -> None:
    """Only her appointment is read."""
    clinic = Clinic().patient("P", state="NJ")
    dataset, _ = read(tmp_path, patient(), appointment(), base=clinic)
    assert dataset.patients == clinic.dataset().patients
    assert dataset.requests[0].patient_id == "P"


def test_what_is_read_of_a_patient(tmp_path: Path) -> None:
    """Home, state, birth date, gender and languages; never a name; nobody without an
    appointment.
    """
    dataset, _ = read(tmp_path, patient(), patient("Q"), appointment())
    (person,) = dataset.patients
    assert (person.id, person.state, person.gender) == ("P", "NY", "female")
    assert person.home == PostalArea(postal_code="10018")
    assert (person.birth_date, person.languages) == (date(1980, 2, 29), ("es",))
    assert "never read" not in repr(dataset)


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"birthDate": "1980"}, "repaired_value", "birthDate"),
        ({"address": [{"postalCode": "SW1A 1AA"}]}, "unknown_postal_code", "address/0/postalCode"),
        ({"address": [{"state": "N\tY"}]}, "repaired_value", "address/0/state"),
        ({"gender": "unknown"}, None, None),
        ({"address": []}, None, None),
    ],
)
def test_what_is_not_sure_of_a_patient_is_left_out(
    tmp_path: Path, more: Any, code: str | None, field: str | None
) -> None:
    """Reported where something was said; the appointment is read all the same."""
    dataset, report = read(tmp_path, patient(**more), appointment())
    assert len(dataset.appointments) == len(dataset.patients) == 1
    assert {row.code for row in report.findings.problems} - {"home_unknown"} == {code} - {None}
    if code is not None:
        assert field in where(report, code)


def test_the_home_is_the_address_in_use(tmp_path: Path) -> None:
    """A home before others, and no old one."""
    rows = [
        {"use": "old", "postalCode": "10001"},
        {"use": "work", "postalCode": "10002"},
        {"use": "home", "postalCode": "10003"},
    ]
    dataset, _ = read(tmp_path, patient(address=rows), appointment())
    assert dataset.patients[0].home == PostalArea(postal_code="10003")
    dataset, _ = read(tmp_path, patient(address=rows[:2]), appointment())
    assert dataset.patients[0].home == PostalArea(postal_code="10002")


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


def test_a_name_that_no_request_can_have_is_a_mistake(tmp_path: Path) -> None:
    """And no appointment is made without it."""
    named = [{"system": REQUEST_SYSTEM, "value": "a\x00b"}]
    dataset, report = read(tmp_path, patient(), appointment(identifier=named), schedule(), slot())
    assert dataset.appointments == dataset.requests == ()
    assert where(report, "unusable_row") == ["identifier"]


def test_coordinates_of_a_home(tmp_path: Path) -> None:
    """By the extension that FHIR has for them; half of them are none, and the postal code
    counts.
    """
    whole = [{"url": "latitude", "valueDecimal": 40.5}, {"url": "longitude", "valueDecimal": -74}]
    for parts, home in (
        (whole, Coordinates(latitude=40.5, longitude=-74.0)),
        (whole[:1], PostalArea(postal_code="10018")),
    ):
        point = [{"url": GEOLOCATION_EXTENSION, "extension": parts}]
        address = {"postalCode": "10018", "extension": point}
        dataset, report = read(tmp_path, patient(address=[address]), appointment())
        assert dataset.patients[0].home == home
        assert found(report) == ({} if parts == whole else {"repaired_value": 1})


def test_a_specialty_that_nobody_knows_is_left_out(tmp_path: Path) -> None:
    """One of the dataset counts, whatever its system."""
    clinic = Clinic().role("role", specialties=("plain",))
    row = appointment(specialty=codes("394814009", "plain"))
    dataset, report = read(tmp_path, patient(), row, base=clinic)
    assert dataset.requests[0].specialty == "plain"
    assert [row.value for row in report.findings.problems] == ["'394814009'"]


def test_what_else_an_appointment_says_does_not_matter(tmp_path: Path) -> None:
    """Narrative, categories, kinds of participants, people who are not seen here: as in the
    examples on R4's pages.
    """
    people = [
        part("Patient/P") | {"required": "required"},
        part("Practitioner/dr") | {"type": [{"coding": [{"code": "ATND"}]}]},
        {"type": codes("INT")[0:1], "required": "optional", "status": "needs-action"},
        part("RelatedPerson/mother"),
        part("Location/office") | {"actor": ref("Location/office", display="South Wing")},
    ]
    row = appointment(
        participant=people,
        text={"status": "generated", "div": "<div>Brian</div>"},
        meta={"versionId": "3", "lastUpdated": "2013-10-10T00:00:00Z"},
        serviceCategory=codes("gp"),
        appointmentType=codes("FOLLOWUP")[0],
        reasonReference=[ref("Condition/example", display="Severe burn")],
        basedOn=[ref("ServiceRequest/myringotomy")],
        description="Discussion of results",
        comment="Further expand",
        created="2026-02-10",
        priority=0,
    )
    dataset, report = read(tmp_path, patient(), row)
    assert [row.request_id for row in dataset.appointments] == ["A"]
    assert found(report) == {}
