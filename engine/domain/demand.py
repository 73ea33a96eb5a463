"""Who asks, and what for: patients, their requests, and requests that belong together."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated, Literal

from pydantic import Field as Limit

from engine.domain.fields import (
    ClockTime,
    Count,
    Day,
    DayOrInstant,
    Days,
    Flag,
    Gender,
    Id,
    Instant,
    Kilometres,
    Minutes,
    Modality,
    VisitLength,
    Weekday,
)
from engine.domain.place import Home
from engine.domain.record import record

INSISTABLE = ("doctors", "modality", "locations", "times")
"""Wishes that a request may insist on: they bind then, and cost nothing."""


@record
class Patient:
    """A person who asks for visits."""

    id: Id
    """Identifier, unique among patients."""
    home: Home | None = None
    """Where distances are measured from; unknown: every distance admits and costs nothing."""
    state: Id | None = None
    """State or country part where the patient is during a video visit (``CT``)."""
    insurance_plan_id: Id | None = None
    """Insurance plan; none: the patient pays."""
    birth_date: Day | None = None
    """Needed where an age limit is set."""
    gender: Gender | None = None
    """Needed where a role serves certain genders only."""
    languages: tuple[Id, ...] = ()
    """Languages the patient speaks (BCP 47); empty: nothing is known, nothing is asked."""
    established_with: tuple[Id, ...] = ()
    """Doctors, services and groups (``group_id``) that know the patient."""
    groups: dict[Id, Id] = field(default_factory=dict)
    """Groups for fairness reports, by kind: ``{"area": "north"}``."""
    family_id: Id | None = None
    """Shared by the members of a family."""
    times_moved: Count = 0
    """How often an appointment of this person was moved before."""


@record
class WeeklyTime:
    """A stretch of wall-clock time on certain days of every week."""

    days: Annotated[tuple[Weekday, ...], Limit(min_length=1)]
    """Days of the week."""
    start: ClockTime
    """From, ``HH:MM`` on the clock at the place of the visit."""
    end: ClockTime
    """Until, later than ``start``; ``24:00`` is the end of the day."""


@record
class DoctorWish:
    """One doctor (or service) among those wished for."""

    doctor_id: Id
    """A doctor or a service."""
    days: Days | None = None
    """Price in days of waiting; none: by the place in the list."""


@record
class Wishes:
    """What the patient would like. Gender and language always bind; the rest is priced
    unless the request insists on it.
    """

    doctors: tuple[DoctorWish, ...] = ()
    """Doctors in order of preference."""
    gender: Gender | None = None
    """Gender of the doctor; binds."""
    language: Id | None = None
    """A language the doctor must speak; binds."""
    modality: Modality | None = None
    """In person or by video."""
    location_ids: tuple[Id, ...] = ()
    """Places that suit; empty: all."""
    times: tuple[WeeklyTime, ...] = ()
    """Weekly times that suit; empty: all."""


@record
class DoctorTerm:
    """What one doctor means for one request: own minutes, own price."""

    doctor_id: Id
    """A doctor or a service."""
    minutes: VisitLength | None = None
    """Length of the visit with this doctor; none: as for everybody."""
    days: Days = 0.0
    """Price of this doctor in days of waiting."""


@record
class Declined:
    """Places that the patient has said no to: all that fit every field given."""

    doctor_id: Id | None = None
    """With this doctor, or service."""
    location_id: Id | None = None
    """At this place."""
    role_id: Id | None = None
    """In this role."""
    start: Instant | None = None
    """That begin at this instant."""
    before: DayOrInstant | None = None
    """That begin earlier; a plain date is its local midnight."""
    times: tuple[WeeklyTime, ...] = ()
    """That begin in these stretches, on the clock at the place; of a day session, those whose
    whole day they cover."""


@record
class Request:
    """A patient's need to be placed."""

    id: Id
    """Identifier, unique among requests."""
    patient_id: Id
    """Who asks."""
    visit_type_id: Id
    """What for."""
    specialty: Id | None = None
    """Code of the specialty asked for (NUCC codes know their parents); none: the visit
    type alone decides."""
    created: Instant
    """When the patient asked."""
    earliest: DayOrInstant | None = None
    """The visit begins no earlier; a plain date is its local midnight."""
    latest: DayOrInstant | None = None
    """The visit ends no later; a plain date is the end of that day."""
    see_by: DayOrInstant | None = None
    """When the visit is due, instead of the urgency's standard."""
    urgency: Id = "routine"
    """A class of the policy: emergent, urgent, soon, routine by default."""
    max_travel_km: Kilometres | None = None
    """No place farther from home than this, as the crow flies."""
    wishes: Wishes = Wishes()
    """What the patient would like."""
    insists_on: tuple[Literal["doctors", "modality", "locations", "times"], ...] = ()
    """Wishes that bind instead of costing."""
    doctor_terms: tuple[DoctorTerm, ...] = ()
    """Minutes and prices per doctor."""
    declined: tuple[Declined, ...] = ()
    """Places that are not to be offered again."""


@record
class Link:
    """Requests that belong together. A request is in at most one link."""

    id: Id
    """Identifier, unique among links."""
    request_ids: Annotated[tuple[Id, ...], Limit(min_length=2)]
    """The requests, in order where ``ordered``."""
    all_or_none: Flag = False
    """Place all of them or none."""
    same_day: Flag = False
    """All on one local day."""
    ordered: Flag = False
    """One after the other, as listed."""
    min_gap_minutes: Minutes | None = None
    """At least this long between one's end and the next one's start."""
    max_gap_minutes: Minutes | None = None
    """At most this long between one's end and the next one's start."""
    min_gap_days: Count | None = None
    """The same in local days."""
    max_gap_days: Count | None = None
    """The same in local days."""
    same_location: Flag = False
    """All at one place."""
    same_doctor: Flag = False
    """All with one doctor."""
