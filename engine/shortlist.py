"""The cheapest candidates of every request, and what is left out.

Where a region offers thousands of places to everybody, few of them matter. The solver
sees each request's cheapest candidates, and stands for the rest by *outsiders*: columns
that take no room and cost what the best of them would. A plan that is optimal with
outsiders and uses none is optimal among all candidates; who would use one is given more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import Int
from engine.candidates import Candidates
from engine.eligible import candidates_by_chunk
from engine.policy import Policy
from engine.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Candidates in the model, and stand-ins for those that are not.

    Parameters
    ----------
    candidates
        Kept, by request, then by cell; shape (C,).
    cost
        int64, shape (L, C): their cost at every level.
    outsider_request
        int64, shape (O,): index of the request.
    outsider_cost
        int64, shape (L, O): for each combination of upper levels that left-out candidates
        of the request have, the least cost at the last level.
    num_eligible
        int64, shape (R,): candidates that were considered.
    """

    candidates: Candidates
    cost: Int
    outsider_request: Int
    outsider_cost: Int
    num_eligible: Int

    @classmethod
    def joined(cls, parts: list[Shortlist]) -> Shortlist:
        """Shortlists of different requests as one."""
        candidates = Candidates.joined([part.candidates for part in parts])
        order = np.lexsort((candidates.first_cell, candidates.request))
        return cls(
            candidates.where(order),
            np.concatenate([part.cost for part in parts], axis=1)[:, order],
            np.concatenate([part.outsider_request for part in parts]),
            np.concatenate([part.outsider_cost for part in parts], axis=1),
            np.sum([part.num_eligible for part in parts], axis=0),
        )

    def without(self, requests: Int) -> Shortlist:
        """All but the given requests."""
        kept = ~np.isin(self.candidates.request, requests)
        outside = ~np.isin(self.outsider_request, requests)
        num_eligible = self.num_eligible.copy()
        num_eligible[requests] = 0
        return Shortlist(
            self.candidates.where(kept),
            self.cost[:, kept],
            self.outsider_request[outside],
            self.outsider_cost[:, outside],
            num_eligible,
        )


def shortlist(snapshot: Snapshot, policy: Policy, requests: Int, keep: int) -> Shortlist:
    """Evaluate every candidate of ``requests`` and keep the cheapest of each.

    Parameters
    ----------
    requests
        int64 indices, ascending.
    keep
        Candidates kept per request, in lexicographic order of their costs.
    """
    parts = [
        _cheapest(snapshot, candidates, candidate_costs(snapshot, policy, candidates), keep)
        for candidates in candidates_by_chunk(snapshot, policy, requests)
    ]
    return Shortlist.joined(parts)


def candidate_costs(snapshot: Snapshot, policy: Policy, candidates: Candidates) -> Int:
    """Cost of each candidate at every level of the policy; int64, shape (L, C)."""
    cost = np.zeros((len(policy.levels), len(candidates)), np.int64)
    for objective in policy.objectives:
        cost[policy.levels.index(objective.level)] += objective.cost(snapshot, candidates)
    return cost


def _cheapest(snapshot: Snapshot, candidates: Candidates, cost: Int, keep: int) -> Shortlist:
    order = np.lexsort((candidates.first_cell, *cost[::-1], candidates.request))
    request = candidates.request[order]
    num_eligible = np.bincount(request, minlength=snapshot.num_requests)
    first = np.cumsum(num_eligible) - num_eligible
    place = np.arange(len(order)) - first[request]
    kept, left = np.sort(order[place < keep]), order[place >= keep]
    # sorted by cost: the first of each combination of upper levels is its cheapest
    upper = np.stack([candidates.request[left], *cost[:-1, left]])
    is_first = np.ones(len(left), np.bool_)
    is_first[1:] = np.any(upper[:, 1:] != upper[:, :-1], axis=0)
    outside = left[is_first]
    return Shortlist(
        candidates.where(kept),
        cost[:, kept],
        candidates.request[outside],
        cost[:, outside],
        num_eligible,
    )
