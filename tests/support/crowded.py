"""Random mornings in which many appointments stand in few sessions, some of them twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from clinic import MONDAY, Clinic, at
from hypothesis import strategies as st

from engine.domain import Appointment, Dataset, Service, Session

ROLES = ("role", "role", "other", "chair", "video")


@st.composite
def crowded_worlds(draw: st.DrawFn, role_ids: tuple[str, ...] = ROLES) -> Dataset:
    """Few doctors, many appointments in one morning; sessions and visits in some of the roles."""
    clinic = Clinic(as_of=draw(st.sampled_from((MONDAY, at("09:30")))))
    clinic.services.append(Service(id="chair"))
    clinic.doctor("else").role("other", doctor_id="else").role("chair", service_id="chair")
    clinic.video_role()
    clinic.visit_type("scan", resources=("scanner",), minutes_after=5, minutes_before=5)
    clinic.resource("scanner", capacity=draw(st.integers(1, 2)))
    roles = st.sampled_from(role_ids)
    for number in range(draw(st.integers(1, 4))):
        start = at("09:00") + timedelta(minutes=5 * draw(st.integers(0, 6)))
        is_day = draw(st.integers(0, 3)) == 0
        length = timedelta(minutes=5 * draw(st.integers(6, 20)))
        clinic.sessions.append(
            Session(
                id=f"s{number}",
                role_id=draw(roles),
                start=start,
                end=start + length,
                kind="day" if is_day else "timed",
                cell_minutes=None if is_day else draw(st.sampled_from((10, 15))),
                capacity=draw(st.integers(1, 3)),
            )
        )
    days = [row for row in clinic.sessions if row.kind == "day"]
    if days and draw(st.booleans()):
        clinic.sessions.append(replace(days[0], id="again", capacity=draw(st.integers(1, 2))))
    for number in range(draw(st.integers(2, 8))):
        _add_appointment(draw, clinic, number, draw(roles))
    return clinic.dataset()


def _add_appointment(draw: st.DrawFn, clinic: Clinic, number: int, role: str) -> None:
    start = at("08:50") + timedelta(minutes=5 * draw(st.integers(0, 16)))
    end = start + timedelta(minutes=5 * draw(st.integers(1, 6)))
    days = [row for row in clinic.sessions if row.kind == "day"]
    if days and draw(st.booleans()):
        role, start, end = days[0].role_id, days[0].start, days[0].end
    request = f"r{number}" if draw(st.integers(0, 5)) else None
    if request is not None:
        patient = draw(st.sampled_from((request, "ann")))
        clinic.request(request, patient, visit_type_id=draw(st.sampled_from(("visit", "scan"))))
    status = draw(st.sampled_from(("booked", "booked", "conflicted", "held")))
    clinic.appointments.append(
        Appointment(
            id=f"a{number}",
            request_id=request,
            role_id=role,
            start=start,
            end=end,
            status=status,
            held_until=draw(st.sampled_from((MONDAY, at("12:00")))) if status == "held" else None,
            pinned=draw(st.integers(0, 5)) == 0,
        )
    )
