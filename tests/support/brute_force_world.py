"""The world of the brute force: records by id, places, and what is promised already."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from day_seats import DaySeats

from engine.domain import Coordinates, Dataset, PostalArea, Request, Role, Session
from engine.geography import postal_place

ORDER = ("emergent", "urgent", "soon", "routine")
DAY = timedelta(days=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Place:
    """One way to place one request."""

    request: Request
    session: Session
    role: Role
    start: datetime
    end: datetime
    busy_start: datetime
    busy_end: datetime

    @property
    def is_timed(self) -> bool:
        """Whether there is a told time."""
        return self.session.kind == "timed"

    @property
    def request_id(self) -> str:
        """Of the request."""
        return self.request.id

    @property
    def patient_id(self) -> str:
        """Who comes."""
        return self.request.patient_id

    @property
    def visit_type_id(self) -> str:
        """What for."""
        return self.request.visit_type_id


class World:
    """A dataset with its records by id."""

    def __init__(self, dataset: Dataset, overbooked_step: int = 0) -> None:
        self.dataset = dataset
        self.overbooked_step = overbooked_step
        self.now = dataset.header.as_of.astimezone(UTC)
        self.patients = {row.id: row for row in dataset.patients}
        self.roles = {row.id: row for row in dataset.roles}
        self.locations = {row.id: row for row in dataset.locations}
        self.visit_types = {row.id: row for row in dataset.visit_types}
        self.doctors = {row.id: row for row in dataset.doctors}
        self.plans = {row.id: row for row in dataset.insurance_plans}
        self.requests = {row.id: row for row in dataset.requests}
        self.active = [
            row
            for row in dataset.appointments
            if row.status != "held" or row.held_until.astimezone(UTC) > self.now  # type: ignore[union-attr]
        ]
        held = {row.request_id for row in self.active}
        self.open = [row for row in dataset.requests if row.id not in held]
        self.published = _published(self)

    def zone(self, role: Role) -> ZoneInfo:
        """The clock at the place of a role."""
        if role.location_id is None:
            return ZoneInfo(role.time_zone or "")
        return ZoneInfo(self.locations[role.location_id].time_zone)

    def who(self, role: Role) -> str:
        """The doctor or service of a role."""
        return role.doctor_id or role.service_id or ""

    def knows(self, patient_id: str, role: Role) -> bool:
        """Whether the patient is established there."""
        return bool(
            {self.who(role), role.group_id} & set(self.patients[patient_id].established_with)
        )

    def minutes(self, request: Request, role: Role) -> int:
        """Length of the visit."""
        for term in request.doctor_terms:
            if term.doctor_id == self.who(role) and term.minutes is not None:
                return term.minutes
        known = self.knows(request.patient_id, role)
        for own in role.visit_minutes:
            if own.visit_type_id == request.visit_type_id:
                return own.minutes if known else own.minutes_new or own.minutes
        visit_type = self.visit_types[request.visit_type_id]
        return visit_type.minutes if known else visit_type.minutes_new or visit_type.minutes

    def point(self, location_id: str | None) -> Coordinates | None:
        """Where a place is."""
        if location_id is None:
            return None
        location = self.locations[location_id]
        return location.coordinates or _centre(location.postal_code)

    def metres(self, request: Request, role: Role) -> int | None:
        """Distance, by the spherical law of cosines."""
        home = self.patients[request.patient_id].home
        if isinstance(home, PostalArea):
            home = _centre(home.postal_code)
        there = self.point(role.location_id)
        if home is None or there is None:
            return None
        a, b = math.radians(home.latitude), math.radians(there.latitude)
        across = math.cos(math.radians(home.longitude - there.longitude))
        cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * across
        return round(6_371_008.8 * math.acos(max(-1.0, min(1.0, cosine))))

    def instant(self, value: date | datetime, *, end: bool) -> datetime:
        """When a day begins or ends at the header's clock, or the instant itself."""
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        zone = ZoneInfo(self.dataset.header.time_zone)
        return datetime.combine(value + (DAY if end else timedelta()), time(), zone).astimezone(UTC)


def _centre(postal_code: str | None) -> Coordinates | None:
    place = postal_place(postal_code) if postal_code else None
    return Coordinates(latitude=place.latitude, longitude=place.longitude) if place else None


def modality(role: Role) -> str:
    """How visits are held in a role."""
    return "video" if role.location_id is None else "in_person"


@dataclass(frozen=True)
class Published:
    """An active appointment in the shape of a place."""

    request_id: str | None
    patient_id: str | None
    visit_type_id: str | None
    role: Role
    start: datetime
    end: datetime
    busy_start: datetime
    busy_end: datetime
    sessions: tuple[str, ...]
    is_timed: bool


def _published(world: World) -> list[Published]:
    found, taken_seats = [], DaySeats()
    for row in world.active:
        request = world.requests.get(row.request_id or "")
        pad = world.visit_types[request.visit_type_id] if request else None
        start, end = row.start.astimezone(UTC), row.end.astimezone(UTC)
        busy_start = start - timedelta(minutes=pad.minutes_before if pad else 0)
        busy_end = end + timedelta(minutes=pad.minutes_after if pad else 0)
        mine = [s for s in world.dataset.sessions if s.role_id == row.role_id]
        mine = [
            s
            for s in mine
            if s.start.astimezone(UTC) < busy_end and busy_start < s.end.astimezone(UTC)
        ]
        seats = [s for s in mine if s.kind == "day" and s.start == row.start and s.end == row.end]
        timed = [s for s in mine if s.kind == "timed"]
        days = sorted(seats or mine, key=lambda s: (not _offers(s, request), s.id))
        timed.sort(key=lambda s: (s.start.astimezone(UTC), s.id))
        taken = days[:1] if seats or not timed else timed
        if seats:
            taken = [taken_seats.take(seats, request)]
        found.append(
            Published(
                request.id if request else None,
                request.patient_id if request else None,
                request.visit_type_id if request else None,
                world.roles[row.role_id],
                start,
                end,
                busy_start,
                busy_end,
                tuple(s.id for s in taken),
                not seats,
            )
        )
    return found


def _offers(session: Session, request: Request | None) -> bool:
    return not session.visit_type_ids or (
        request is not None and request.visit_type_id in session.visit_type_ids
    )
