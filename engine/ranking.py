"""The candidates of one request in the order in which they are offered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from engine.alone import holds_alone, step_costs
from engine.arrays import Bool, Int
from engine.candidates import Candidates
from engine.found import FoundPlace
from engine.policy import Policy
from engine.rules import Constraint, StepRule
from engine.snapshot import Snapshot
from engine.where import where_told

_TRIED_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates of the request that a snapshot is about, and what each costs if it alone is
    chosen.

    Parameters
    ----------
    snapshot, policy
        What is asked.
    candidates
        Of the request ``ASKED``, by cell; shape (C,).
    own, steps
        int64, shape (objectives, C): what each costs by itself, and by what it does together
        with appointments.
    values
        int64, shape (L, C): both, summed at every level.
    order
        int64, shape (C,): indices of the candidates, the best first; ties by start, then by id
        of the session, which has one role.
    """

    snapshot: Snapshot
    policy: Policy
    candidates: Candidates
    own: Int
    steps: Int
    values: Int
    order: Int

    @classmethod
    def of(cls, snapshot: Snapshot, policy: Policy, candidates: Candidates) -> Ranking:
        """Price the candidates and sort them."""
        own, steps = np.zeros((2, len(policy.objectives), len(candidates)), np.int64)
        values = np.zeros((len(policy.levels), len(candidates)), np.int64)
        for row, objective in enumerate(policy.objectives):
            own[row] = objective.cost(snapshot, candidates)
            if isinstance(objective, StepRule):
                rows, costs = objective.steps(snapshot, candidates)
                steps[row] = step_costs(rows, costs, len(candidates))
            values[policy.levels.index(objective.level)] += own[row] + steps[row]
        sessions, place = np.unique(candidates.session, return_inverse=True)
        ids = np.array([snapshot.sessions.ids[session] for session in sessions.tolist()], object)
        by_id = np.argsort(np.argsort(ids))[place]
        order = np.lexsort((by_id, candidates.start, *values[::-1]))
        return cls(snapshot, policy, candidates, own, steps, values, order)

    def standing(self) -> Iterator[int]:
        """Indices of those that no row refuses, the best first; as many as are asked for."""
        for start in range(0, len(self.order), _TRIED_AT_ONCE):
            tried = self.order[start : start + _TRIED_AT_ONCE]
            by_cell = np.sort(tried)
            holds = stand_alone(self.snapshot, self.policy, self.candidates.where(by_cell))
            yield from tried[np.isin(tried, by_cell[holds])].tolist()

    def sorted(self, some: Iterable[int]) -> list[int]:
        """Some of them, the best first."""
        kept = set(some)
        return [index for index in self.order.tolist() if index in kept]

    def place(self, rank: int, index: int) -> FoundPlace:
        """A candidate as it is answered."""
        chosen = self.candidates
        told = int(chosen.start[index]), int(chosen.end[index])
        paid = (self.own + self.steps)[:, index].tolist()
        contributions = dict.fromkeys((rule.name for rule in self.policy.objectives), 0)
        for objective, amount in zip(self.policy.objectives, paid, strict=True):
            contributions[objective.name] += amount
        return FoundPlace(
            rank=rank,
            where=where_told(
                self.snapshot, int(chosen.role[index]), int(chosen.session[index]), *told
            ),
            values=dict(zip(self.policy.levels, self.values[:, index].tolist(), strict=True)),
            contributions=contributions,
        )


def stand_alone(snapshot: Snapshot, policy: Policy, candidates: Candidates) -> Bool:
    """Candidates (by cell) that no row refuses, each if it alone is chosen; bool, shape (C,)."""
    holds = np.ones(len(candidates), np.bool_)
    for constraint in policy.constraints:
        if _can_matter(snapshot, constraint):
            holds &= holds_alone(constraint.rows(snapshot, candidates), len(candidates))
    return holds


def _can_matter(snapshot: Snapshot, constraint: Constraint) -> bool:
    """Whether a snapshot holds any two visits that a constraint looks at together."""
    if constraint.couples == "link":
        return bool(snapshot.links.ids)
    if constraint.couples == "patient":
        return bool((np.bincount(snapshot.requests.patient) > 1).any())
    return True
