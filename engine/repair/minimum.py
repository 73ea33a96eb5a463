"""How many people must lose a place because several were told the same one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import Int
from engine.candidates import Candidates
from engine.objectives.displaced_people import DisplacedPeople
from engine.policy import Policy
from engine.repair.movable import Movable
from engine.repair.world import World
from engine.rules import Objective
from engine.shortlist import Shortlist
from engine.snapshot import CONTESTED, FORCED, Snapshot
from engine.solve.greedy import greedy
from engine.solve.limits import Clock, Limits
from engine.solve.matrix import build_matrix
from engine.solve.search import SearchLimits


@dataclass(frozen=True, slots=True)
class Minimum:
    """People who lose their place whatever is done.

    Parameters
    ----------
    people
        How many; where the time was not enough to prove it, so many do at most.
    is_proven
        Whether it takes so many.
    keeps
        Places that are kept in a plan in which no more are displaced: all that can be, also
        those of people who lose another one.
    displaced
        int64, ascending: one request of everybody who is displaced in it.
    """

    people: int
    is_proven: bool
    keeps: Candidates
    displaced: Int


def minimum_displaced(
    after: Snapshot, movable: Movable, policy: Policy, limits: Limits, clock: Clock
) -> Minimum:
    """The fewest of those who contest places that must lose theirs.

    All rules hold, nobody needs another place, and nothing else is counted.

    Parameters
    ----------
    after, movable
        The world after an event, and how its appointments stand.
    policy
        Whose rules hold.
    limits, clock
        When to stop; a cluster may take all of the time that is left.
    """
    contested = movable.of_standing(CONTESTED)
    if not len(contested):
        return Minimum(0, is_proven=True, keeps=Candidates.none(), displaced=contested)
    from engine.solve.cpsat import CpSatModel  # takes of the time that is left

    forced = movable.of_standing(FORCED)
    world = World.of(after, movable, np.union1d(contested, forced), policy)
    rules = tuple(rule for rule in policy.rules if not isinstance(rule, Objective))
    counting = Policy(policy.urgencies, (*rules, DisplacedPeople()), policy.seats)
    requests = np.sort(after.published.request[contested])
    listed = Shortlist.of(world.snapshot, counting, world.kept)
    matrix = build_matrix(world.snapshot, counting, listed, requests)
    first = greedy(matrix)
    search = SearchLimits(
        seconds=None if limits.deterministic else clock.left(),
        deterministic_seconds=limits.deterministic_seconds,
        workers=1,
        seed=limits.seed,
    )
    answer = CpSatModel(matrix).minimise(0, first, search, clock.cancel)
    chosen = first if answer.chosen is None else greedy(matrix, np.flatnonzero(answer.chosen))
    keeps = listed.candidates.where(chosen[: matrix.num_candidates])
    left = np.setdiff1d(requests, keeps.request)
    _, one_of = np.unique(after.requests.patient[left], return_index=True)
    return Minimum(
        people=len(one_of),
        is_proven=answer.status == "optimal",
        keeps=keeps,
        displaced=np.sort(left[one_of]),
    )
