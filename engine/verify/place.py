"""Every visit is at a place that exists. No rule of a policy: the shape of a plan."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.arrays import NONE, Int
from engine.plan import KEPT, Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Violation, Visits, broken


def violations(snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Visits that do not begin at a cell, last as long as they must, or lie in time."""
    visits, sessions = Visits.of(snapshot, plan), snapshot.sessions
    session, cell = visits.session, sessions.cell_minutes[visits.session]
    opens = sessions.start[session]
    closes = opens + (sessions.end[session] - opens) // cell * cell
    on_grid = (visits.busy_start - opens) % cell == 0
    inside = (visits.busy_start >= opens) & (visits.busy_end <= closes)
    right_length = visits.end - visits.start == _minutes(snapshot, visits)
    whole_day = (visits.start == opens) & (visits.end == sessions.end[session])
    stands = np.where(visits.has_time, on_grid & inside & right_length, whole_day)
    in_horizon = (visits.busy_start >= 0) & (visits.busy_end <= snapshot.horizon_end)
    not_past = np.where(
        visits.has_time, visits.busy_start >= snapshot.as_of, visits.end > snapshot.as_of
    )
    right_role = sessions.role[session] == visits.role
    good = stands & in_horizon & not_past & right_role & snapshot.is_open[visits.request]
    yield from broken("place", snapshot, visits, ~good)
    yield from _not_kept(snapshot, plan)


def _not_kept(snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Appointments that the plan drops or changes, and requests it says hold one."""
    published, of_request = snapshot.published, snapshot.published.of_request
    holds = of_request != NONE
    bad = (plan.state == KEPT) != holds
    there = np.flatnonzero(holds)
    told = of_request[there]
    for mine, theirs in (
        (plan.role, published.role),
        (plan.session, published.session),
        (plan.start, published.start),
        (plan.end, published.end),
    ):
        bad[there] |= mine[there] != theirs[told]
    for request in np.flatnonzero(bad).tolist():
        request_id = snapshot.requests.ids[request]
        yield Violation("place", f"appointment of {request_id}", (request_id,))


def _minutes(snapshot: Snapshot, visits: Visits) -> Int:
    """Length that each visit must have; int64, shape (N,)."""
    roles, types, patients = snapshot.roles, snapshot.visit_types, snapshot.patients
    role, kind = visits.role, visits.visit_type
    known = patients.established.has(visits.patient, roles.doctor[role])
    known |= patients.established_group.has(visits.patient, roles.group[role])
    usual = np.where(known, types.minutes[kind], types.minutes_new[kind])
    with_role = np.where(
        known, roles.minutes.get(role, kind, -1), roles.minutes_new.get(role, kind, -1)
    )
    with_doctor = snapshot.requests.term_minutes.get(visits.request, roles.doctor[role], -1)
    return np.where(with_doctor > 0, with_doctor, np.where(with_role > 0, with_role, usual))
