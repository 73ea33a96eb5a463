"""Who and where: the resources that schedules and appointments refer to."""

from __future__ import annotations

from collections.abc import Iterator

from engine.domain import Coordinates, Dataset, Doctor, Location, Patient, Role
from engine.interchange.fhir.names import GEOLOCATION_EXTENSION
from engine.interchange.fhir.parts import (
    Content,
    languages,
    reference,
    resource,
    specialty,
    without_nothing,
)
from engine.interchange.fhir_shapes import NPI_SYSTEM


def actors(role: Role) -> list[Content]:
    """Who a role is, the role itself first."""
    found = [reference("PractitionerRole", role.id)]
    if role.doctor_id is not None:
        found.append(reference("Practitioner", role.doctor_id))
    if role.service_id is not None:
        found.append(reference("HealthcareService", role.service_id))
    if role.location_id is not None:
        found.append(reference("Location", role.location_id))
    return found


def people_and_places(dataset: Dataset) -> Iterator[Content]:
    """Doctors, services and places that have a role, the roles, and patients who ask."""
    doctors, services, places = (
        {getattr(role, field) for role in dataset.roles}
        for field in ("doctor_id", "service_id", "location_id")
    )
    asking = {request.patient_id for request in dataset.requests}
    yield from (_practitioner(row) for row in dataset.doctors if row.id in doctors)
    for row in dataset.services:
        if row.id in services:
            yield resource("HealthcareService", row.id, active=True, name=row.name)
    yield from (_location(row) for row in dataset.locations if row.id in places)
    yield from (_role(row) for row in dataset.roles)
    yield from (_patient(row) for row in dataset.patients if row.id in asking)


def _practitioner(row: Doctor) -> Content:
    npi = () if row.npi is None else ({"system": NPI_SYSTEM, "value": row.npi},)
    return resource(
        "Practitioner",
        row.id,
        *npi,
        name=[{"text": row.name}] if row.name else [],
        gender=row.gender,
        communication=languages(row.languages),
    )


def _location(row: Location) -> Content:
    address = {"state": row.state, "postalCode": row.postal_code}
    return resource(
        "Location",
        row.id,
        status="active",
        name=row.name,
        address=without_nothing(address),
        position=None if row.coordinates is None else _degrees(row.coordinates),
    )


def _degrees(point: Coordinates) -> Content:
    return {"longitude": point.longitude, "latitude": point.latitude}


def _role(row: Role) -> Content:
    person = None if row.doctor_id is None else reference("Practitioner", row.doctor_id)
    return resource(
        "PractitionerRole",
        row.id,
        active=True,
        practitioner=person,
        specialty=[specialty(code) for code in row.specialties],
        location=[] if row.location_id is None else [reference("Location", row.location_id)],
        healthcareService=[]
        if row.service_id is None
        else [reference("HealthcareService", row.service_id)],
    )


def _patient(row: Patient) -> Content:
    """A patient, without a name: there is none."""
    home = row.home
    address: Content = {"use": "home", "state": row.state}
    if isinstance(home, Coordinates):
        parts = [{"url": url, "valueDecimal": value} for url, value in _degrees(home).items()]
        address["extension"] = [{"url": GEOLOCATION_EXTENSION, "extension": parts}]
    elif home is not None:
        address["postalCode"] = home.postal_code
    known = without_nothing(address)
    return resource(
        "Patient",
        row.id,
        gender=row.gender,
        birthDate=None if row.birth_date is None else row.birth_date.isoformat(),
        address=[known] if len(known) > 1 else [],
        communication=[{"language": language} for language in languages(row.languages)],
    )
