"""The world when a repair is done: everybody is where they are told now."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.domain import Appointment, Dataset
from engine.explain import ruled_out_by
from engine.interchange.canonical import dataset_hash
from engine.plan import NO_CANDIDATE, NO_PART, PLACED, UNPLACED
from engine.repair.point import Point
from engine.repair.repair import Repair
from engine.result import Result
from engine.verify.judge import verify


def without_moved(repair: Repair, point: Point) -> Dataset:
    """The dataset after the event in which those of whom a plan moves are open requests: the one
    that the plan was made for.
    """
    gone = set(_moved(repair, point))
    after = repair.aftermath.dataset
    left = tuple(row for row in after.appointments if row.id not in gone)
    return replace(after, appointments=left)


def result_of(repair: Repair, point: Point) -> Result:
    """The plan as that of a match, made for the dataset that ``without_moved`` gives: what a plan
    file says. Requests that were open before took no part.
    """
    snapshot, verdict = point.snapshot, verify(point.snapshot, point.policy, point.plan)
    plan = replace(point.plan, reason=point.plan.reason.copy())
    plan.reason[(plan.state == UNPLACED) & ~point.takes_part] = NO_PART
    made_for = dataset_hash(without_moved(repair, point))
    return Result(
        snapshot,
        point.policy,
        plan,
        replace(point.certificate, dataset_hash=made_for),
        verdict.prior,
        verdict.contributions,
        ruled_out_by(snapshot, point.policy, np.flatnonzero(plan.reason == NO_CANDIDATE)),
    )


def repaired(repair: Repair, point: Point) -> Dataset:
    """The dataset in which everybody has the place that a plan gives them.

    An appointment that is moved keeps its id, and nobody has confirmed it yet; one that the
    plan leaves without a place is gone, and its request is open. Every person who is told
    something else was moved once more.
    """
    after, moved = repair.aftermath.dataset, _moved(repair, point)
    rows = (_row(row, moved, point) for row in after.appointments)
    patient = np.unique(point.snapshot.requests.patient[np.flatnonzero(point.moved)])
    people = {point.snapshot.patients.ids[index] for index in patient.tolist()}
    return replace(
        after,
        appointments=tuple(row for row in rows if row is not None),
        patients=tuple(
            replace(row, times_moved=row.times_moved + 1) if row.id in people else row
            for row in after.patients
        ),
    )


def _moved(repair: Repair, point: Point) -> dict[str, int]:
    """Requests, as indices, of the appointments that are moved, by their ids."""
    published = repair.snapshot.published
    requests = np.flatnonzero(point.moved).tolist()
    return {published.ids[published.of_request[request]]: request for request in requests}


def _row(row: Appointment, moved: dict[str, int], point: Point) -> Appointment | None:
    """An appointment afterwards; ``None`` where there is none."""
    request, plan, snapshot = moved.get(row.id), point.plan, point.snapshot
    if request is None:
        return row
    if plan.state[request] != PLACED:
        return None
    role = int(plan.role[request])
    zone = int(snapshot.roles.zone[role])
    return replace(
        row,
        role_id=snapshot.roles.ids[role],
        start=snapshot.grid.instant(int(plan.start[request]), zone),
        end=snapshot.grid.instant(int(plan.end[request]), zone),
        status="held" if row.status == "held" else "booked",
        confirmed=False,
    )
