"""The dataset: a header and the records of one booking world."""

from __future__ import annotations

from typing import Literal

from engine.domain.demand import Link, Patient, Request
from engine.domain.fields import Day, Instant, ZoneName
from engine.domain.record import record
from engine.domain.supply import (
    Appointment,
    Doctor,
    InsurancePlan,
    Location,
    Resource,
    Role,
    Service,
    Session,
    VisitType,
)

DATASET_SCHEMA: Literal["slotmatch.dataset/1"] = "slotmatch.dataset/1"
"""Format and version that a header states."""


@record
class Interval:
    """A half-open stretch of time ``[start, end)``."""

    start: Instant
    """First instant inside."""
    end: Instant
    """First instant after."""


@record
class Header:
    """What holds for the whole dataset."""

    schema: Literal["slotmatch.dataset/1"]
    """The format and its version."""
    as_of: Instant
    """The instant that counts as now: the engine reads no clock. Notice, holds and the
    release of reserved cells are judged by it."""
    horizon: Interval
    """The stretch that is planned; no visit is placed outside it."""
    time_zone: ZoneName
    """Where plain dates are read."""
    holidays: tuple[Day, ...] = ()
    """Days that are no working days; they matter to due dates, not to sessions."""


@record
class Dataset:
    """A booking world."""

    header: Header
    """What holds for all records."""
    patients: tuple[Patient, ...] = ()
    """Who asks."""
    requests: tuple[Request, ...] = ()
    """What they ask for."""
    links: tuple[Link, ...] = ()
    """Which requests belong together."""
    doctors: tuple[Doctor, ...] = ()
    """Who sees them."""
    services: tuple[Service, ...] = ()
    """What stands where no doctor is named."""
    roles: tuple[Role, ...] = ()
    """What a doctor or service does at one place."""
    locations: tuple[Location, ...] = ()
    """Where."""
    insurance_plans: tuple[InsurancePlan, ...] = ()
    """Who pays."""
    visit_types: tuple[VisitType, ...] = ()
    """What for."""
    resources: tuple[Resource, ...] = ()
    """Rooms and devices."""
    sessions: tuple[Session, ...] = ()
    """When."""
    appointments: tuple[Appointment, ...] = ()
    """What is promised already."""


COLLECTIONS: dict[str, type] = {
    "patients": Patient,
    "requests": Request,
    "links": Link,
    "doctors": Doctor,
    "services": Service,
    "roles": Role,
    "locations": Location,
    "insurance_plans": InsurancePlan,
    "visit_types": VisitType,
    "resources": Resource,
    "sessions": Session,
    "appointments": Appointment,
}
"""Record type of every collection of a dataset, in the order of writing."""
