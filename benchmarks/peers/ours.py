"""The engine, from arrays to a judged plan: candidates, shortlist, components, search, judges."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.pairs import Taken, plan_of
from benchmarks.peers.peer import Answer, Clock, PeerError, PeerLimits, Status
from engine.policy import Policy
from engine.snapshot import Snapshot
from engine.solve.limits import Limits
from engine.solve.problem import Problem
from engine.solve.solver import solve
from engine.verify.judge import verify

NAME = "slotmatch"


def ours(snapshot: Snapshot, policy: Policy, limits: PeerLimits) -> Answer:
    """Do what ``engine.match.match`` does, without the records and the reasons.

    Raises
    ------
    PeerError
        The judges refuse the plan, or count other values.
    """
    clock = Clock(limits.seconds)
    problem = Problem(snapshot, policy, workers=limits.workers)
    own = Limits(seconds=limits.seconds, workers=limits.workers, seed=limits.seed)
    solved = solve(problem, replace(own, seconds=clock.left()))
    places = solved.taken
    taken = Taken(places.request, places.first_cell, places.num_cells)
    verdict = verify(snapshot, policy, plan_of(snapshot, taken))
    values, bounds = tuple(solved.values.tolist()), tuple(solved.bounds.tolist())
    if verdict.violations or tuple(verdict.values.tolist()) != values:
        raise PeerError("the judges refuse the plan of the engine, or count other values")
    status: Status = "optimal" if values == bounds else "feasible"
    return Answer(status, taken, values, bounds, clock.spent())
