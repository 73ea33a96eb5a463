"""Repairs: against brute force over every plan of all who may move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

from brute_force_repair import Mending, Values, frontier
from brute_force_world import ORDER
from clinic import at
from examples import FEWER
from hypothesis import assume, given
from hypothesis import strategies as st
from told import ANYBODY
from told_worlds import told_worlds
from worlds import tiny_worlds

from engine.domain import Appointment, Dataset
from engine.events.aftermath import aftermath_of
from engine.events.double_bookings import double_bookings
from engine.events.events import (
    Disruption,
    DoctorAbsent,
    DoubleBookings,
    LocationClosed,
    PlanLeavesNetwork,
    SessionClosed,
    SessionShortened,
    TakenElsewhere,
    VisitRunsLonger,
    VisitTypeDropped,
)
from engine.interchange.booked import booked
from engine.match import match
from engine.policy import Policy
from engine.repair.extent import Extent
from engine.repair.point import Point
from engine.repair.repair import Repair, repair
from engine.snapshot import CONTESTED
from engine.solve.limits import Limits

FAST = Limits(deterministic=True, workers=1)
MOST_PLANS = 30_000


class Broken(NamedTuple):
    """A world with appointments, and what happens to it."""

    dataset: Dataset
    events: tuple[Disruption, ...]
    notice_hours: int

    @property
    def policy(self) -> Policy:
        """Who is protected by short notice."""
        return Policy.default().replace("protected_people", notice_hours=self.notice_hours)


@st.composite
def broken_worlds(
    draw: st.DrawFn, always: tuple[str, ...] = (), kinds: tuple[str, ...] = ()
) -> Broken:
    """A tiny world whose requests hold places, matched or drawn, and an event."""
    dataset = draw(tiny_worlds(max_requests=5, always=always))
    if draw(st.sampled_from((True, True, False))):
        result = match(dataset, limits=FAST)
        dataset = booked(dataset, result.snapshot, result.plan)
    dataset = _with_double_bookings(draw, dataset)
    people = tuple(
        replace(row, times_moved=draw(st.sampled_from((0, 0, 0, 1, 9)))) for row in dataset.patients
    )
    appointments = tuple(
        replace(row, confirmed=draw(st.booleans()), pinned=draw(st.integers(0, 9)) == 9)
        for row in dataset.appointments
    )
    dataset = replace(dataset, patients=people, appointments=appointments)
    events = tuple(_event(draw, dataset, kinds) for _ in range(draw(st.integers(1, 2))))
    assume(any(row.request_id for row in dataset.appointments))
    return Broken(dataset, events, draw(st.sampled_from((0, 0, 0, 24))))


def _with_double_bookings(draw: st.DrawFn, dataset: Dataset) -> Dataset:
    """Some of those without a place get one that others hold, or at any hour."""
    held = {row.request_id for row in dataset.appointments}
    planted: list[Appointment] = []
    for request in dataset.requests:
        if request.id in held or not draw(st.booleans()):
            continue
        some = [row for row in (*dataset.appointments, *planted) if row.request_id]
        if some and draw(st.booleans()):
            twin = draw(st.sampled_from(some))
            role_id, start, end = twin.role_id, twin.start, twin.end
        else:
            session = draw(st.sampled_from(dataset.sessions))
            role_id, end = session.role_id, session.end
            start = session.start + timedelta(minutes=draw(st.sampled_from((0, 5, 15, 20, 30))))
            if session.kind == "timed" or start >= end:
                end = start + timedelta(minutes=draw(st.sampled_from((10, 15, 20, 25))))
            else:
                start = session.start
        name = f"planted-{request.id}"
        planted.append(
            Appointment(id=name, request_id=request.id, role_id=role_id, start=start, end=end)
        )
    return replace(dataset, appointments=(*dataset.appointments, *planted))


def _event(draw: st.DrawFn, dataset: Dataset, kinds: Sequence[str]) -> Disruption:
    """Something that happens, as a rule to somebody."""
    session, start = draw(st.sampled_from(dataset.sessions)), at("09:00")
    role = next(row for row in dataset.roles if row.id == session.role_id)
    told = [row for row in dataset.appointments if row.request_id]
    row = draw(st.sampled_from(told)) if told and draw(st.integers(0, 9)) else None
    if row is not None:
        role = next(one for one in dataset.roles if one.id == row.role_id)
        mine = [one for one in dataset.sessions if one.role_id == role.id]
        session = next((one for one in mine if one.start <= row.start < one.end), session)
        start = row.start
    start += timedelta(minutes=draw(st.sampled_from((0, 0, -10, 5, 15))))
    end = start + timedelta(minutes=draw(st.sampled_from((10, 15, 15, 30, 2000))))
    doctor_id = role.doctor_id or role.service_id
    events: dict[str, Disruption] = {
        "closed": SessionClosed(session_id=session.id),
        "absent": DoctorAbsent(doctor_id=doctor_id, start=start, end=end),
        "shut": LocationClosed(location_id=role.location_id or "north", start=start, end=end),
        "taken": TakenElsewhere(role_id=role.id, start=start, end=end),
        "busy": TakenElsewhere(doctor_id=doctor_id, start=start, end=end),
        "double": DoubleBookings(),
        "network": PlanLeavesNetwork(insurance_plan_id="P", network="N1"),
        "dropped": VisitTypeDropped(visit_type_id="check", role_id=role.id),
        "shortened": SessionShortened(
            session_id=session.id,
            start=session.start + timedelta(minutes=draw(st.sampled_from((0, 5)))),
            end=session.start + timedelta(minutes=draw(st.sampled_from((10, 15, 30)))),
        ),
    }
    if row is not None:
        later = row.end + timedelta(minutes=draw(st.sampled_from((5, 15))))
        events["longer"] = VisitRunsLonger(appointment_id=row.id, end=later)
    return events[
        draw(st.sampled_from([kind for kind in kinds or sorted(events) if kind in events]))
    ]


def mended(broken: Broken, max_additional: int) -> Repair:
    """What the engine finds."""
    extent = Extent(max_additional=max_additional)
    return repair(broken.dataset, broken.events, broken.policy, extent, FAST)


def values(point: Point) -> Values:
    """Values of every level of a point that must be proven, without the first, which is 0."""
    assert point.is_proven
    names = [level.name for level in point.certificate.levels]
    assert names == [
        "protected",
        *(f"unplaced_{name}" for name in ORDER),
        "displaced",
        "delay",
        "disruption",
    ]
    protected, *rest = (level.value for level in point.certificate.levels)
    assert protected == 0
    return tuple(rest)


def mending_of(broken: Broken) -> Mending:
    """Who takes part, by brute force."""
    aftermath = aftermath_of(broken.dataset, broken.events, broken.policy)
    mending = Mending(broken.dataset, aftermath, broken.notice_hours)
    assume(mending.num_plans <= MOST_PLANS)
    return mending


@FEWER
@given(broken_worlds(), st.integers(0, 2))
def test_frontier_is_that_of_brute_force(broken: Broken, max_additional: int) -> None:
    """Whatever rules are in play and whatever happens: every point is proven, and has on every
    level the value of the best of all plans.
    """
    mending = mending_of(broken)
    found = mended(broken, max_additional)
    assert [values(point) for point in found.points] == frontier(mending, max_additional)


@FEWER
@given(told_worlds(), st.integers(0, 2))
def test_crowded_frontier_is_that_of_brute_force(
    world: tuple[Dataset, tuple[Disruption, ...]], max_additional: int
) -> None:
    """The same where hardly anybody fits: places collide, reach out of sessions, and people with
    two appointments are one person.
    """
    broken = Broken(*world, 0)
    mending = mending_of(broken)
    found = mended(broken, max_additional)
    assert [values(point) for point in found.points] == frontier(mending, max_additional)


@FEWER
@given(told_worlds())
def test_to_allow_more_never_worsens(world: tuple[Dataset, tuple[Disruption, ...]]) -> None:
    """Who may displace more people leaves no more without a place, and keeps every point that was
    found with fewer.
    """
    broken = Broken(*world, 0)
    mending_of(broken)
    points = [[values(point) for point in mended(broken, most).points] for most in range(3)]
    for fewer, more in pairwise(points):
        assert fewer == more[: len(fewer)]
        assert more[-1][: len(ORDER)] <= fewer[-1][: len(ORDER)]


@FEWER
@given(told_worlds(), st.integers(0, 2))
def test_without_time_no_more_are_displaced_than_allowed(
    world: tuple[Dataset, tuple[Disruption, ...]], max_additional: int
) -> None:
    """A plan that nobody had time to improve satisfies the judges and the limit; no bystander
    loses a place for good, and what is called proven is what is found in time.
    """
    dataset, events = world
    extent, hurry = Extent(max_additional), Limits(seconds=0.0, workers=1)
    found = repair(dataset, events, ANYBODY, extent, hurry)
    best = repair(dataset, events, ANYBODY, extent, FAST)
    for point in found.points:
        levels = point.certificate.levels
        assert (levels[0].name, levels[0].value) == ("protected", 0)
        assert point.additional <= max_additional
        if point.is_proven and found.is_proven:
            assert values(point) in [values(other) for other in best.points]


@FEWER
@given(told_worlds(), st.integers(0, 2))
def test_where_nothing_happens_nobody_moves(
    world: tuple[Dataset, tuple[Disruption, ...]], max_additional: int
) -> None:
    """However much is broken already: no event, no move, and that is proven."""
    found = mended(Broken(world[0], (), 0), max_additional)
    [point] = found.points
    assert not any(values(point))
    assert not point.moved.any()
    assert point.additional == 0


@FEWER
@given(told_worlds(), st.integers(0, 2))
def test_every_double_booking_of_who_may_move_is_mended(
    world: tuple[Dataset, tuple[Disruption, ...]], max_additional: int
) -> None:
    """With the plan booked, whoever was contested collides with nobody any more."""
    events = (DoubleBookings(),)
    found = mended(Broken(world[0], events, 0), max_additional)
    ids, standing = found.snapshot.published.ids, found.movable.standing
    contested = {ids[index] for index in (standing == CONTESTED).nonzero()[0].tolist()}
    for point in found.points:
        left = tuple(
            row
            for row in found.aftermath.dataset.appointments
            if row.id in point.snapshot.published.ids
        )
        after = booked(
            replace(found.aftermath.dataset, appointments=left), point.snapshot, point.plan
        )
        colliding = {
            name
            for cluster in double_bookings(after, Policy.default())
            for name in cluster.appointment_ids
        }
        assert not contested & colliding
