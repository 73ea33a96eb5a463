"""Which role actors single out, by participants or by slots."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from clinic import Clinic
from fhir_sample import appointment, found, part, patient, read, ref, schedule, slot

from engine.domain import Service
from engine.interchange.fhir_shapes import NPI_SYSTEM

NPI = "1234567893"


def practice() -> Clinic:
    """A doctor at two places and by video, another with a number, and a chair without one."""
    clinic = Clinic(services=[Service(id="chair")]).location("north")
    clinic.doctor("other", npi=NPI).role("at-north", location_id="north").video_role()
    clinic.role("other-role", doctor_id="other", location_id="north")
    return clinic.role("chair-role", service_id="chair")


def numbered(value: str = NPI, system: str = NPI_SYSTEM) -> dict[str, Any]:
    """A practitioner of another id, with a number."""
    known = [{"system": system, "value": value}]
    return {"resourceType": "Practitioner", "id": "theirs", "identifier": known}


@pytest.mark.parametrize(
    ("actors", "role"),
    [
        (("PractitionerRole/at-north",), "at-north"),
        (("PractitionerRole/at-north", "Practitioner/dr", "Location/north"), "at-north"),
        (("Practitioner/dr", "Location/north"), "at-north"),
        (("Practitioner/dr", "Location/north", "HealthcareService/whatever"), "at-north"),
        (("Practitioner/dr", "Location/north", "Device/scanner"), "at-north"),
        (("HealthcareService/chair",), "chair-role"),
        (("HealthcareService/chair", "Location/office"), "chair-role"),
        (("Practitioner/other",), "other-role"),
        (("Practitioner/theirs",), "other-role"),
        (("Practitioner/dr/_history/3", "Location/office/_history/1"), "role"),
        (("https://a.example/r4/Practitioner/other",), "other-role"),
    ],
)
def test_actors_single_out_a_role(tmp_path: Path, actors: tuple[str, ...], role: str) -> None:
    """All of them fit it, and no other."""
    dataset, report = read(tmp_path, schedule(*actors), numbered(), slot(), base=practice())
    assert [row.role_id for row in dataset.sessions] == [role]
    assert found(report) == {}


@pytest.mark.parametrize(
    ("actors", "shown"),
    [
        (("Practitioner/dr",), "roles: at-north, role, video"),
        (("Location/north",), "roles: at-north, other-role"),
        (("Practitioner/other", "Location/office"), "roles: none"),
        (("Practitioner/dr", "Location/nowhere"), "nobody's: Location/nowhere"),
        (("PractitionerRole/role", "PractitionerRole/at-north"), "roles: none"),
        (("HealthcareService/whatever",), "nobody's: HealthcareService/whatever"),
        (("Device/scanner",), "roles: none"),
        (("urn:uuid:0", "Practitioner/dr"), "nobody's: urn:uuid:0"),
        (("Practitioner?identifier=7",), "nobody's: Practitioner?identifier=7"),
        (("",), "roles: none"),
        ((), "roles: none"),
    ],
)
def test_actors_that_single_out_none(tmp_path: Path, actors: tuple[str, ...], shown: str) -> None:
    """Said once, of the schedule, with what was found; its slots are counted."""
    row = schedule(actor=[ref(actor) for actor in actors])
    other = [schedule("PractitionerRole/role", id="E"), slot(schedule=ref("Schedule/E"))]
    rows = (row, slot(), slot("10:00", "10:15", "T"), *other)
    dataset, report = read(tmp_path, *rows, base=practice())
    assert len(dataset.sessions) == 1
    (problem,) = report.findings.problems
    assert (problem.code, problem.value) == ("unresolved_reference", repr(shown))
    assert report.sessions == {"slots on a schedule that cannot be used": 2}


@pytest.mark.parametrize(
    ("identifier", "is_found"),
    [
        ({"system": NPI_SYSTEM, "value": NPI}, True),
        ({"system": NPI_SYSTEM, "value": "1"}, False),
        ({"system": "http://example.org", "value": NPI}, False),
    ],
)
def test_a_number_names_a_doctor(tmp_path: Path, identifier: Any, is_found: bool) -> None:
    """On the reference itself, or on the practitioner that it refers to."""
    by_number = {"type": "Practitioner", "identifier": identifier}
    rows = [schedule("Practitioner/theirs"), schedule(id="E", actor=[by_number])]
    rows += [slot(), slot("10:00", "10:15", "T", schedule=ref("Schedule/E"))]
    rows += [numbered(identifier["value"], identifier["system"])]
    rows += [schedule("PractitionerRole/role", id="F"), slot(id="U", schedule=ref("Schedule/F"))]
    dataset, _ = read(tmp_path, *rows, base=practice())
    assert [row.role_id for row in dataset.sessions] == ["other-role"] * 2 * is_found + ["role"]


@pytest.mark.parametrize(
    ("more", "role"),
    [
        ({"practitioner": ref("Practitioner/dr"), "location": [ref("Location/north")]}, "at-north"),
        (
            {
                "practitioner": ref("Practitioner/other"),
                "location": [ref("Location/office"), ref("Location/north")],
            },
            "other-role",
        ),
        ({"healthcareService": [ref("HealthcareService/chair")]}, "chair-role"),
        ({"practitioner": ref("Practitioner/dr")}, None),
        ({"practitioner": ref("PractitionerRole/theirs")}, None),
        ({}, None),
    ],
)
def test_a_role_of_theirs_is_known_by_its_person_and_places(
    tmp_path: Path, more: Any, role: str | None
) -> None:
    """Where its id is none of ours; one that refers to itself is nobody's."""
    theirs = {"resourceType": "PractitionerRole", "id": "theirs"} | more
    other = [schedule("PractitionerRole/role", id="E"), slot(id="T", schedule=ref("Schedule/E"))]
    rows = (schedule("PractitionerRole/theirs"), theirs, slot(), *other)
    dataset, _ = read(tmp_path, *rows, base=practice())
    assert {row.role_id for row in dataset.sessions} == {"role"} | ({role} - {None})


@pytest.mark.parametrize(
    ("people", "slots", "role"),
    [
        (["Practitioner/dr", "Location/north"], [], "at-north"),
        (["Practitioner/dr"], ["Slot/S"], "at-north"),
        ([], ["Slot/S"], "at-north"),
        (["Practitioner/stranger"], ["Slot/S"], "at-north"),
        (["Practitioner/other"], ["Slot/S"], "other-role"),
        (["Practitioner/dr"], ["Slot/none"], None),
        (["Practitioner/dr"], ["Slot/S", "Slot/T"], None),
        (["Location/office"], ["Slot/S"], None),
        ([], ["Patient/P"], None),
    ],
)
def test_the_role_of_an_appointment(
    tmp_path: Path, people: list[str], slots: list[str], role: str | None
) -> None:
    """By who takes part, else by the schedules of its slots."""
    row = appointment(
        participant=[part(name) for name in ["Patient/P", *people]],
        slot=[ref(name) for name in slots],
    )
    rows = [
        schedule("PractitionerRole/at-north"),
        schedule("PractitionerRole/role", id="E"),
        slot(),
        slot("10:00", "10:15", "T", schedule=ref("Schedule/E")),
    ]
    dataset, report = read(tmp_path, *rows, patient(), row, base=practice())
    assert [row.role_id for row in dataset.appointments] == [role] * (role is not None)
    assert report.findings.num_errors == (role is None)


def test_who_declined_does_not_take_part(tmp_path: Path) -> None:
    """The other doctor does."""
    people = [part("Patient/P"), part("Practitioner/stranger", "declined"), part("Practitioner/dr")]
    dataset, _ = read(tmp_path, patient(), appointment(participant=people))
    assert [row.role_id for row in dataset.appointments] == ["role"]
