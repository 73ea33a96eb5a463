"""Who sees patients, where and when, what it is paid by, and what is promised already."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from engine.domain.fields import (
    AcceptsNew,
    Count,
    Flag,
    Gender,
    Id,
    Instant,
    Minutes,
    Networks,
    Text,
    VisitLength,
    Years,
    ZoneName,
)
from engine.domain.place import Coordinates
from engine.domain.record import record
from engine.time_grid import elapsed


@record
class Doctor:
    """A person who sees patients."""

    id: Id
    """Identifier, unique among doctors and services."""
    name: Text = ""
    """For people who read a plan."""
    npi: Id | None = None
    """US National Provider Identifier; a wrong check digit is a warning."""
    gender: Gender | None = None
    """Needed where a patient wishes one."""
    languages: tuple[Id, ...] = ()
    """Languages spoken (BCP 47); empty: nothing is known."""


@record
class Service:
    """Stands where no doctor is named, such as a pharmacy's vaccination chair."""

    id: Id
    """Identifier, unique among doctors and services."""
    name: Text = ""
    """For people who read a plan."""


@record
class VisitMinutes:
    """How long a role takes for a type of visit."""

    visit_type_id: Id
    """The type of visit."""
    minutes: VisitLength
    """With a patient who is known."""
    minutes_new: VisitLength | None = None
    """With a new patient; none: the same."""


@record
class DailyCap:
    """No more than so many visits on one local day."""

    limit: Count
    """Visits a day."""
    visit_type_id: Id | None = None
    """Of this type; none: of all types together."""
    per: Literal["role", "doctor"] = "role"
    """Counted in this role alone, or over all roles of its doctor."""


@record
class Role:
    """What a doctor (or a service) does at one place (FHIR PractitionerRole)."""

    id: Id
    """Identifier, unique among roles."""
    doctor_id: Id | None = None
    """Who; exactly one of doctor and service."""
    service_id: Id | None = None
    """What; exactly one of doctor and service."""
    location_id: Id | None = None
    """Where; none: by video."""
    specialties: tuple[Id, ...] = ()
    """Codes of the specialties practised here."""
    networks: Networks = ()
    """Insurers' networks; empty: none."""
    accepts_self_pay: Flag = False
    """Sees patients who pay themselves."""
    accepts_new: AcceptsNew = "all"
    """All patients; those it knows; those and their families; nobody."""
    visit_minutes: tuple[VisitMinutes, ...] = ()
    """Own lengths per type of visit."""
    daily_caps: tuple[DailyCap, ...] = ()
    """Limits per local day."""
    licensed_states: tuple[Id, ...] = ()
    """Where patients of a video visit may be."""
    group_id: Id | None = None
    """The practice; who is known to it is not new here."""
    time_zone: ZoneName | None = None
    """Required by video; at a place, the place's own."""
    age_min: Years | None = None
    """Youngest age served, whole years."""
    age_max: Years | None = None
    """Oldest age served, whole years, inclusive."""
    genders_served: tuple[Gender, ...] = ()
    """Empty: all."""
    min_notice_minutes: Minutes | None = None
    """Lead time before a visit; none: the policy's."""


@record
class Location:
    """A place where visits happen."""

    id: Id
    """Identifier, unique among locations."""
    name: Text = ""
    """For people who read a plan."""
    coordinates: Coordinates | None = None
    """Where; none: taken from the postal code."""
    time_zone: ZoneName
    """The clock on its wall."""
    postal_code: Id | None = None
    """Postal code."""
    state: Id | None = None
    """State or country part."""


@record
class InsurancePlan:
    """What a patient is insured by."""

    id: Id
    """Identifier, unique among insurance plans."""
    payer: Text = ""
    """The insurer."""
    name: Text = ""
    """For people who read a plan."""
    networks: tuple[Id, ...] = ()
    """Networks whose doctors it pays."""


@record
class VisitType:
    """A reason to come, with its length."""

    id: Id
    """Identifier, unique among visit types."""
    name: Text = ""
    """For people who read a plan."""
    specialties: tuple[Id, ...] = ()
    """Specialties that offer it; empty: all."""
    minutes: VisitLength
    """With a patient who is known."""
    minutes_new: VisitLength | None = None
    """With a new patient; none: the same."""
    minutes_before: Minutes = 0
    """The doctor is busy this long before the told start."""
    minutes_after: Minutes = 0
    """The doctor is busy this long after the visit."""
    modality: Literal["in_person", "video", "any"] = "any"
    """How it can be done."""
    resources: tuple[Id, ...] = ()
    """Kinds of rooms and devices it needs, one of each."""
    age_min: Years | None = None
    """Youngest age, whole years."""
    age_max: Years | None = None
    """Oldest age, whole years, inclusive."""


@record
class Resource:
    """Rooms or devices of one kind at a place."""

    id: Id
    """Identifier, unique among resources."""
    location_id: Id
    """Where."""
    kind: Id
    """What kind, as visit types name it."""
    capacity: Count = 1
    """How many at once."""


@record
class Session:
    """A block of a role's time, cut into cells (timed) or counted in seats (day)."""

    id: Id
    """Identifier, unique among sessions."""
    role_id: Id
    """Whose."""
    start: Instant
    """First minute inside."""
    end: Instant
    """First minute after."""
    cell_minutes: VisitLength | None = None
    """Length of a cell; required by a timed session."""
    kind: Literal["timed", "day"] = "timed"
    """Timed: visits begin at cells. Day: any length, one seat each, no told time."""
    capacity: Count = 1
    """Seats per cell, or per day session."""
    visit_type_ids: tuple[Id, ...] = ()
    """Types of visit offered; empty: all."""
    reserved_for: Id | None = None
    """Kept for this urgency class and those more urgent, until released."""


@record
class Appointment:
    """A place that is promised already, or a block."""

    id: Id
    """Identifier, unique among appointments."""
    request_id: Id | None = None
    """Whose; none: a block, never movable."""
    role_id: Id
    """With whom."""
    start: Instant
    """The told start."""
    end: Instant
    """The told end."""
    status: Literal["booked", "held", "conflicted"] = "booked"
    """Held: until ``held_until``. Conflicted: promised, and known to collide."""
    held_until: Instant | None = None
    """Required by a hold; from then on it counts for nothing."""
    confirmed: Flag = False
    """The patient has confirmed it."""
    pinned: Flag = False
    """May not be moved."""
    source: Text = ""
    """Where it came from."""

    def is_active(self, as_of: Instant) -> bool:
        """Whether it counts at ``as_of``: an expired hold does not."""
        if self.status != "held" or self.held_until is None:
            return True
        return elapsed(as_of, self.held_until) > timedelta()
