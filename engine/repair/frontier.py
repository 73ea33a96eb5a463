"""The frontier: how many more people could be placed if a few more were moved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

import numpy as np

from engine.arrays import Bool, Int
from engine.candidates import Candidates
from engine.eligible import Sieve
from engine.objectives.displaced_people import DisplacedPeople
from engine.policy import Policy
from engine.repair.chains import Chained, Chains
from engine.repair.movable import Movable
from engine.repair.nearby import Catalogue, Nearby
from engine.repair.point import Point, Question, judged
from engine.repair.reach import Reach
from engine.repair.world import World, in_old_violations
from engine.rules import Objective
from engine.shortlist import Shortlist
from engine.snapshot import BYSTANDER, CONTESTED, FORCED, Snapshot
from engine.solve.cpsat import SearchLimits
from engine.solve.decompose import decompose
from engine.solve.levels import improve
from engine.solve.limits import Cancel, Clock, Limits
from engine.solve.matrix import build_matrix
from engine.solve.problem import Problem
from engine.solve.solution import first_solution
from engine.solve.solved import Solved
from engine.solve.solver import solve
from engine.verify.judge import violations_before

_NEAR_FIRST = 0.4  # of the time that is left goes to those who are near


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found.

    Parameters
    ----------
    points
        From fewest people displaced to most; no other plan found beats one of them in people left
        without a place and in people displaced. At least one.
    is_proven
        Whether no plan at all does, within what was allowed.
    """

    points: tuple[Point, ...]
    is_proven: bool


class Frontier:
    """Answers to one event, by how many people they displace who could have stayed.

    Parameters
    ----------
    after
        The world after the event.
    movable
        Who may be moved.
    policy
        Whose rules hold.
    limits
        For all answers together.
    dataset_hash
        SHA-256 of the dataset after the event.
    cancel
        Asks to stop early.
    """

    def __init__(
        self,
        after: Snapshot,
        movable: Movable,
        policy: Policy,
        limits: Limits,
        dataset_hash: str,
        cancel: Cancel,
    ) -> None:
        self._after = after
        self._star, self._movable = _without_old_violations(after, movable, policy)
        self._policy = policy
        self._cancel = cancel
        self._clock = Clock(limits, cancel)
        self._workers = limits.workers
        minimum = minimum_displaced(after, self._movable, policy)
        prior = violations_before(self._star.snapshot, policy)
        self._question = Question(policy, limits, minimum, dataset_hash, prior, self._could_go())
        self._problems: dict[int, tuple[World, Problem]] = {}
        self._found_chains: dict[int, Chains] = {}
        self._longest = self._most = 0

    @property
    def movable(self) -> Movable:
        """Who may be moved, without those who are part of what was broken before."""
        return self._movable

    def answer(self, max_additional: int, depth: int | None = None) -> Answer:
        """The answers that are not dominated.

        Parameters
        ----------
        max_additional
            People who may be displaced beyond what the event and clusters demand.
        depth
            Longest chain of people who make room for each other; ``None``: any that
            ``max_additional`` allows, so that the answer is best among all plans.
        """
        self._most = max_additional
        self._longest = min(max_additional, depth or max_additional)
        found, limit = [self._solved(0)], max_additional
        if not found[0].crowded_out:
            limit = 0
        while limit > 0 and self._clock.has_time():
            found.append(self._solved(limit))
            limit = found[-1].additional - 1
        is_proven = limit <= 0 and all(point.is_proven for point in found)
        return Answer(_not_dominated(found), is_proven)

    def best_within(self, most: int, depth: int | None = None) -> Point:
        """The best answer that displaces no more people than ``most``, alone."""
        self._most = most
        self._longest = min(most, depth or most)
        return self._solved(most)

    @cached_property
    def _catalogue(self) -> Catalogue:
        sieve = Sieve(self._star.snapshot, self._policy.for_repair(0))
        return Catalogue(sieve, self._workers)

    def _chains(self, longest: int) -> Chains:
        if longest not in self._found_chains:
            nearby = Nearby(self._star, self._catalogue, self._must, longest)
            chains = Chains(self._star, self._movable, self._policy, nearby, self._most)
            self._found_chains[longest] = chains
        return self._found_chains[longest]

    @property
    def _must(self) -> Int:
        """Requests of the forced and the contested."""
        standing = self._star.snapshot.told.standing
        return np.flatnonzero((standing == FORCED) | (standing == CONTESTED))

    def _could_go(self) -> Bool:
        """Who could take any place if everybody moved who may; bool, shape (R,)."""
        found = np.zeros(self._after.num_requests, np.bool_)
        found[self._catalogue.of(self._must).candidates.request] = True
        return found

    def _solved(self, limit: int) -> Point:
        """The best plan within a limit: by chains, or else by all means."""
        began = self._clock.spent()
        found = self._by_chains(limit)
        if found is not None:
            chains, chained = found
            seconds = self._clock.spent() - began
            return judged(chained.world, chained.solved, chains, limit, self._question, seconds)
        policy = self._policy.for_repair(self._question.minimum + limit)
        world, problem = self._problem(min(limit, self._longest))
        known = self._known(policy) if limit else None
        solved = self._search(problem.under(policy, known), 1.0)
        seconds = self._clock.spent() - began
        return judged(world, solved, problem, limit, self._question, seconds)

    def _by_chains(self, limit: int) -> tuple[Chains, Chained] | None:
        """The best plan by chains, short ones first; ``None`` where there is more to it."""
        lengths = range(1, self._longest + 1) if limit else (0,)
        for longest in lengths:
            chains = self._chains(longest)
            chained = chains.within(limit)
            if chained is None or longest == lengths[-1]:
                return None if chained is None else (chains, chained)
            if self._is_best(chains, chained, limit):
                return chains, chained
        return None

    def _is_best(self, chains: Chains, chained: Chained, limit: int) -> bool:
        """Whether longer chains could do no better than short ones."""
        base, ideal = chains.base, self._chains(self._longest).ideal
        if base is None or ideal is None or chained.displaced != sum(base) - sum(chained.left):
            return False
        pairs = zip(accumulate(base), accumulate(ideal), strict=True)
        return chained.is_best([max(total - limit, least) for total, least in pairs])

    def _known(self, policy: Policy) -> Candidates:
        """A plan to begin with: the best that those find who are near."""
        _, problem = self._near
        solved = self._search(problem.under(policy), _NEAR_FIRST)
        told = self._star.kept
        stays = np.isin(told.request, problem.requests, invert=True)
        return Candidates.joined([solved.taken, told.where(stays)])

    def _search(self, problem: Problem, share: float) -> Solved:
        """Solve, in a share of the time that is left."""
        seconds = min(self._clock.left() * share, self._question.limits.seconds)
        limits = replace(self._question.limits, seconds=seconds)
        return solve(problem, limits, cancel=self._cancel)

    @cached_property
    def _near(self) -> tuple[World, Problem]:
        near = np.union1d(self._must, self._chains(self._longest).near)
        return self._of(np.sort(self._after.published.of_request[near]))

    def _problem(self, longest: int) -> tuple[World, Problem]:
        """Whoever can be reached, and what they could take."""
        if longest not in self._problems:
            of_request = self._after.published.of_request
            bystanders = self._movable.of_standing(BYSTANDER)
            standing = self._star.snapshot.told.standing
            contested = np.flatnonzero(standing == CONTESTED)
            reach = Reach(self._after, self._policy, bystanders)
            reached = reach.within(self._must, longest, contested)
            self._problems[longest] = self._of(np.union1d(of_request[self._must], reached))
        return self._problems[longest]

    def _of(self, appointments: Int) -> tuple[World, Problem]:
        """The world in which some take part, and what they could take."""
        world = World.of(self._after, self._movable, appointments, self._policy)
        return world, Problem(
            world.snapshot,
            self._policy.for_repair(0),
            workers=self._workers,
            requests=world.requests,
            kept=world.kept,
        )


def _not_dominated(points: list[Point]) -> tuple[Point, ...]:
    """Those of some points that nothing beats in both, by people displaced."""
    kept: list[Point] = []
    for point in sorted(points, key=lambda point: (point.additional, point.unplaced)):
        if not kept or point.unplaced < kept[-1].unplaced:
            kept.append(point)
    return tuple(kept)


def _without_old_violations(
    after: Snapshot, movable: Movable, policy: Policy
) -> tuple[World, Movable]:
    """Bystanders who are part of what was broken before stay as they are."""
    while True:
        everybody = np.flatnonzero(movable.standing >= FORCED)
        world = World.of(after, movable, everybody, policy)
        stays = in_old_violations(world, policy)
        if not len(stays):
            return world, movable
        standing = movable.standing.copy()
        standing[stays] = -1
        movable = replace(movable, standing=standing)


def minimum_displaced(after: Snapshot, movable: Movable, policy: Policy) -> int:
    """People who must lose their place because places are contested, whatever is done."""
    contested = movable.of_standing(CONTESTED)
    if not len(contested):
        return 0
    forced = movable.of_standing(FORCED)
    world = World.of(after, movable, np.union1d(contested, forced), policy)
    rules = tuple(rule for rule in policy.rules if not isinstance(rule, Objective))
    counting = Policy(policy.urgencies, (*rules, DisplacedPeople()), policy.seats)
    requests = np.sort(after.published.request[contested])
    listed = Shortlist.of(world.snapshot, counting, world.kept)
    total = 0
    for part in decompose(build_matrix(world.snapshot, counting, listed, requests)):
        found = improve(part.matrix, first_solution(part.matrix), SearchLimits(None, 1e9, 1, 0))
        total += int(found.values[0])
    return total
