"""A small clinic to bend: one doctor, one room of time, and whatever a test adds."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from engine.checks import check_dataset
from engine.domain import (
    DATASET_SCHEMA,
    Appointment,
    Coordinates,
    Dataset,
    Doctor,
    Header,
    InsurancePlan,
    Interval,
    Link,
    Location,
    Patient,
    Request,
    Resource,
    Role,
    Service,
    Session,
    VisitType,
)
from engine.eligible import eligible_candidates
from engine.plan import PLACED, Plan
from engine.policy import Policy
from engine.snapshot import Snapshot, take_snapshot
from engine.verify.judge import Verdict, verify

ZONE = ZoneInfo("America/New_York")
MONDAY = datetime(2026, 3, 2, tzinfo=ZONE)
CENTRE = Coordinates(latitude=40.75, longitude=-73.99)


def at(clock: str, day: int = 0) -> datetime:
    """``HH:MM`` on the clock, so many days after Monday 2 March 2026."""
    hour, minute = (int(part) for part in clock.split(":"))
    return MONDAY.replace(hour=hour, minute=minute) + timedelta(days=day)


@dataclass
class Clinic:
    """Records under construction. Everything fits everything until a test says otherwise."""

    as_of: datetime = MONDAY
    days: int = 12
    holidays: tuple[Any, ...] = ()
    zone: str = "America/New_York"
    patients: list[Patient] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    doctors: list[Doctor] = field(default_factory=lambda: [Doctor(id="dr")])
    services: list[Service] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    locations: list[Location] = field(default_factory=list)
    plans: list[InsurancePlan] = field(default_factory=list)
    visit_types: list[VisitType] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.location("office")
        self.visit_type("visit")
        self.role("role")

    def location(self, id: str, **more: Any) -> Clinic:
        """Add a place, in the centre unless said otherwise."""
        known = {"coordinates": CENTRE, "time_zone": "America/New_York", "state": "NY"}
        self.locations.append(Location(id=id, **(known | more)))
        return self

    def visit_type(self, id: str, minutes: int = 15, **more: Any) -> Clinic:
        """Add (or replace) a type of visit."""
        self.visit_types = [row for row in self.visit_types if row.id != id]
        self.visit_types.append(VisitType(id=id, minutes=minutes, **more))
        return self

    def doctor(self, id: str, **more: Any) -> Clinic:
        """Add (or replace) a doctor."""
        self.doctors = [row for row in self.doctors if row.id != id]
        self.doctors.append(Doctor(id=id, **more))
        return self

    def role(self, id: str, **more: Any) -> Clinic:
        """Add (or replace) a role; it takes everybody."""
        self.roles = [row for row in self.roles if row.id != id]
        known: dict[str, Any] = {"doctor_id": "dr", "location_id": "office", "networks": "any"}
        if "service_id" in more:
            known.pop("doctor_id")
        self.roles.append(Role(id=id, **(known | more)))
        return self

    def video_role(self, id: str = "video", **more: Any) -> Clinic:
        """Add a role by video, licensed in New York."""
        known = {"location_id": None, "time_zone": "America/New_York", "licensed_states": ("NY",)}
        return self.role(id, **(known | more))

    def session(
        self, start: str = "09:00", end: str = "10:00", day: int = 0, id: str = "", **more: Any
    ) -> Clinic:
        """Add a session of 15-minute cells."""
        known = {"role_id": "role", "cell_minutes": 15}
        name = id or f"s{len(self.sessions) + 1}"
        window = {"start": at(start, day), "end": at(end, day)}
        self.sessions.append(Session(id=name, **(known | window | more)))
        return self

    def patient(self, id: str, **more: Any) -> Clinic:
        """Add (or replace) a patient who lives in the centre."""
        self.patients = [row for row in self.patients if row.id != id]
        self.patients.append(Patient(id=id, **({"home": CENTRE, "state": "NY"} | more)))
        return self

    def request(self, id: str, patient: str = "", **more: Any) -> Clinic:
        """Add a request, and its patient unless there is one."""
        who = patient or id
        if who not in {row.id for row in self.patients}:
            self.patient(who)
        known = {"visit_type_id": "visit", "created": self.as_of}
        self.requests.append(Request(id=id, patient_id=who, **(known | more)))
        return self

    def appointment(
        self, start: str, end: str, day: int = 0, request: str | None = None, **more: Any
    ) -> Clinic:
        """Add an appointment, or a block."""
        known = {"id": f"a{len(self.appointments) + 1}", "role_id": "role", "request_id": request}
        window = {"start": at(start, day), "end": at(end, day)}
        self.appointments.append(Appointment(**(known | window | more)))
        return self

    def resource(self, kind: str, location_id: str = "office", **more: Any) -> Clinic:
        """Add a room or device, one of it unless said otherwise."""
        name = f"{kind}-{len(self.resources) + 1}"
        self.resources.append(Resource(id=name, kind=kind, location_id=location_id, **more))
        return self

    def link(self, *request_ids: str, **more: Any) -> Clinic:
        """Link requests, in the order given."""
        name = f"l{len(self.links) + 1}"
        self.links.append(Link(id=name, request_ids=request_ids, **more))
        return self

    def dataset(self) -> Dataset:
        """The records as a dataset, checked."""
        end = MONDAY + timedelta(days=self.days)
        dataset = Dataset(
            header=Header(
                schema=DATASET_SCHEMA,
                as_of=self.as_of,
                horizon=Interval(start=MONDAY, end=end),
                time_zone=self.zone,
                holidays=self.holidays,
            ),
            patients=tuple(self.patients),
            requests=tuple(self.requests),
            doctors=tuple(self.doctors),
            services=tuple(self.services),
            roles=tuple(self.roles),
            locations=tuple(self.locations),
            insurance_plans=tuple(self.plans),
            visit_types=tuple(self.visit_types),
            sessions=tuple(self.sessions),
            appointments=tuple(self.appointments),
            resources=tuple(self.resources),
            links=tuple(self.links),
        )
        errors = [problem for problem in check_dataset(dataset).problems if problem.is_error]
        assert errors == []
        return dataset

    def snapshot(self) -> Snapshot:
        """The records as arrays."""
        return take_snapshot(self.dataset())


def starts(clinic: Clinic, request: str, policy: Policy | None = None) -> list[str]:
    """Where a request could go: ``session HH:MM`` of each candidate, by local clock."""
    snapshot = clinic.snapshot()
    index = snapshot.index.requests[request]
    found = eligible_candidates(snapshot, policy or Policy.default(), np.array([index]))
    return [
        f"{snapshot.sessions.ids[session]} {snapshot.grid.instant(int(start), int(zone)):%H:%M}"
        for session, start, zone in zip(
            found.session, found.start, snapshot.roles.zone[found.role], strict=True
        )
    ]


def plan_of(snapshot: Snapshot, places: dict[str, tuple[str, str]]) -> Plan:
    """A plan by hand: request to session and local ``HH:MM`` (or ``DAY HH:MM``) of its start."""
    plan = Plan.empty(snapshot)
    for request_id, (session_id, clock) in places.items():
        request = snapshot.index.requests[request_id]
        session = snapshot.index.sessions[session_id]
        role = int(snapshot.sessions.role[session])
        plan.state[request], plan.reason[request] = PLACED, 0
        plan.role[request], plan.session[request] = role, session
        if snapshot.sessions.is_day[session]:
            plan.start[request] = snapshot.sessions.start[session]
            plan.end[request] = snapshot.sessions.end[session]
            continue
        zone = ZoneInfo(snapshot.grid.zones[snapshot.roles.zone[role]])
        day = snapshot.grid.instant(int(snapshot.sessions.start[session]), 0).astimezone(zone)
        hour, minute = (int(part) for part in clock.split(":"))
        told = day.replace(hour=hour, minute=minute)
        plan.start[request] = snapshot.grid.minutes(told)
        length = snapshot.visit_minutes(np.array([request]), np.array([role]))[0]
        plan.end[request] = plan.start[request] + length
    return plan


def judged(
    clinic: Clinic, places: dict[str, tuple[str, str]], policy: Policy | None = None
) -> set[str]:
    """Names of the rules that a plan by hand breaks."""
    return {violation.rule for violation in verdict(clinic, places, policy).violations}


def verdict(
    clinic: Clinic, places: dict[str, tuple[str, str]], policy: Policy | None = None
) -> Verdict:
    """What the judges say of a plan by hand."""
    snapshot = clinic.snapshot()
    return verify(snapshot, policy or Policy.default(), plan_of(snapshot, places))


def agree(
    clinic: Clinic, request: str, place: tuple[str, str], rule: str, policy: Policy | None = None
) -> bool:
    """Whether a place is eligible, by the rules and by the judge of ``rule`` alike.

    The judge may name ``rule`` and nothing else.
    """
    eligible = f"{place[0]} {place[1]}" in starts(clinic, request, policy)
    broken = judged(clinic, {request: place}, policy)
    assert broken == (set() if eligible else {rule}), (eligible, broken)
    return eligible


def changed(clinic: Clinic, **more: Any) -> Clinic:
    """A copy with other fields."""
    return replace(clinic, **more)
