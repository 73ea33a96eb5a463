"""The parts of FHIR R4 resources that are read; everything else is ignored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from engine.domain.fields import Id, Instant

NPI_SYSTEM = "http://hl7.org/fhir/sid/us-npi"
NUCC_SYSTEM = "http://nucc.org/provider-taxonomy"
_PLAN_NET = "http://hl7.org/fhir/us/davinci-pdex-plan-net/StructureDefinition/"
NETWORK_EXTENSION = _PLAN_NET + "network-reference"
NEW_PATIENTS_EXTENSION = _PLAN_NET + "newpatients"
_SMART = "http://fhir-registry.smarthealthit.org/"
SMART_SERVICE_SYSTEM = _SMART + "CodeSystem/service-type"
CAPACITY_EXTENSION = _SMART + "StructureDefinition/slot-capacity"

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
FhirTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?$")]
_DATE_TIME = re.compile(
    r"\d{4}(-(0[1-9]|1[0-2])(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?)?)?"
)


def _date_time(text: str) -> str:
    """Check that a text is a year, a month, a day, or an instant with its offset."""
    try:
        known = _DATE_TIME.fullmatch(text) is not None
        if known and len(text) > len("2026-03"):
            (datetime if "T" in text else date).fromisoformat(text)
    except ValueError:
        known = False
    if not known:
        message = "a year, month, day, or instant with its offset is written like 2026-03-08"
        raise PydanticCustomError("bad_instant", message)
    return text


FhirDateTime = Annotated[str, AfterValidator(_date_time)]


class Shape(BaseModel):
    """What is read of a type."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Reference(Shape):
    """A reference like ``Location/123``."""

    reference: str = ""
    type: str = ""
    display: str = ""

    def id_of(self, kind: str) -> str:
        """Id of the resource of that type; empty where it names none, or one of another type."""
        url = self.reference.partition("/_history/")[0]
        rest, _, id_ = url.rpartition("/")
        stated = rest.rpartition("/")[2] or self.type
        return id_ if stated in ("", kind) else ""

    def shown(self) -> str:
        """What it says, for messages."""
        return self.reference or self.display


class Coding(Shape):
    """A code with its system."""

    system: str = ""
    code: str = ""
    display: str = ""


class Concept(Shape):
    """Codings that mean the same."""

    coding: tuple[Coding, ...] = ()


class Extension(Shape):
    """An extension; nested ones included."""

    url: str
    value_reference: Reference | None = Field(None, alias="valueReference")
    value_concept: Concept | None = Field(None, alias="valueCodeableConcept")
    value_integer: Annotated[int, Field(ge=0)] | None = Field(None, alias="valueInteger")
    extension: tuple[Extension, ...] = ()


class Resource(Shape):
    """What every resource has."""

    resource_type: str = Field(alias="resourceType")
    id: Id
    extension: tuple[Extension, ...] = ()

    def extensions(self, url: str) -> Iterator[Extension]:
        """Extensions of one kind."""
        return (row for row in self.extension if row.url == url)


class Identifier(Shape):
    """An identifier in a system."""

    system: str = ""
    value: str = ""


class HumanName(Shape):
    """A person's name."""

    family: str = ""
    given: tuple[str, ...] = ()


class Practitioner(Resource):
    """Who sees patients."""

    active: bool = True
    identifier: tuple[Identifier, ...] = ()
    name: tuple[HumanName, ...] = ()
    gender: Literal["male", "female", "other", "unknown"] | None = None
    communication: tuple[Concept, ...] = ()


class AvailableTime(Shape):
    """Weekly hours."""

    days: tuple[Weekday, ...] = Field((), alias="daysOfWeek")
    all_day: bool = Field(default=False, alias="allDay")
    start: FhirTime | None = Field(None, alias="availableStartTime")
    end: FhirTime | None = Field(None, alias="availableEndTime")


class Period(Shape):
    """A stretch of time as FHIR writes it: dates or instants, either end open."""

    start: FhirDateTime | None = None
    end: FhirDateTime | None = None


class NotAvailable(Shape):
    """A stretch in which nobody is there."""

    description: str = ""
    during: Period = Period()


class PractitionerRole(Resource):
    """What a practitioner does at one or more places."""

    active: bool = True
    period: Period = Period()
    practitioner: Reference = Reference()
    organization: Reference | None = None
    specialty: tuple[Concept, ...] = ()
    location: tuple[Reference, ...] = ()
    healthcare_service: tuple[Reference, ...] = Field((), alias="healthcareService")
    available_time: tuple[AvailableTime, ...] = Field((), alias="availableTime")
    not_available: tuple[NotAvailable, ...] = Field((), alias="notAvailable")


class Address(Shape):
    """A postal address."""

    state: str = ""
    postal_code: str = Field("", alias="postalCode")


class Position(Shape):
    """Coordinates."""

    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class Location(Resource):
    """A place."""

    status: Literal["active", "suspended", "inactive"] = "active"
    name: str = ""
    address: Address | None = None
    position: Position | None = None


class Schedule(Resource):
    """Times that something is offered at."""

    service_type: tuple[Concept, ...] = Field((), alias="serviceType")
    actor: tuple[Reference, ...] = ()


class Slot(Resource):
    """A stretch of a schedule."""

    schedule: Reference
    status: Literal["busy", "free", "busy-unavailable", "busy-tentative", "entered-in-error"]
    start: Instant
    end: Instant

    @property
    def seats(self) -> int:
        """Visits that it takes; 1 where nothing is said."""
        stated = (row.value_integer for row in self.extensions(CAPACITY_EXTENSION))
        return next((seats for seats in stated if seats is not None), 1)


class InsurancePlan(Resource):
    """A product of an insurer."""

    status: str = "active"
    name: str = ""
    owned_by: Reference | None = Field(None, alias="ownedBy")
    network: tuple[Reference, ...] = ()


class OrganizationAffiliation(Resource):
    """Which networks an organisation takes part in."""

    active: bool = True
    participating: Reference = Field(Reference(), alias="participatingOrganization")
    network: tuple[Reference, ...] = ()


class HealthcareService(Resource):
    """A service; read for the patients it accepts."""

    active: bool = True


SHAPES: dict[str, type[Resource]] = {
    shape.__name__: shape
    for shape in (
        Practitioner,
        PractitionerRole,
        Location,
        InsurancePlan,
        OrganizationAffiliation,
        HealthcareService,
    )
}
"""Resource types that are read."""


def as_shape(content: Any) -> type[Resource] | None:
    """The shape for a resource, ``None`` where its type is not read."""
    kind = content.get("resourceType") if isinstance(content, dict) else None
    return SHAPES.get(kind) if isinstance(kind, str) else None
