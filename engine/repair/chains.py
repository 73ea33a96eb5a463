"""Chains of people who make room for each other, where every visit takes one cell.

Who must be moved takes a free cell, or the cell of a bystander, who takes a free one, or that of
the next. Without rules beyond the room of cells such a plan is an assignment, and falls into
chains from somebody who must be moved to a free cell, each through as many bystanders as it
displaces. So nobody matters who cannot be on a chain that is short enough; the rest is small, and
solved by flow. Where the plan satisfies the other rules too, it is best among all plans.

How many may be left unplaced of every urgency class is a place with so many seats. The best
numbers of seats that need no more displaced people than allowed are looked for class by class.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.arrays import Int
from engine.cheapest import cheapest
from engine.displaced import Innocents
from engine.policy import Policy
from engine.repair.movable import Movable
from engine.repair.nearby import Nearby
from engine.repair.network import Network, UnprovenError
from engine.repair.world import World
from engine.shortlist import Shortlist
from engine.snapshot import CONTESTED, FORCED
from engine.solve.greedy import greedy
from engine.solve.matrix import build_matrix
from engine.solve.solved import Solved, SolvedPart

_FAR = 1 << 30


@dataclass(frozen=True, slots=True)
class Chained:
    """The best plan within a limit, if no rule but the room of cells coupled visits.

    Parameters
    ----------
    world
        In which those take part who can be on a chain.
    solved
        Proven on every level, among chains of the length that was looked at.
    left
        Forced people left unplaced, by urgency class, the most urgent first.
    displaced
        Bystanders displaced.
    """

    world: World
    solved: Solved
    left: tuple[int, ...]
    displaced: int

    def is_best(self, fewest: Sequence[int]) -> bool:
        """Whether longer chains could do no better.

        Nobody could where the plan leaves as few as any plan must, class by class, and where every
        displaced bystander has placed one person more than could be placed without: a longer chain
        displaces more for the same.

        Parameters
        ----------
        fewest
            For every class, how many of it and the more urgent ones any plan leaves, at least.
        """
        least = [max(0, most - sum(self.left[:row])) for row, most in enumerate(fewest)]
        return list(self.left) == least


class Chains:
    """Plans for those who must be moved, by how many bystanders they displace.

    Parameters
    ----------
    star
        The world in which everybody takes part who may.
    movable
        How they stand.
    policy
        Whose rules hold.
    nearby
        Who can be on a chain.
    most
        People who may be displaced at most.

    Attributes
    ----------
    near
        int64, ascending: requests of these bystanders.
    listed
        Every candidate of whom was looked at.
    """

    def __init__(
        self, star: World, movable: Movable, policy: Policy, nearby: Nearby, most: int
    ) -> None:
        self._star = star
        self._movable = movable
        self._policy = policy
        self._levels = policy.for_repair(0)
        self._forced = np.flatnonzero(star.snapshot.told.standing == FORCED)
        self.near = nearby.requests
        self.listed = nearby.listed
        self._links = _links(nearby, max(1, len(self._forced) + most))
        self._networks: dict[bool, tuple[World, Network]] = {}

    @property
    def are_all(self) -> bool:
        """Whether there is nothing but chains: nobody contests a place, all take one cell, and
        nobody who was looked at has several appointments, of which the second would move for
        nothing.
        """
        several = Innocents(self._star.snapshot).together
        return bool(
            are_single_visits(self._star)
            and not several[self.listed.candidates.request].any()
            and np.all(self.listed.candidates.num_cells == 1)
        )

    @property
    def num_eligible(self) -> int:
        """Candidates considered."""
        return self.num_listed

    @property
    def num_listed(self) -> int:
        """Candidates in the network."""
        return len(self.listed)

    def within(self, limit: int) -> Chained | None:
        """The best plan that displaces no more bystanders; ``None`` where other rules are broken,
        or nothing was proven.
        """
        if not self.are_all:
            return None
        try:
            return self._proven(limit)
        except UnprovenError:
            return None

    def _proven(self, limit: int) -> Chained | None:
        world, network = self._network(with_chains=limit > 0)
        seats = self._seats(network, limit)
        arcs = None if seats is None else network.best(seats, displaced_first=True)
        if arcs is None:
            return None
        taken, values = network.taken(arcs), network.values(arcs)
        if not _stands(world, self._policy.for_repair(limit), taken, values):
            return None
        part = SolvedPart(world.requests, "flow", values, values)
        solved = Solved(taken.candidates, values, values, "proven", (part,), 0.0)
        return Chained(world, solved, network.unplaced(arcs), network.displaced(arcs))

    def _network(self, *, with_chains: bool) -> tuple[World, Network]:
        if with_chains not in self._networks:
            after, own = self._star.after, self._forced
            if with_chains:
                own = np.union1d(own, self.near)
            appointments = np.sort(after.published.of_request[own])
            world = World.of(after, self._movable, appointments, self._policy)
            self._networks[with_chains] = world, Network.of(world, self._links, self._levels)
        return self._networks[with_chains]

    @cached_property
    def base(self) -> tuple[int, ...] | None:
        """People left unplaced, class by class, where nobody is displaced; ``None`` where nothing
        was proven.
        """
        return self._fewest(with_chains=False)

    @cached_property
    def ideal(self) -> tuple[int, ...] | None:
        """The same where any number may be displaced."""
        return self._fewest(with_chains=True)

    def _fewest(self, *, with_chains: bool) -> tuple[int, ...] | None:
        _, network = self._network(with_chains=with_chains)
        try:
            arcs = network.best()
        except UnprovenError:
            return None
        return None if arcs is None else network.unplaced(arcs)

    def _seats(self, network: Network, limit: int) -> tuple[int, ...] | None:
        """The best numbers of people left unplaced, class by class, within a limit.

        What is best class by class leaves fewest of all classes up to one, too; and a displaced
        bystander makes room for one more at most.
        """
        seats: tuple[int, ...] = ()
        while len(seats) < network.num_classes:
            ideal = network.best(seats)
            if ideal is None or self.base is None:
                return None
            found = network.unplaced(ideal)
            if network.displaced(ideal) <= limit:
                return found
            upto = len(seats) + 1
            fewest_left = max(sum(found[:upto]), sum(self.base[:upto]) - limit)
            least = max(0, fewest_left - sum(seats))
            fewest = next(
                (
                    count
                    for count in range(least, len(self._forced) + 1)
                    if _displaces(network, (*seats, count)) <= limit
                ),
                None,
            )
            if fewest is None:
                return None
            seats = (*seats, fewest)
        return seats


def are_single_visits(star: World) -> bool:
    """Whether nobody contests a place, and everybody who could keep theirs holds one cell."""
    contests = np.any(star.snapshot.told.standing == CONTESTED)
    return bool(not contests and np.all(star.kept.num_cells == 1))


def _links(nearby: Nearby, many: int) -> Shortlist:
    """Candidates that can be part of a chain, and could be in the best plan.

    No more than so many people take what is free, so that nobody needs more than the so many
    places there that are the cheapest for them.
    """
    listed, ends = nearby.listed, np.flatnonzero(nearby.leads_to_room)
    few = cheapest(listed.candidates.request[ends], listed.cost[:, ends], many)
    return listed.chosen(np.union1d(np.flatnonzero(nearby.leads_on), ends[few]))


def _displaces(network: Network, seats: tuple[int, ...]) -> int:
    """How many people must be displaced where no more may be left unplaced."""
    arcs = network.best(seats, displaced_first=True)
    return _FAR if arcs is None else network.displaced(arcs)


def _stands(world: World, policy: Policy, taken: Shortlist, values: Int) -> bool:
    """Whether a plan satisfies the rules that were not looked at, and costs what was counted."""
    matrix = build_matrix(world.snapshot, policy, taken, world.requests)
    chosen = greedy(matrix, first=np.arange(matrix.num_candidates))
    if not chosen[: matrix.num_candidates].all():
        return False
    return np.array_equal(matrix.values(chosen), values)
