"""Double bookings: all of them, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil
from typing import Any

import numpy as np
import pytest
from clinic import MONDAY, Clinic, at
from crowded import crowded_worlds
from day_seats import DaySeats
from extra_seats import extra_seats
from hypothesis import given
from hypothesis import strategies as st

from engine.domain import Appointment, Dataset, Patient, Request, Service, Session
from engine.events.double_bookings import double_bookings
from engine.policy import Policy
from engine.seats import Seats
from engine.snapshot import take_snapshot
from engine.verify.judge import violations_before

POLICY = Policy.default()
STEP = 5
DAY = range(8 * 60, 13 * 60, STEP)


def found(clinic: Clinic, policy: Policy = POLICY) -> list[tuple[str, ...]]:
    """Members of every cluster."""
    return [cluster.appointment_ids for cluster in double_bookings(clinic.dataset(), policy)]


def kinds(clinic: Clinic, policy: Policy = POLICY) -> list[tuple[str, str]]:
    """What there is not enough of, by conflict."""
    clusters = double_bookings(clinic.dataset(), policy)
    return [(row.kind, row.of) for cluster in clusters for row in cluster.conflicts]


@pytest.fixture
def office() -> Clinic:
    """An hour of one doctor, and patients a to f who may come."""
    clinic = Clinic().session("09:00", "10:00", id="s")
    for name in "abcdef":
        clinic.request(name)
    return clinic


def book(clinic: Clinic, request: str | None, start: str, end: str, **more: Any) -> Clinic:
    """An appointment called as its request, or a block."""
    return clinic.appointment(start, end, request=request, id=request or f"block {start}", **more)


def test_what_ends_and_what_begins_at_half_past_do_not_collide(office: Clinic) -> None:
    """One minute more, and they do."""
    book(book(office, "a", "09:00", "09:30"), "b", "09:30", "10:00")
    assert found(office) == []
    office.appointments[0] = replace(office.appointments[0], end=at("09:31"))
    assert found(office) == [("a", "b")]
    (cluster,) = double_bookings(office.dataset(), POLICY)
    (conflict,) = cluster.conflicts
    assert (conflict.kind, conflict.of, conflict.location_id) == ("doctor", "dr", None)
    assert (conflict.start, conflict.end) == (at("09:30"), at("09:31"))
    assert conflict.appointment_ids == ("a", "b")


def test_chains_are_one_cluster(office: Clinic) -> None:
    """A and c never meet, and both meet b; d is alone."""
    for name, start, end in (
        ("a", "09:00", "09:20"),
        ("b", "09:15", "09:35"),
        ("c", "09:30", "09:45"),
    ):
        book(office, name, start, end)
    book(office, "d", "09:45", "10:00")
    assert found(office) == [("a", "b", "c")]


def test_over_full_without_a_break_and_nobody_in_common_is_two_clusters(office: Clinic) -> None:
    """Two leave as two come."""
    for name, start, end in (
        ("a", "09:00", "09:30"),
        ("b", "09:00", "09:30"),
        ("c", "09:30", "10:00"),
        ("d", "09:30", "10:00"),
    ):
        book(office, name, start, end)
    assert found(office) == [("a", "b"), ("c", "d")]


def test_sharing_a_cell_is_no_collision(office: Clinic) -> None:
    """Two short visits in one cell of fifteen minutes, one after the other."""
    book(book(office, "a", "09:00", "09:05"), "b", "09:05", "09:15")
    assert found(office) == []


def test_minutes_before_and_after_collide_at_the_doctors(office: Clinic) -> None:
    """Not at the patient's."""
    office.visit_type("visit", minutes_after=5)
    book(book(office, "a", "09:00", "09:30"), "b", "09:30", "09:45")
    assert kinds(office) == [("doctor", "dr")]


def test_seats_and_overbooking_are_the_policys(office: Clinic) -> None:
    """The first cell of two has one seat more."""
    for name, start, end in (
        ("a", "09:00", "09:15"),
        ("b", "09:00", "09:15"),
        ("c", "09:15", "09:30"),
        ("d", "09:15", "09:30"),
    ):
        book(office, name, start, end)
    assert found(office) == [("a", "b"), ("c", "d")]
    assert found(office, POLICY.with_seats(Seats(overbooking=0.5))) == [("c", "d")]


def test_doctor_in_two_places_collides_and_a_service_does_not(office: Clinic) -> None:
    """Office and screen, or out of hours; each within its seats."""
    office.services.append(Service(id="chair"))
    office.role("chair", service_id="chair").role("chair2", service_id="chair").video_role()
    office.session("09:00", "10:00", id="v", role_id="video", capacity=2)
    book(office, "a", "09:00", "09:15")
    book(office, "b", "09:00", "09:15", role_id="video")
    book(office, "c", "09:00", "09:15", role_id="video")
    book(office, "d", "18:00", "18:15", role_id="chair")
    book(office, "e", "18:00", "18:15", role_id="chair2")
    assert found(office) == [("a", "b", "c")]
    office.role("chair", doctor_id="dr").role("chair2", doctor_id="dr")
    assert found(office) == [("a", "b", "c"), ("d", "e")]


def test_rooms_and_patients(office: Clinic) -> None:
    """One scanner for two, and one patient at two doctors."""
    office.visit_type("visit", resources=("scanner",)).resource("scanner")
    office.visit_type("talk").doctor("else").role("other", doctor_id="else")
    office.session("09:00", "10:00", id="o", role_id="other")
    book(book(office, "a", "09:00", "09:15"), "b", "09:10", "09:25", role_id="other")
    office.request("mine", "c", visit_type_id="talk")
    office.requests[2] = replace(office.requests[2], visit_type_id="talk")
    book(book(office, "c", "09:30", "09:45"), "mine", "09:40", "09:55", role_id="other")
    assert found(office) == [("a", "b"), ("c", "mine")]
    assert kinds(office) == [("room", "scanner"), ("patient", "c")]
    policy = POLICY.without("rooms_and_devices").without("patient_in_one_place")
    assert found(office, policy) == []


def test_day_sessions_know_seats_only() -> None:
    """Three on two seats, whatever the hour; a doctor is in no place with it."""
    clinic = Clinic().session("08:00", "17:00", id="day", kind="day", cell_minutes=None, capacity=2)
    clinic.video_role().session("09:00", "10:00", id="v", role_id="video")
    for name in "abcd":
        clinic.request(name)
    for name in "abc":
        book(clinic, name, "08:00", "17:00")
    book(clinic, "d", "09:00", "09:15", role_id="video")
    assert found(clinic) == [("a", "b", "c")]
    clinic.appointments = clinic.appointments[1:]
    assert found(clinic) == []


def test_who_cannot_move_takes_part_and_is_no_member(office: Clinic) -> None:
    """Blocks, what is pinned, held or over: two on one block are two clusters."""
    book(office, None, "09:00", "10:00")
    book(book(office, "a", "09:00", "09:15"), "b", "09:30", "09:45")
    book(office, "c", "09:15", "09:30", pinned=True)
    held = at("12:00")
    book(office, "d", "09:45", "10:00", status="held", held_until=held)
    assert found(office) == [("a",), ("b",)]
    office.as_of = at("09:15")
    assert found(office) == [("b",)]
    assert double_bookings(office.dataset(), POLICY)[0].conflicts[0].appointment_ids == (
        "block 09:00",
        "b",
    )


def test_lapsed_hold_counts_for_nothing_and_conflicted_is_a_status_like_others(
    office: Clinic,
) -> None:
    """The first collides no more, the second still does."""
    book(office, "a", "09:00", "09:15", status="held", held_until=MONDAY)
    book(office, "b", "09:00", "09:15")
    assert found(office) == []
    book(office, "c", "09:00", "09:15", status="conflicted")
    assert found(office) == [("b", "c")]


def test_night_that_is_an_hour_longer_on_the_clock() -> None:
    """At 1:30 twice: an hour apart, and no collision."""
    clinic = Clinic(days=300).request("a").request("b")
    first = datetime(2026, 11, 1, 1, 30, tzinfo=MONDAY.tzinfo)
    for name, start in (("a", first), ("b", first.replace(fold=1))):
        clinic.appointments.append(
            Appointment(
                id=name,
                request_id=name,
                role_id="role",
                start=start,
                end=(start + timedelta(minutes=15)).replace(fold=start.fold),
            )
        )
    assert found(clinic) == []


def test_nothing_at_all() -> None:
    """No appointments, no sessions."""
    assert found(Clinic()) == []


def test_planted_double_bookings_are_found_and_no_others() -> None:
    """Ten thousand appointments, five hundred of them at a place that is given already."""
    clinic = Clinic(days=30)
    for number in range(50):
        clinic.doctor(f"d{number}").role(f"r{number}", doctor_id=f"d{number}")
        for day in range(20):
            clinic.session("09:00", "17:00", day, f"s{number}-{day}", role_id=f"r{number}")
    cells = [(q, day, cell) for q in range(50) for day in range(20) for cell in range(32)]
    order = np.random.default_rng(7).permutation(len(cells)).tolist()
    places = [cells[index] for index in [*order[:9500], *order[:500]]]
    at_place = defaultdict(list)
    for number, (q, day, cell) in enumerate(places):
        start = at("09:00", day) + timedelta(minutes=15 * cell)
        clinic.patients.append(Patient(id=f"p{number}"))
        clinic.requests.append(
            Request(
                id=f"q{number}",
                patient_id=f"p{number}",
                visit_type_id="visit",
                created=MONDAY,
            )
        )
        clinic.appointments.append(
            Appointment(
                id=f"a{number}",
                request_id=f"q{number}",
                role_id=f"r{q}",
                start=start,
                end=start + timedelta(minutes=15),
            )
        )
        at_place[q, day, cell].append(f"a{number}")
    planted = {tuple(names) for names in at_place.values() if len(names) > 1}
    assert len(planted) == 500
    assert set(found(clinic)) == planted


class Slow:
    """The definition, step by step of five minutes and appointment by appointment."""

    def __init__(self, dataset: Dataset, policy: Policy) -> None:
        self.dataset = dataset
        share = policy.seats.overbooking
        self.step = ceil(1 / share) if share else 0
        self.roles = {row.id: row for row in dataset.roles}
        self.requests = {row.id: row for row in dataset.requests}
        self.types = {row.id: row for row in dataset.visit_types}
        now = dataset.header.as_of
        self.rows = [row for row in dataset.appointments if row.is_active(now)]
        self.seats = DaySeats()
        self.sessions_of = {row.id: self._sessions(row) for row in self.rows}

    def clusters(self) -> set[frozenset[str]]:
        """Components of who meets in an over-full step."""
        links: dict[str, set[str]] = defaultdict(set)
        for group in self._over_full():
            members = {row.id for row in group if self._may_move(row)}
            for name in members:
                links[name] |= members
        return {self._reached(name, links) for name in links}

    def _reached(self, name: str, links: dict[str, set[str]]) -> frozenset[str]:
        reached: set[str] = set()
        waiting = [name]
        while waiting:
            one = waiting.pop()
            if one not in reached:
                reached.add(one)
                waiting += links[one]
        return frozenset(reached)

    def _may_move(self, row: Appointment) -> bool:
        fixed = row.request_id is None or row.pinned or row.status == "held"
        return not fixed and row.end > self.dataset.header.as_of

    def _over_full(self) -> Iterator[list[Appointment]]:
        for session in self.dataset.sessions:
            holders = [row for row in self.rows if session in self.sessions_of[row.id]]
            if session.kind == "day":
                room = session.capacity + extra_seats(session, self.step, session.start)
                yield from [holders] if len(holders) > room else []
                continue
            for moment in self._steps():
                there = [row for row in holders if self._busy(row, moment)]
                inside = session.start <= moment < session.end
                if inside and len(there) > self._seats(session, moment):
                    yield there
        for moment in self._steps():
            yield from self._at(moment)

    def _at(self, moment: datetime) -> Iterator[list[Appointment]]:
        told = [row for row in self.rows if not self._is_seat(row)]
        busy = [row for row in told if self._busy(row, moment)]
        for doctor in self.dataset.doctors:
            his = [row for row in busy if self.roles[row.role_id].doctor_id == doctor.id]
            if len({self._home(row) for row in his}) > 1:
                yield his
        for room in self.dataset.resources:
            using = [row for row in busy if row.request_id and self._needs(row, room.kind)]
            using = [row for row in using if self._place(row) == room.location_id]
            if len(using) > room.capacity:
                yield using
        for patient in self.dataset.patients:
            here = [row for row in told if row.request_id and row.start <= moment < row.end]
            own = [row for row in here if self._patient(row) == patient.id]
            if len(own) > 1:
                yield own

    def _steps(self) -> Iterable[datetime]:
        return (MONDAY + timedelta(minutes=minute) for minute in DAY)

    def _seats(self, session: Session, moment: datetime) -> int:
        assert session.cell_minutes is not None
        cell = timedelta(minutes=session.cell_minutes)
        begins = session.start + (moment - session.start) // cell * cell
        is_whole = begins + cell <= session.end
        extra = extra_seats(session, self.step, begins) if is_whole else 0
        return session.capacity + extra

    def _span(self, row: Appointment) -> tuple[datetime, datetime]:
        if row.request_id is None:
            return row.start, row.end
        kind = self.types[self.requests[row.request_id].visit_type_id]
        before, after = (
            timedelta(minutes=kind.minutes_before),
            timedelta(minutes=kind.minutes_after),
        )
        return row.start - before, row.end + after

    def _busy(self, row: Appointment, moment: datetime) -> bool:
        start, end = self._span(row)
        return start <= moment < end

    def _is_seat(self, row: Appointment) -> bool:
        return any(
            day.kind == "day"
            and day.role_id == row.role_id
            and (day.start, day.end) == (row.start, row.end)
            for day in self.dataset.sessions
        )

    def _sessions(self, row: Appointment) -> list[Session]:
        start, end = self._span(row)
        near = [
            session
            for session in sorted(self.dataset.sessions, key=lambda s: (s.start, s.id))
            if session.role_id == row.role_id and session.start < end and start < session.end
        ]
        timed = [session for session in near if session.kind == "timed"]
        if timed and not self._is_seat(row):
            return timed
        days = [
            day
            for day in sorted(near, key=lambda day: day.id)
            if day.kind == "day"
            and (not self._is_seat(row) or (day.start, day.end) == (row.start, row.end))
        ]
        if days and self._is_seat(row):
            return [self.seats.take(days, self.requests.get(row.request_id or ""))]
        return days[:1]

    def _home(self, row: Appointment) -> str:
        sessions = self.sessions_of[row.id]
        return sessions[0].id if sessions else f"own {row.id}"

    def _needs(self, row: Appointment, kind: str) -> bool:
        request = self.requests[row.request_id or ""]
        return kind in self.types[request.visit_type_id].resources

    def _place(self, row: Appointment) -> str | None:
        return self.roles[row.role_id].location_id

    def _patient(self, row: Appointment) -> str:
        return self.requests[row.request_id or ""].patient_id


@given(crowded_worlds(), st.sampled_from((0.0, 0.34, 0.5)))
def test_sweeps_find_what_the_definition_says(dataset: Dataset, overbooking: float) -> None:
    """The same clusters as by looking at every five minutes and every appointment."""
    policy = POLICY.with_seats(Seats(overbooking=overbooking))
    clusters = {frozenset(row.appointment_ids) for row in double_bookings(dataset, policy)}
    assert clusters == Slow(dataset, policy).clusters()


@given(crowded_worlds())
def test_without_violations_there_are_no_double_bookings(dataset: Dataset) -> None:
    """What the judges accept collides nowhere; who collides breaks a rule, but for minutes
    behind the last whole cell of a session, which the rules leave unused.
    """
    whole = all(
        row.cell_minutes is None
        or (row.end - row.start) % timedelta(minutes=row.cell_minutes) == timedelta()
        for row in dataset.sessions
    )
    if whole and double_bookings(dataset, POLICY):
        assert violations_before(take_snapshot(dataset), POLICY)


def test_long_visits_meet_where_there_is_no_seat_more(office: Clinic) -> None:
    """The cell at 9:00 has two seats, the next one has one."""
    book(book(office, "a", "09:00", "09:30"), "b", "09:00", "09:30")
    policy = POLICY.with_seats(Seats(overbooking=0.5))
    ((cluster,),) = [double_bookings(office.dataset(), policy)]
    assert (cluster.conflicts[0].start, cluster.conflicts[0].end) == (at("09:15"), at("09:30"))


def test_what_is_not_there_at_all_is_nobodys_double_booking(office: Clinic) -> None:
    """No seat, no scanner: no move of another one would help."""
    office.visit_type("visit", resources=("scanner",)).resource("scanner", capacity=0)
    office.sessions[0] = replace(office.sessions[0], capacity=0)
    book(book(office, "a", "09:00", "09:15"), "b", "09:00", "09:15")
    assert found(office) == []
