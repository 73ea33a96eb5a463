"""Places of a repair as candidates: where the plan puts people, and where they were before."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.arrays import NONE, Bool, Int
from engine.candidates import Candidates
from engine.objectives.added_lateness import AddedLateness
from engine.objectives.disruption import Disruption
from engine.plan import PLACED
from engine.repair.point import Point
from engine.repair.repair import Repair
from engine.snapshot import CONTESTED, Snapshot, with_appointments, without_appointments


def planned(point: Point) -> Candidates:
    """Where the plan puts those whom it moves, by request."""
    snapshot, plan = point.snapshot, point.plan
    request = np.flatnonzero(plan.state == PLACED)
    sessions, session = snapshot.sessions, plan.session[request]
    start, end = plan.start[request], plan.end[request]
    visit_type, types = snapshot.requests.visit_type[request], snapshot.visit_types
    opens, cell = sessions.start[session], sessions.cell_minutes[session]
    has_time = ~sessions.is_day[session]
    first = np.where(has_time, (start - types.before[visit_type] - opens) // cell, 0)
    stop = np.where(has_time, -((opens - end - types.after[visit_type]) // cell), 1)
    return Candidates(
        request,
        plan.role[request],
        session,
        sessions.first_cell[session] + first,
        stop - first,
        start,
        end,
        has_time,
        snapshot.session_day(session, start),
    )


def told_places(repair: Repair, appointments: Int) -> Candidates:
    """Where some appointments (int64 indices, each in one session) are, in their order."""
    published, movable = repair.snapshot.published, repair.movable
    session, start = movable.session[appointments], published.start[appointments]
    return Candidates(
        published.request[appointments],
        published.role[appointments],
        session,
        movable.first_cell[appointments],
        movable.num_cells[appointments],
        start,
        published.end[appointments],
        published.has_time[appointments],
        repair.snapshot.session_day(session, start),
    )


def moved_appointments(repair: Repair, point: Point) -> Int:
    """Appointments whose people are told another place, or none; int64, ascending."""
    return np.sort(repair.snapshot.published.of_request[np.flatnonzero(point.moved)])


def could_have_stayed(repair: Repair, appointments: Int) -> Int:
    """Those of some appointments that are contested, or bystanders'."""
    return appointments[repair.movable.standing[appointments] >= CONTESTED]


def opened(repair: Repair, point: Point, appointments: Int) -> Snapshot:
    """The world after the event without some appointments (int64), and with what was told."""
    return _with_told(without_appointments(repair.snapshot, appointments), point)


def carried_out(repair: Repair, point: Point, but: Bool) -> Snapshot:
    """The world in which a plan is carried out.

    Parameters
    ----------
    but
        bool, shape (R,): requests that are open in it.
    """
    snapshot, published = repair.snapshot, repair.snapshot.published
    holds = published.of_request[but & (published.of_request != NONE)]
    gone = np.union1d(moved_appointments(repair, point), holds)
    places = planned(point)
    places = places.where(~but[places.request])
    ids = tuple(published.ids[row] for row in published.of_request[places.request].tolist())
    left = without_appointments(snapshot, gone)
    entered = with_appointments(
        left, ids, places.request, places.role, places.session, places.start, places.end
    )
    return _with_told(entered, point)


def _with_told(snapshot: Snapshot, point: Point) -> Snapshot:
    return replace(snapshot, told=point.snapshot.told)


def disruption_of(point: Point) -> Disruption:
    """The rule by which a point prices moves."""
    return next(rule for rule in point.policy.rules if isinstance(rule, Disruption))


def prices(point: Point, snapshot: Snapshot, moved: Candidates) -> dict[str, Int]:
    """Price of places by its parts, which add up to what the certificate counts; milli-days."""
    rule = disruption_of(point)
    parts = rule.parts(snapshot, moved)
    amount = np.sum(list(parts.values()), axis=0)
    return parts | rule.surcharges(snapshot, moved.request, amount)


def days_late(point: Point, places: Candidates) -> Int:
    """Whole days beyond the standards that places add; int64, one each."""
    rule = next(rule for rule in point.policy.rules if isinstance(rule, AddedLateness))
    return rule.cost(point.snapshot, places)
