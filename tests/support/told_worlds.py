"""Random tiny worlds in which people hold places, more of them than there is room for, and events.

Places lie on and off the grid, reach out of sessions, and collide; a few cells are free.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from clinic import Clinic, at
from hypothesis import strategies as st

from engine.domain import Appointment, DailyCap, Dataset, Session
from engine.events.events import Disruption, DoubleBookings, SessionClosed, TakenElsewhere

SPECIALTIES = ("S", "T")
ROLES = ("role", "role", "video", "second", "third")


@st.composite
def told_worlds(draw: st.DrawFn) -> tuple[Dataset, tuple[Disruption, ...]]:
    """A world whose requests all hold places, and one or two events."""

    def of(*values: Any) -> Any:
        return draw(st.sampled_from(values))

    clinic = Clinic(days=4)
    clinic.visit_type("visit", minutes=of(15, 15, 20))
    clinic.visit_type(
        "short", minutes=10, minutes_after=of(0, 5), resources=of((), (), ("scanner",))
    )
    if of(True, True, False):
        clinic.resource("scanner")
    caps = of((), (), (DailyCap(limit=2),), (DailyCap(limit=1, visit_type_id="short"),))
    clinic.role("role", daily_caps=caps, specialties=SPECIALTIES).video_role(specialties=("S",))
    for name, specialties in (("second", ("S",)), ("third", SPECIALTIES)):
        clinic.doctor(name).role(name, doctor_id=name, specialties=specialties)
    for number in range(draw(st.integers(2, 4))):
        start = at(of("09:00", "09:15", "09:05", "09:30"), of(0, 0, 0, 1, 2))
        clinic.sessions.append(
            Session(
                id=f"s{number}",
                role_id=of(*ROLES),
                start=start,
                end=start + timedelta(minutes=of(15, 30)),
                cell_minutes=15,
                capacity=of(1, 1, 2),
            )
        )
    count = draw(st.integers(2, 5))
    people = of(("ann", "bob", "cat", "dan", "eve"), ("ann", "bob", "cat", "ann", "bob"))
    for number in range(count):
        _add_appointment(of, clinic, number, people[number])
    if of(True, False, False, False):
        _add_link(draw, of, clinic)
    events = tuple(_event(of, clinic) for _ in range(of(1, 1, 2)))
    return clinic.dataset(), events


def _add_appointment(of: Any, clinic: Clinic, number: int, who: str) -> None:
    if who not in {row.id for row in clinic.patients}:
        clinic.patient(who, times_moved=of(0, 0, 1, 9))
    clinic.request(
        f"r{number}",
        who,
        visit_type_id=of("visit", "visit", "short"),
        specialty=of("S", "S", "T", None),
        latest=of(None, None, None, at("10:00"), at("10:00", 1)),
        urgency=of("routine", "urgent"),
    )
    session = of(*clinic.sessions)
    start = session.start + timedelta(minutes=of(0, 0, 0, 15, 15, 5, 10))
    clinic.appointments.append(
        Appointment(
            id=f"a{number}",
            request_id=f"r{number}",
            role_id=session.role_id,
            start=start,
            end=start + timedelta(minutes=of(10, 15, 15, 20)),
            pinned=of(False, False, False, False, False, False, False, True),
            confirmed=of(False, True),
        )
    )


def _add_link(draw: st.DrawFn, of: Any, clinic: Clinic) -> None:
    names = draw(st.permutations([row.id for row in clinic.requests]))
    clinic.link(
        *names[:2],
        all_or_none=of(False, True),
        ordered=of(False, True),
        same_day=of(False, True),
        min_gap_minutes=of(None, 0, 15),
        same_doctor=of(False, False, True),
    )


def _event(of: Any, clinic: Clinic) -> Disruption:
    row = of(*clinic.appointments)
    end = row.start + timedelta(minutes=10)
    event: Disruption = of(
        SessionClosed(session_id=of(*clinic.sessions).id),
        DoubleBookings(),
        TakenElsewhere(role_id=row.role_id, start=row.start, end=end),
    )
    return event
