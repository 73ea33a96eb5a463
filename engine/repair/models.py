"""Models of a repair: who takes part, and what they could take; each made once."""

from __future__ import annotations

import numpy as np

from engine.arrays import Int
from engine.candidates import Candidates
from engine.policy import Policy
from engine.repair.minimum import Minimum
from engine.repair.movable import Movable
from engine.repair.taking_part import in_reach
from engine.repair.world import World
from engine.snapshot import BYSTANDER, CONTESTED, FORCED, Snapshot
from engine.solve.problem import Problem

MOST_PEOPLE = 100_000
"""As in ``engine.domain.fields.Count``: nobody's limit, where each component has its own."""


class Models:
    """Worlds in which some take part, and their problems.

    Parameters
    ----------
    after, movable
        The world after the event, and how its appointments stand.
    policy
        Whose rules hold.
    minimum
        A plan in which no more are displaced than must be: every search begins with it.
    workers
        Threads.

    Attributes
    ----------
    minimum
        As given.
    begun
        Places of an earlier plan, with which a search begins, too.
    """

    def __init__(
        self, after: Snapshot, movable: Movable, policy: Policy, minimum: Minimum, workers: int
    ) -> None:
        self.begun = Candidates.none()
        self._after = after
        self._movable = movable
        self._policy = policy
        self.minimum = minimum
        self._workers = workers
        self._made: dict[bytes, tuple[World, Problem]] = {}
        self._reached: dict[int, Int] = {}

    def in_reach(self, limit: int) -> Int:
        """Appointments of those who must be moved, and of whoever can be reached where so many
        are displaced; int64, ascending.
        """
        if limit not in self._reached:
            own = [self._movable.of_standing(standing) for standing in (FORCED, CONTESTED)]
            reached = in_reach(self._after, self._movable, self._policy, limit)
            self._reached[limit] = np.unique(np.concatenate([*own, reached]))
        return self._reached[limit]

    def of(self, appointments: Int) -> tuple[World, Problem]:
        """The world in which some appointments (int64, ascending) take part, and its problem."""
        name = appointments.tobytes()
        if name not in self._made:
            self._made[name] = self._of(appointments)
        return self._made[name]

    def _of(self, appointments: Int) -> tuple[World, Problem]:
        world = World.of(self._after, self._movable, appointments, self._policy)
        problem = Problem(
            world.snapshot,
            self._policy.for_repair(min(MOST_PEOPLE, self._after.num_requests)),
            workers=self._workers,
            requests=world.requests,
            kept=world.kept,
        )
        is_bystander = world.snapshot.told.standing[world.kept.request] == BYSTANDER
        stay = Candidates.joined([self.minimum.keeps, world.kept.where(is_bystander)])
        problem = problem.beginning(stay)
        if len(self.begun):
            others = stay.where(np.isin(stay.request, self.begun.request, invert=True))
            problem = problem.beginning(Candidates.joined([self.begun, others]))
        return world, problem
