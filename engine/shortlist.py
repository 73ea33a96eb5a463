"""The cheapest candidates of every request, and what is left out.

Where a region offers thousands of places to everybody, few of them matter. The solver
sees each request's cheapest candidates, and stands for the rest by *outsiders*: columns
that take no room and cost what the best of them would. A plan that is optimal with
outsiders and uses none is optimal among all candidates; who would use one is given more.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from engine.arrays import Int
from engine.candidates import Candidates
from engine.cheapest import rank
from engine.costs import OfferCosts
from engine.eligible import Sieve


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


def shortlist(sieve: Sieve, requests: Int, keep: int, workers: int = 1) -> Shortlist:
    """Evaluate every candidate of ``requests`` and keep the cheapest of each.

    Parameters
    ----------
    requests
        int64 indices, ascending.
    keep
        Candidates kept per request, in lexicographic order of their costs.
    workers
        Threads; NumPy works beside itself.
    """
    with ThreadPoolExecutor(workers) as pool:
        parts = pool.map(lambda chunk: _cheapest(sieve, chunk, keep), sieve.chunks(requests))
        return Shortlist.joined([part for some in parts for part in some])


def _cheapest(sieve: Sieve, requests: Int, keep: int) -> list[Shortlist]:
    pairs = sieve.pairs(requests)
    costs = OfferCosts(sieve, pairs)
    parts = []
    for offers in sieve.offers(pairs):
        paid = costs.of(offers)
        ranked = rank(offers.request, paid, keep)
        kept, left = offers.where(ranked.kept), offers.where(ranked.best_left)
        part = Shortlist(
            kept.candidates(sieve.snapshot),
            costs.at_all_levels(paid[:, ranked.kept]),
            left.request,
            costs.at_all_levels(paid[:, ranked.best_left]),
            np.bincount(offers.request, minlength=sieve.snapshot.num_requests),
        )
        parts.append(part)
    return parts
