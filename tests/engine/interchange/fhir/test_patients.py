"""Patients: what is read of them, and what stays as it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from clinic import Clinic
from fhir_sample import (
    appointment,
    found,
    patient,
    read,
    where,
)

from engine.domain import Coordinates, PostalArea
from engine.interchange.fhir.names import (
    GEOLOCATION_EXTENSION,
)


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
