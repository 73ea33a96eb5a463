"""The frontier: how many more people could be placed if a few more were moved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.objectives.displaced_people import DisplacedPeople
from engine.policy import Policy
from engine.repair.movable import Movable
from engine.repair.point import Point, Question, solve_point
from engine.repair.reach import Reach
from engine.repair.world import World, in_old_violations
from engine.rules import Objective
from engine.shortlist import Shortlist
from engine.snapshot import BYSTANDER, CONTESTED, FORCED, Snapshot
from engine.solve.cpsat import SearchLimits
from engine.solve.decompose import decompose
from engine.solve.levels import first_solution, improve
from engine.solve.limits import Cancel, Clock, Limits
from engine.solve.matrix import build_matrix
from engine.solve.problem import Problem


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
        self._movable = _without_old_violations(after, movable, policy)
        self._policy = policy
        self._cancel = cancel
        self._clock = Clock(limits, cancel)
        minimum = minimum_displaced(after, self._movable, policy)
        self._question = Question(limits, minimum, dataset_hash)

    @property
    def movable(self) -> Movable:
        """Who may be moved, without those who are part of what was broken before."""
        return self._movable

    def points(self, max_additional: int, depth: int | None = None) -> list[Point]:
        """The answers that are not dominated, from fewest people displaced to most.

        Parameters
        ----------
        max_additional
            People who may be displaced beyond what the event and clusters demand.
        depth
            Longest chain of people who make room for each other; ``None``: any that
            ``max_additional`` allows, so that the answer is best among all plans.
        """
        first = self._solved(self._world(0), 0)
        if max_additional == 0 or not any(first.unplaced):
            return [first]
        problem = self._problem(self._world(min(max_additional, depth or max_additional)))
        last = self._solved_in(*problem, max_additional)
        found, limit = [first, last], last.additional - 1
        while limit > 0 and self._clock.has_time():
            point = self._solved_in(*problem, limit)
            found.append(point)
            limit = point.additional - 1
        return _not_dominated(found)

    def best_within(self, most: int, depth: int | None = None) -> Point:
        """The best answer that displaces no more people than ``most``, alone."""
        return self._solved(self._world(min(most, depth or most)), most)

    def _world(self, depth: int) -> World:
        movable = self._movable
        must = np.union1d(movable.of_standing(FORCED), movable.of_standing(CONTESTED))
        others = movable.of_standing(BYSTANDER)
        reach = Reach(self._after, self._policy, others)
        reached = reach.within(self._after.published.request[must], depth)
        return World.of(self._after, movable, np.union1d(must, reached), self._policy)

    def _problem(self, world: World) -> tuple[World, Problem]:
        policy = self._policy.for_repair(self._question.minimum)
        workers = self._question.limits.workers
        return world, Problem(
            world.snapshot, policy, workers=workers, requests=world.requests, kept=world.kept
        )

    def _solved(self, world: World, limit: int) -> Point:
        return self._solved_in(*self._problem(world), limit)

    def _solved_in(self, world: World, problem: Problem, limit: int) -> Point:
        policy = self._policy.for_repair(self._question.minimum + limit)
        seconds = min(self._clock.left(), self._question.limits.seconds)
        return solve_point(world, problem.under(policy), self._question, seconds, self._cancel)


def _not_dominated(points: list[Point]) -> list[Point]:
    """Those of some points that nothing beats in both, by people displaced."""
    kept: list[Point] = []
    for point in sorted(points, key=lambda point: (point.additional, point.unplaced)):
        if not kept or point.unplaced < kept[-1].unplaced:
            kept.append(point)
    return kept


def _without_old_violations(after: Snapshot, movable: Movable, policy: Policy) -> Movable:
    """Bystanders who are part of what was broken before stay as they are."""
    while True:
        everybody = np.flatnonzero(movable.standing >= FORCED)
        world = World.of(after, movable, everybody, policy)
        stays = in_old_violations(world, policy)
        if not len(stays):
            return movable
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
