"""The judges: they accept what may stand, and nothing else."""

from __future__ import annotations

import numpy as np
from brute_force_cost import cost
from brute_force_fits import fits
from brute_force_places import is_eligible, places, starts
from brute_force_together import all_or_none
from brute_force_world import Place, World
from hypothesis import given
from hypothesis import strategies as st
from worlds import tiny_worlds

from engine.domain import Dataset
from engine.eligible import eligible_candidates
from engine.plan import PLACED, Plan
from engine.policy import Policy
from engine.snapshot import Snapshot, take_snapshot
from engine.verify.judge import verify

POLICY = Policy.default()


def entered(snapshot: Snapshot, chosen: list[Place]) -> Plan:
    """A plan with the chosen places."""
    plan = Plan.empty(snapshot)
    for place in chosen:
        request = snapshot.index.requests[place.request.id]
        plan.state[request] = PLACED
        plan.role[request] = snapshot.index.roles[place.role.id]
        plan.session[request] = snapshot.index.sessions[place.session.id]
        plan.start[request] = snapshot.grid.minutes(place.start)
        plan.end[request] = snapshot.grid.minutes(place.end)
    return plan


@given(tiny_worlds(max_requests=5), st.data())
def test_judges_agree_with_brute_force_on_any_plan(dataset: Dataset, data: st.DataObject) -> None:
    """A random plan, eligible or not, passes the judges exactly if brute force allows it;
    and they count the same lateness and inconvenience.
    """
    world = World(dataset)
    chosen = []
    for request in world.open:
        options = [
            place
            for session in dataset.sessions
            for place in starts(world, request, session, world.roles[session.role_id])
        ]
        eligible = list(places(world, request))
        pool = eligible if eligible and data.draw(st.booleans()) else options
        place = data.draw(st.sampled_from([None, *pool, *pool]))
        if place is not None:
            chosen.append(place)
    snapshot = take_snapshot(dataset)
    verdict = verify(snapshot, POLICY, entered(snapshot, chosen))
    allowed = all(is_eligible(world, place) for place in chosen) and fits(world, chosen)
    allowed &= all_or_none(world, {place.request.id for place in chosen})
    assert (not verdict.violations) == allowed, verdict.violations
    late, price = (
        (sum(column) for column in zip(*(cost(world, p) for p in chosen), strict=True))
        if chosen
        else (0, 0)
    )
    assert verdict.values[-2:].tolist() == [late, price]


@given(tiny_worlds())
def test_candidates_are_exactly_the_eligible_places(dataset: Dataset) -> None:
    """The engine's candidates are brute force's places: none more, none less."""
    world, snapshot = World(dataset), take_snapshot(dataset)
    found = eligible_candidates(snapshot, POLICY, np.flatnonzero(snapshot.is_open))
    engine = {
        (snapshot.requests.ids[r], snapshot.sessions.ids[s], int(start), int(end))
        for r, s, start, end in zip(
            found.request, found.session, found.start, found.end, strict=True
        )
    }
    brute = {
        (p.request.id, p.session.id, snapshot.grid.minutes(p.start), snapshot.grid.minutes(p.end))
        for request in world.open
        for p in places(world, request)
    }
    assert engine == brute
    assert len(found) == len(engine)


@given(tiny_worlds(), st.data())
def test_a_plan_moved_by_a_minute_is_refused(dataset: Dataset, data: st.DataObject) -> None:
    """A visit that does not begin at a cell, or lasts otherwise, is at no place."""
    world, snapshot = World(dataset), take_snapshot(dataset)
    timed = [p for request in world.open for p in places(world, request) if p.is_timed]
    if not timed:
        return
    plan = entered(snapshot, [place := data.draw(st.sampled_from(timed))])
    request = snapshot.index.requests[place.request.id]
    which = data.draw(st.sampled_from((plan.start, plan.end)))
    which[request] += data.draw(st.sampled_from((-1, 1, 7)))
    assert "place" in {violation.rule for violation in verify(snapshot, POLICY, plan).violations}
