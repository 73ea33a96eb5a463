"""The parts of scheduling resources that are read; everything else is ignored."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from engine.domain.fields import Id, Instant
from engine.interchange import fhir_shapes as base
from engine.interchange.fhir import names
from engine.interchange.fhir_shapes import (
    CAPACITY_EXTENSION,
    Concept,
    FhirDateTime,
    Identifier,
    Period,
    Shape,
)

_EXTENSIONS = {
    CAPACITY_EXTENSION,
    names.SEATS_EXTENSION,
    names.DAY_EXTENSION,
    names.HELD_UNTIL_EXTENSION,
    names.PINNED_EXTENSION,
    names.GEOLOCATION_EXTENSION,
    "latitude",
    "longitude",
}

AppointmentStatus = Literal[
    "proposed",
    "pending",
    "booked",
    "arrived",
    "fulfilled",
    "cancelled",
    "noshow",
    "entered-in-error",
    "checked-in",
    "waitlist",
]
ParticipationStatus = Literal["accepted", "declined", "tentative", "needs-action"]


def _known(value: Any) -> Any:
    """Extensions that are read; others may hold anything that FHIR allows."""
    if not isinstance(value, list):
        return value
    return [row for row in value if not isinstance(row, dict) or _is_known(row.get("url"))]


def _is_known(url: Any) -> bool:
    return not isinstance(url, str) or url in _EXTENSIONS


class Extension(Shape):
    """An extension that is read."""

    url: str
    value_integer: Annotated[int, Field(ge=0)] | None = Field(None, alias="valueInteger")
    value_boolean: bool | None = Field(None, alias="valueBoolean")
    value_instant: Instant | None = Field(None, alias="valueInstant")
    value_decimal: Annotated[float, Field(allow_inf_nan=False)] | None = Field(
        None, alias="valueDecimal"
    )
    extension: Extensions = ()


Extensions = Annotated[tuple[Extension, ...], BeforeValidator(_known)]


class Extended(Shape):
    """What has extensions."""

    extension: Extensions = ()

    def extended(self, url: str) -> Extension | None:
        """The first extension of a kind."""
        return next((row for row in self.extension if row.url == url), None)


class Reference(base.Reference):
    """A reference, by address or by an identifier."""

    identifier: Identifier | None = None

    def shown(self) -> str:
        """What it says, for messages."""
        by_identifier = self.identifier.value if self.identifier else ""
        return self.reference or by_identifier or self.display


class Resource(Extended):
    """What every resource has."""

    resource_type: str = Field(alias="resourceType")
    id: Id
    identifier: tuple[Identifier, ...] = ()

    def identified(self, system: str) -> str:
        """Its identifier in a system; empty where it has none."""
        found = (row.value for row in self.identifier if row.system == system)
        return next(filter(None, found), "")


class Actor(Resource):
    """Who or what has a schedule: it is known by its ids alone."""


class PractitionerRole(Resource):
    """What a practitioner does at some places."""

    practitioner: Reference | None = None
    location: tuple[Reference, ...] = ()
    healthcare_service: tuple[Reference, ...] = Field((), alias="healthcareService")


class Address(Extended):
    """A postal address."""

    use: str = ""
    state: str = ""
    postal_code: str = Field("", alias="postalCode")


class Communication(Shape):
    """A language that a patient speaks."""

    language: Concept = Concept()


class Patient(Resource):
    """Who asks; names are not read."""

    gender: Literal["male", "female", "other", "unknown"] | None = None
    birth_date: FhirDateTime | None = Field(None, alias="birthDate")
    address: tuple[Address, ...] = ()
    communication: tuple[Communication, ...] = ()


class Schedule(Resource):
    """Times that something is offered at."""

    active: bool = True
    service_type: tuple[Concept, ...] = Field((), alias="serviceType")
    specialty: tuple[Concept, ...] = ()
    actor: tuple[Reference, ...] = ()
    horizon: Period = Field(Period(), alias="planningHorizon")


class Slot(Resource):
    """A stretch of a schedule."""

    service_type: tuple[Concept, ...] = Field((), alias="serviceType")
    specialty: tuple[Concept, ...] = ()
    appointment_type: Concept | None = Field(None, alias="appointmentType")
    schedule: Reference
    status: Literal["busy", "free", "busy-unavailable", "busy-tentative", "entered-in-error"]
    start: Instant
    end: Instant
    overbooked: bool = False


class Participant(Shape):
    """Who or what takes part in an appointment."""

    actor: Reference | None = None
    status: ParticipationStatus | None = None


class Appointment(Resource):
    """A visit that is asked for, held or booked."""

    status: AppointmentStatus
    service_type: tuple[Concept, ...] = Field((), alias="serviceType")
    specialty: tuple[Concept, ...] = ()
    appointment_type: Concept | None = Field(None, alias="appointmentType")
    reason_code: tuple[Concept, ...] = Field((), alias="reasonCode")
    priority: Annotated[int, Field(ge=0)] | None = None
    start: Instant | None = None
    end: Instant | None = None
    minutes: Annotated[int, Field(ge=1)] | None = Field(None, alias="minutesDuration")
    slot: tuple[Reference, ...] = ()
    created: FhirDateTime | None = None
    requested: tuple[Period, ...] = Field((), alias="requestedPeriod")
    participant: tuple[Participant, ...] = ()


SHAPES: dict[str, type[Resource]] = {
    "Appointment": Appointment,
    "HealthcareService": Actor,
    "Location": Actor,
    "Patient": Patient,
    "Practitioner": Actor,
    "PractitionerRole": PractitionerRole,
    "Schedule": Schedule,
    "Slot": Slot,
}
"""Resource types that are read."""
