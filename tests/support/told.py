"""Clinics in which people were told something: the world of a repair, by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from clinic import Clinic, plan_of

from engine.candidates import Candidates
from engine.eligible import eligible_candidates
from engine.events.aftermath import aftermath_of
from engine.events.events import Disruption, DoubleBookings
from engine.plan import Plan
from engine.policy import Policy
from engine.repair.movable import Movable
from engine.repair.world import World
from engine.shortlist import Shortlist
from engine.snapshot import Snapshot, take_snapshot
from engine.solve.matrix import Matrix, build_matrix

ANYBODY = Policy.default().replace("protected_people", notice_hours=0)
"""Everybody to come may be moved."""


def told_world(clinic: Clinic, *events: Disruption, policy: Policy = ANYBODY) -> World:
    """The world of a repair in which everybody takes part who may; by default double bookings
    are mended.
    """
    aftermath = aftermath_of(clinic.dataset(), events or (DoubleBookings(),), policy)
    snapshot = take_snapshot(aftermath.dataset)
    movable = Movable.of(aftermath, snapshot, policy)
    return World.of(snapshot, movable, np.flatnonzero(movable.standing >= 0), policy)


def moved_to(world: World, places: dict[str, tuple[str, str] | None]) -> tuple[Snapshot, Plan]:
    """The final world in which some requests are moved to a session and a clock, or nowhere
    (``None``), and its plan.
    """
    index = world.after.index.requests
    moved = np.zeros(world.after.num_requests, np.bool_)
    moved[[index[name] for name in places]] = True
    final = world.final(moved)
    return final, plan_of(final, {name: place for name, place in places.items() if place})


def chosen(world: World, places: dict[str, tuple[str, str] | None]) -> Candidates:
    """Candidates of the plan in which those are moved and everybody else keeps what was told."""
    final, plan = moved_to(world, places)
    requests = np.flatnonzero(plan.is_placed)
    offers = eligible_candidates(world.snapshot, ANYBODY, requests)
    new = offers.where(
        (plan.session[offers.request] == offers.session)
        & (plan.start[offers.request] == offers.start)
    )
    assert len(new) == len(requests)
    gone = [final.index.requests[name] for name in places]
    kept = world.kept.where(~np.isin(world.kept.request, gone))
    both = Candidates.joined([new, kept])
    return both.where(np.argsort(both.request))


def matrix_of(world: World, rule: Any, candidates: Candidates) -> Matrix:
    """The matrix of an objective alone over some candidates, by request."""
    policy = Policy(ANYBODY.urgencies, (rule,))
    return build_matrix(
        world.snapshot, policy, Shortlist.of(world.snapshot, policy, candidates), world.requests
    )


def solver_value(world: World, rule: Any, places: dict[str, tuple[str, str] | None]) -> int:
    """What the rule counts of a plan: candidates, unplaced, and the cheapest auxiliary columns."""
    matrix = matrix_of(world, rule, chosen(world, places))
    taken = np.zeros(matrix.num_columns, np.bool_)
    taken[: matrix.num_candidates] = True
    placed = matrix.request[: matrix.num_candidates]
    left = np.setdiff1d(np.arange(matrix.num_requests), placed)
    taken[matrix.first_unplaced + left] = True
    helpers = np.arange(len(matrix.request), matrix.num_columns)
    best: int | None = None
    for bits in range(1 << len(helpers)):
        taken[helpers] = [bool(bits >> j & 1) for j in range(len(helpers))]
        if matrix.is_feasible(taken):
            value = int(matrix.values(taken)[0])
            best = value if best is None else min(best, value)
    assert best is not None
    return best


def with_told(snapshot: Snapshot, **more: Any) -> Snapshot:
    """The same, told otherwise."""
    return replace(snapshot, told=replace(snapshot.told, **more))


def counted(
    world: World, rule: Any, judge: Any, request: str, place: tuple[str, str]
) -> tuple[int, int]:
    """What moving one request to a place costs, by the rule and by its judge."""
    final, plan = moved_to(world, {request: place})
    index = final.index.requests[request]
    every = eligible_candidates(world.snapshot, ANYBODY, np.array([index]))
    here = (every.session == plan.session[index]) & (every.start == plan.start[index])
    [cost] = rule.cost(world.snapshot, every)[here].tolist()
    assert not rule.unplaced(world.snapshot).any()
    return int(cost), int(judge.contributions(rule, final, plan)[index])
