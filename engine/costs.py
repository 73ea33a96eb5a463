"""What offers cost at every level, from tables that are much smaller than the offers.

An objective says what its cost depends on (its grain): the role, or the moment. The first is
worked out once for a pair of request and role, the second once for a request and a moment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import Int
from engine.candidates import Candidates
from engine.eligible import Sieve
from engine.moments import Moments
from engine.offers import Offers, RolePairs
from engine.policy import Policy
from engine.rules import Grain
from engine.snapshot import Snapshot
from engine.suits import Suits

_NEVER = 1 << 60


def candidate_costs(snapshot: Snapshot, policy: Policy, candidates: Candidates) -> Int:
    """Cost of each candidate at every level of the policy, one by one; int64, shape (L, C)."""
    return _costs(snapshot, policy, candidates, None)


def _costs(snapshot: Snapshot, policy: Policy, candidates: Candidates, grain: Grain | None) -> Int:
    """The same by the objectives of one grain, or by all of them."""
    cost = np.zeros((len(policy.levels), len(candidates)), np.int64)
    for objective in policy.objectives:
        if grain in (None, objective.grain):
            cost[policy.levels.index(objective.level)] += objective.cost(snapshot, candidates)
    return cost


def unplaced_costs(snapshot: Snapshot, policy: Policy) -> Int:
    """Cost of leaving each request unplaced, at every level of the policy; int64, shape (L, R)."""
    cost = np.zeros((len(policy.levels), snapshot.num_requests), np.int64)
    for objective in policy.objectives:
        cost[policy.levels.index(objective.level)] += objective.unplaced(snapshot)
    return cost


class OfferCosts:
    """Costs of the offers to some pairs of requests and roles.

    Attributes
    ----------
    pairs
        These.
    levels
        Levels at which any of these offers could cost something, ascending.
    has_rest
        Whether something depends on more than the role and the moment.
    """

    def __init__(self, sieve: Sieve, pairs: RolePairs, suits: Suits) -> None:
        self._sieve = sieve
        self._suits = suits
        self.pairs = pairs
        snapshot, policy = sieve.snapshot, sieve.policy
        nowhere = np.zeros(len(pairs.request), np.int64)
        at_role = Candidates(
            pairs.request, pairs.role, *(nowhere,) * 5, nowhere.astype(np.bool_), nowhere
        )
        self._by_role = _costs(snapshot, policy, at_role, "role")
        self._by_moment = _costs(snapshot, policy, suits.visits, "moment")
        self.has_rest = any(rule.grain == "place" for rule in policy.objectives)
        self.levels = tuple(
            level
            for level in range(len(policy.levels))
            if self.has_rest or self._by_role[level].any() or self._by_moment[level].any()
        )

    def most(self, level: int) -> int:
        """No offer costs more at a level by its role and its moment."""
        by_role, by_moment = self._by_role[level], self._by_moment[level]
        return int(np.max(by_role, initial=0)) + int(np.max(by_moment, initial=0))

    def weighed(self, weight: Int) -> Weighed:
        """The same in one number, by the weight of every level (int64, shape (L,))."""
        sieve = self._sieve
        by_role, by_moment = weight @ self._by_role, np.full(self._suits.table.size, _NEVER)
        by_moment[self._suits.entry] = weight @ self._by_moment
        rest = weight if self.has_rest else None
        return Weighed(
            sieve.snapshot, sieve.policy, sieve.moments, self.pairs, by_role, by_moment, rest
        )

    def of(self, offers: Offers) -> Int:
        """Cost of each at those ``levels``, int64, shape (levels, C)."""
        cost = np.empty((len(self.levels), len(offers)), np.int64)
        place = np.zeros(self._suits.table.size, np.int64)
        place[self._suits.entry] = np.arange(len(self._suits.entry))
        place = place[offers.in_table(self._sieve.moments)]
        for row, level in enumerate(self.levels):
            np.take(self._by_moment[level], place, out=cost[row])
            if self._by_role[level].any():
                cost[row] += self._by_role[level][offers.pair][offers.visit]
        if self.has_rest:
            snapshot = self._sieve.snapshot
            every = offers.candidates(snapshot)
            rest = _costs(snapshot, self._sieve.policy, every, "place")
            cost += rest[list(self.levels)]
        return cost


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the offers to some pairs weigh.

    Parameters
    ----------
    snapshot, policy, moments
        Where they are.
    pairs
        These.
    by_role, by_moment
        int64, shapes (P,) and (A·M,): of every pair, and of every ask at every moment; more than
        anything where it does not suit.
    rest
        Weight of every level, if something depends on more than these two.
    """

    snapshot: Snapshot
    policy: Policy
    moments: Moments
    pairs: RolePairs
    by_role: Int
    by_moment: Int
    rest: Int | None

    def at_least(self) -> Callable[[Int, Int], Int]:
        """What offers weigh at least, whichever cell of a session they begin at.

        Returns
        -------
        Callable
            Takes pairs and sessions (int64 indices, shape (V,)), gives int64, shape (V,).
        """
        shape = len(self.pairs.ask_request), len(self.moments)
        least = self.moments.least(self.by_moment.reshape(shape))
        entry, moments = self.pairs.entry, self.moments
        return lambda pair, session: (
            self.by_role.take(pair) + least.take(entry(moments, pair, session))
        )

    def of(self, offers: Offers) -> Int:
        """Weight of each; int64, shape (C,)."""
        weight: Int = self.by_moment[offers.in_table(self.moments)]
        weight += self.by_role[offers.pair][offers.visit]
        if self.rest is not None:
            every = offers.candidates(self.snapshot)
            weight += self.rest @ _costs(self.snapshot, self.policy, every, "place")
        return weight
