"""Properties of what events leave behind, in random crowded mornings."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from clinic import at
from crowded import crowded_worlds
from examples import FEWER
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.checks import check_dataset
from engine.domain import Appointment, Dataset
from engine.events.aftermath import Aftermath, aftermath_between, aftermath_of
from engine.events.double_bookings import double_bookings
from engine.events.events import (
    Disruption,
    DoctorAbsent,
    LocationClosed,
    SessionClosed,
    SessionShortened,
    TakenElsewhere,
    VisitRunsLonger,
    VisitTypeDropped,
)
from engine.policy import Policy

POLICY = Policy.default()
WHO = ("dr", "else", "chair")
WORLDS = st.one_of(crowded_worlds(), crowded_worlds(("role",)), crowded_worlds(("role", "chair")))


@st.composite
def intervals(draw: st.DrawFn) -> tuple[datetime, datetime]:
    """Some minutes of the morning."""
    start = at("08:50") + timedelta(minutes=5 * draw(st.integers(0, 16)))
    return start, start + timedelta(minutes=5 * draw(st.integers(1, 24)))


@st.composite
def absences(draw: st.DrawFn) -> DoctorAbsent:
    """Somebody is away."""
    start, end = draw(intervals())
    return DoctorAbsent(doctor_id=draw(st.sampled_from(WHO)), start=start, end=end)


@st.composite
def taken(draw: st.DrawFn) -> TakenElsewhere:
    """Somebody's time is taken."""
    start, end = draw(intervals())
    if draw(st.booleans()):
        role = draw(st.sampled_from(("role", "other", "chair", "video")))
        return TakenElsewhere(role_id=role, start=start, end=end)
    return TakenElsewhere(doctor_id=draw(st.sampled_from(WHO)), start=start, end=end)


@st.composite
def any_event(draw: st.DrawFn, dataset: Dataset) -> Disruption:
    """Whatever can happen to this dataset."""
    kind = draw(st.integers(0, 6))
    start, end = draw(intervals())
    session = draw(st.sampled_from(dataset.sessions))
    appointment = draw(st.sampled_from(dataset.appointments))
    if kind == 0:
        return draw(absences())
    if kind == 1:
        return draw(taken())
    if kind == 2:
        return SessionClosed(session_id=session.id)
    if kind == 3:
        kept = session.start + (session.end - session.start) / 2
        kept = kept.replace(minute=kept.minute // 5 * 5, second=0, microsecond=0)
        return SessionShortened(session_id=session.id, start=session.start, end=kept)
    if kind == 4:
        return LocationClosed(location_id="office", start=start, end=end)
    if kind == 5:
        return VisitTypeDropped(visit_type_id="scan", doctor_id=draw(st.sampled_from(WHO)))
    later = appointment.end + timedelta(minutes=5 * draw(st.integers(1, 6)))
    return VisitRunsLonger(appointment_id=appointment.id, end=later)


def forced(found: Aftermath) -> set[str]:
    """Who is forced."""
    return {row.appointment_id for row in found.forced}


def contested(found: Aftermath) -> set[str]:
    """Who collides."""
    return {name for cluster in found.clusters for name in cluster.appointment_ids}


@FEWER
@given(st.data(), WORLDS)
def test_aftermath_is_sound(data: st.DataObject, dataset: Dataset) -> None:
    """The dataset has no errors and has lost nobody; nobody is forced and contested; both are
    to come and are patients; who is contested can move, who is stuck cannot.
    """
    events = data.draw(st.lists(any_event(dataset), min_size=1, max_size=3))
    found = aftermath_of(dataset, events, POLICY)
    assert check_dataset(found.dataset).num_errors == 0
    rows = {row.id: row for row in found.dataset.appointments}
    assert rows.keys() >= {row.id for row in dataset.appointments}
    assert not forced(found) & contested(found)
    assert len(forced(found)) == len(found.forced)
    now = dataset.header.as_of
    for name in forced(found) | contested(found):
        assert rows[name].request_id is not None
        assert rows[name].end > now
    assert not any(rows[name].pinned for name in contested(found))
    assert {row.appointment_id for row in found.stuck} == {
        name for name in forced(found) if rows[name].pinned
    }


@FEWER
@given(absences(), WORLDS)
def test_absence_forces_exactly_whom_it_overlaps(event: DoctorAbsent, dataset: Dataset) -> None:
    """With the minutes before and after; of a day session, who holds a seat when all of what
    is left of the day is gone.
    """
    roles = {row.id for row in dataset.roles if event.doctor_id in (row.doctor_id, row.service_id)}
    rows = [row for row in dataset.appointments if row.role_id in roles]
    expected = {row.id for row in rows if _is_hit(row, event, dataset)}
    assert forced(aftermath_of(dataset, [event], POLICY)) == expected


def _is_hit(row: Appointment, event: DoctorAbsent, dataset: Dataset) -> bool:
    now = dataset.header.as_of
    if row.request_id is None or row.end <= now or not row.is_active(now):
        return False
    days = [day for day in dataset.sessions if day.kind == "day" and day.role_id == row.role_id]
    if any((day.start, day.end) == (row.start, row.end) for day in days):
        return event.start <= max(row.start, now) and row.end <= event.end
    request = next(one for one in dataset.requests if one.id == row.request_id)
    padding = timedelta(minutes=5 if request.visit_type_id == "scan" else 0)
    return row.start - padding < event.end and event.start < row.end + padding


@FEWER
@given(st.data(), WORLDS)
def test_nothing_new_collides_beside_the_forced_and_the_contested(
    data: st.DataObject, dataset: Dataset
) -> None:
    """Where nothing collided before, nothing that an event does not mention collides after."""
    colliding = {name for row in double_bookings(dataset, POLICY) for name in row.appointment_ids}
    rows = tuple(row for row in dataset.appointments if row.id not in colliding)
    assume(rows)
    dataset = replace(dataset, appointments=rows)
    events = data.draw(st.lists(taken() | any_event(dataset), min_size=1, max_size=3))
    assume(not any(isinstance(event, DoctorAbsent | LocationClosed) for event in events))
    found = aftermath_of(dataset, events, POLICY)
    gone = forced(found) | contested(found)
    rows = tuple(row for row in found.dataset.appointments if row.id not in gone)
    assert double_bookings(replace(found.dataset, appointments=rows), POLICY) == ()


@FEWER
@given(st.lists(taken(), min_size=1, max_size=3), WORLDS)
def test_comparing_finds_what_the_events_did(
    events: list[TakenElsewhere], dataset: Dataset
) -> None:
    """Blocks in the later dataset force and contest whom the events do that bring them."""
    told = aftermath_of(dataset, events, POLICY)
    compared = aftermath_between(dataset, told.dataset, POLICY)
    assert forced(compared) == forced(told)
    assert [row.appointment_ids for row in compared.clusters] == [
        row.appointment_ids for row in told.clusters
    ]
    assert compared.prior == told.prior
