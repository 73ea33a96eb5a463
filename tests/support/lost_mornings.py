"""Random worlds in which a morning is lost, with little room elsewhere, and much in common."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from clinic import Clinic, at
from hypothesis import strategies as st
from worlds import FAR

from engine.domain import Appointment, DailyCap, Dataset, Session
from engine.eligible import eligible_candidates
from engine.policy import Policy
from engine.snapshot import take_snapshot
from engine.time_grid import later

LOST = "lost"
LINKS: tuple[dict[str, Any], ...] = (
    {"all_or_none": True},
    {"same_day": True},
    {"ordered": True, "same_location": True, "max_gap_minutes": 30},
    {"same_doctor": True, "min_gap_minutes": 15},
    {"max_gap_days": 1},
    {"max_gap_minutes": 15},
)
CAPS = ((), (DailyCap(limit=1),), (DailyCap(limit=2, per="doctor"),), (DailyCap(limit=3),))


@st.composite
def lost_mornings(draw: st.DrawFn) -> Dataset:
    """Some people are booked in the session ``lost``; a few bystanders elsewhere."""
    clinic = Clinic().location("north", coordinates=FAR).doctor("two")
    clinic.visit_type("long", minutes=30).resource("scanner").resource("scanner", "north")
    clinic.visit_type("scan", resources=("scanner",), minutes_after=5)
    caps = draw(st.sampled_from(CAPS))
    clinic.role("role", daily_caps=caps).role("other", location_id="north")
    clinic.role("two", doctor_id="two", daily_caps=draw(st.sampled_from(CAPS)))
    clinic.session("09:00", "12:00", 2, LOST)
    for number in range(draw(st.integers(3, 6))):
        _session(draw, clinic, f"s{number}")
    count, clock = draw(st.integers(2, 6)), at("09:00", 2)
    for number in range(count):
        clock = _booked(draw, clinic, f"r{number}", clock)
    _linked(draw, clinic, count)
    return _with_bystanders(draw, clinic)


def _session(draw: st.DrawFn, clinic: Clinic, name: str) -> None:
    is_day = draw(st.sampled_from((False, False, False, True)))
    start = at(draw(st.sampled_from(("09:00", "09:15"))), draw(st.integers(3, 4)))
    end = start + timedelta(minutes=15 * draw(st.integers(2, 5)))
    clinic.sessions.append(
        Session(
            id=name,
            role_id=draw(st.sampled_from(("role", "other", "two"))),
            start=start,
            end=end,
            kind="day" if is_day else "timed",
            cell_minutes=None if is_day else 15,
            capacity=draw(st.sampled_from((1, 1, 2))),
        )
    )


def _appointment(name: str, role_id: str, start: datetime, end: datetime) -> Appointment:
    return Appointment(id=name, request_id=name, role_id=role_id, start=start, end=end)


def _booked(draw: st.DrawFn, clinic: Clinic, name: str, clock: datetime) -> datetime:
    """A request with an appointment in the lost session; when the next one begins."""
    kind = draw(st.sampled_from(("visit", "visit", "long", "scan")))
    who = draw(st.sampled_from((name, name, name, "ann")))
    latest = draw(st.sampled_from((None, at("23:00", 3))))
    clinic.request(name, who, visit_type_id=kind, latest=latest)
    end = later(clock, 30 if kind == "long" else 15)
    clinic.appointments.append(_appointment(name, "role", clock, end))
    return later(clock, 30)


def _linked(draw: st.DrawFn, clinic: Clinic, count: int) -> None:
    names = draw(st.permutations([f"r{number}" for number in range(count)]))
    while len(names) >= 2 and draw(st.booleans()):
        size = draw(st.integers(2, min(3, len(names))))
        clinic.link(*names[:size], **draw(st.sampled_from(LINKS)))
        names = names[size:]


def _with_bystanders(draw: st.DrawFn, clinic: Clinic) -> Dataset:
    for number in range(draw(st.integers(0, 3))):
        name = f"b{number}"
        clinic.request(name)
        snapshot = take_snapshot(clinic.dataset())
        index = snapshot.index.requests[name]
        found = eligible_candidates(snapshot, Policy.default(), snapshot.is_open.nonzero()[0])
        away = found.session != snapshot.index.sessions[LOST]
        found = found.where((found.request == index) & away)
        if not len(found):
            clinic.requests.pop()
            break
        one = draw(st.integers(0, len(found) - 1))
        role = int(found.role[one])
        zone = int(snapshot.roles.zone[role])
        start, end = (snapshot.grid.instant(int(x[one]), zone) for x in (found.start, found.end))
        clinic.appointments.append(_appointment(name, snapshot.roles.ids[role], start, end))
    return clinic.dataset()
