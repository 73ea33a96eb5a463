"""The candidates of every request that are in the model, and what is left out.

Where a region offers thousands of places to everybody, few of them matter. The solver
sees each request's cheapest candidates, and stands for the rest by *outsiders*: columns
that take no room and cost what the best of them would. A plan that is optimal with
outsiders and uses none is optimal among all candidates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeVar

import numpy as np

from engine.arrays import NONE, Bool, Int, ranges, stretches
from engine.candidates import Candidates
from engine.cheapest import Ranked, cheapest, rank
from engine.costs import OfferCosts, candidate_costs
from engine.eligible import Matters, Sieve
from engine.offers import Offers, RolePairs
from engine.policy import Policy
from engine.side_by_side import side_by_side
from engine.snapshot import Snapshot

FEW = 512
"""Of a request with no more places, each of one cell, all are listed: who has little choice is
soon crowded, and what is left out would come back one by one."""

MOST_LISTED = 6_000_000
"""Where there are so many requests that this would be exceeded, fewer are few."""

LIST_ALL = 2_000_000
"""Where there are about so many places of one cell in all, all are listed."""

ALL = 1 << 40
"""More than anybody has."""

_SHARES = (7, 61)  # primes, so that no session has all its places in one share

_SAMPLE = 200

T = TypeVar("T")

Choose = Callable[[Offers, Int, tuple[int, ...]], Ranked]
"""Which offers are listed, and which stand for the rest; given what each costs at some levels,
int64, shape (levels, C), and which levels these are: it costs nothing at others."""


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at of the offers to some pairs.

    Parameters
    ----------
    sessions
        Which pairs in which sessions.
    offers
        Which of the offers there; bool, shape (C,).
    """

    sessions: Matters
    offers: Callable[[Offers], Bool]


Look = Callable[[OfferCosts], View]
"""What to look at, given what offers cost."""


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
    """

    candidates: Candidates
    cost: Int
    outsider_request: Int
    outsider_cost: Int

    def __len__(self) -> int:
        return len(self.candidates)

    @classmethod
    def of(cls, snapshot: Snapshot, policy: Policy, candidates: Candidates) -> Shortlist:
        """Candidates by themselves, with nothing left out."""
        cost = candidate_costs(snapshot, policy, candidates)
        return cls(candidates, cost, np.zeros(0, np.int64), cost[:, :0])

    @classmethod
    def joined(cls, parts: list[Shortlist]) -> Shortlist:
        """Shortlists without a candidate in common as one."""
        candidates = Candidates.joined([part.candidates for part in parts])
        cost = np.concatenate([part.cost for part in parts], axis=1)
        names = _names(candidates, int(np.max(candidates.first_cell, initial=0)) + 1)
        if np.any(names[1:] < names[:-1]):
            order = np.argsort(names, kind="stable")
            candidates, cost = candidates.where(order), cost[:, order]
        return cls(
            candidates,
            cost,
            np.concatenate([part.outsider_request for part in parts]),
            np.concatenate([part.outsider_cost for part in parts], axis=1),
        )

    def with_new(self, some: Shortlist) -> Shortlist:
        """These and those of some others that are not among them; these themselves, if none is."""
        if not len(self.candidates) and not len(self.outsider_request):
            return some
        mine, theirs, at = self.candidates, some.candidates, self.positions_of(some.candidates)
        is_new = np.append(mine.request, NONE)[at] != theirs.request
        is_new |= np.append(mine.first_cell, NONE)[at] != theirs.first_cell
        if not is_new.any() and not len(some.outsider_request):
            return self
        added = replace(some, candidates=theirs.where(is_new), cost=some.cost[:, is_new])
        return Shortlist.joined([self, added])

    def positions_of(self, candidates: Candidates) -> Int:
        """Index of each of some candidates among these, or where it would stand; int64."""
        parts = (self.candidates, candidates)
        stride = 1 + max(int(np.max(part.first_cell, initial=0)) for part in parts)
        listed, names = (_names(part, stride) for part in parts)
        return np.searchsorted(listed, names)

    def of_requests(self, requests: Int) -> Shortlist:
        """The part of some requests (int64, ascending)."""
        first = np.searchsorted(self.candidates.request, requests)
        end = np.searchsorted(self.candidates.request, requests, side="right")
        kept = ranges(first, end - first)
        outside = np.isin(self.outsider_request, requests)
        return Shortlist(
            self.candidates.where(kept),
            self.cost[:, kept],
            self.outsider_request[outside],
            self.outsider_cost[:, outside],
        )

    def chosen(self, candidates: Int) -> Shortlist:
        """Some of the candidates, by ascending index, and no outsider."""
        return Shortlist(
            self.candidates.where(candidates),
            self.cost[:, candidates],
            self.outsider_request[:0],
            self.outsider_cost[:, :0],
        )

    def without_outsiders(self, requests: Int) -> Shortlist:
        """The same without those that stand for candidates of the given requests."""
        kept = ~np.isin(self.outsider_request, requests)
        return Shortlist(
            self.candidates,
            self.cost,
            self.outsider_request[kept],
            self.outsider_cost[:, kept],
        )


def _names(candidates: Candidates, stride: int) -> Int:
    """Numbers that sort candidates by request, then by cell; int64, shape (C,)."""
    return candidates.request * stride + candidates.first_cell


def the_cheapest(keep: int) -> Choose:
    """Choose so many of every request, in lexicographic order of their costs."""

    def choose(offers: Offers, cost: Int, _levels: tuple[int, ...]) -> Ranked:
        return rank(offers.request, cost, cheapest(offers.request, cost, keep))

    return choose


def near_and_far(keep: int, few: int) -> Choose:
    """The same where a visit may take several cells. Of others, all of who has no more than a few;
    else half as many of all, of every seventh and of every 61st, which lie farther apart.

    The cheapest places of many requests are the same, and who finds no room there goes on to the
    next, and so on. What is listed should reach as far as they go: then prices are nearly right,
    and little that is left out is better.
    """

    def choose(offers: Offers, cost: Int, _levels: tuple[int, ...]) -> Ranked:
        request, half = offers.request, max(1, keep // 2)
        head, stretch = stretches(request)
        is_single = offers.longest() == 1
        is_few = is_single & (np.diff(head, append=len(offers)) <= few)
        kept = cheapest(request, cost, np.where(is_few, ALL, np.where(is_single, half, keep)))
        for share in _SHARES:
            some = np.arange(0, len(kept), share)
            some = some[is_single[stretch[some]] & ~kept[some]]
            kept[some] = cheapest(request[some], cost[:, some], half)
        return rank(request, cost, kept)

    return choose


def shortlist(
    sieve: Sieve,
    requests: Int,
    choose: Choose,
    workers: int = 1,
) -> Shortlist:
    """Evaluate every candidate of ``requests`` (int64, ascending) and list the chosen ones.

    Parameters
    ----------
    workers
        Threads; NumPy works beside itself.
    """

    def work(pairs: RolePairs) -> list[Shortlist]:
        return [part.listed(choose) for part in evaluated(sieve, pairs)]

    parts = by_chunk(sieve, requests, workers, work)
    return Shortlist.joined(list(chain.from_iterable(parts)))


def how_few(sieve: Sieve, requests: Int) -> int:
    """How many places of a request are few, judged by a sample of the requests."""
    some = requests[:: max(1, len(requests) // _SAMPLE)]
    counts = by_chunk(sieve, some, 1, lambda pairs: sum(map(len, sieve.offers(pairs))))
    if sum(counts) / max(1, len(some)) * len(requests) <= LIST_ALL:
        return ALL
    return min(FEW, MOST_LISTED // max(1, len(requests)))


def by_chunk(
    sieve: Sieve,
    requests: Int,
    workers: int,
    work: Callable[[RolePairs], T],
    roles: Int | None = None,
) -> list[T]:
    """Do the same with every chunk of requests, on so many threads; results in order."""
    chunks = sieve.chunks(requests)
    return side_by_side(lambda some: work(sieve.pairs(some, roles)), chunks, workers)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Offers, and what each costs.

    Parameters
    ----------
    snapshot
        Where they are.
    num_levels
        L.
    offers
        Whole requests.
    levels, cost
        Some of the levels, and int64, shape (levels, C): costs there; 0 at others.
    """

    snapshot: Snapshot
    num_levels: int
    offers: Offers
    levels: tuple[int, ...]
    cost: Int

    def listed(self, choose: Choose) -> Shortlist:
        """The chosen ones."""
        chosen = choose(self.offers, self.cost, self.levels)
        name = self.offers.request * len(self.snapshot.sessions.cell_session) + self.offers.cell
        by_cell = chosen.kept[np.argsort(name[chosen.kept], kind="stable")]
        kept, left = self.offers.where(by_cell), self.offers.where(chosen.best_left)
        return Shortlist(
            kept.candidates(self.snapshot),
            self.at_all_levels(self.cost[:, by_cell]),
            left.request,
            self.at_all_levels(self.cost[:, chosen.best_left]),
        )

    def at_all_levels(self, cost: Int) -> Int:
        """Costs at those ``levels`` (shape (levels, n)) as costs at every level, shape (L, n)."""
        found = np.zeros((self.num_levels, cost.shape[1]), np.int64)
        found[list(self.levels)] = cost
        return found


def evaluated(sieve: Sieve, pairs: RolePairs, look: Look | None = None) -> Iterator[Evaluated]:
    """Every eligible offer of some pairs, or those to ``look`` at; at least one part."""
    suits, num_levels = sieve.suits(pairs), len(sieve.policy.levels)
    costs = OfferCosts(sieve, pairs, suits)
    view = None if look is None else look(costs)
    for offers in sieve.offers(pairs, None if view is None else view.sessions, suits):
        seen = offers if view is None else offers.where(view.offers(offers))
        yield Evaluated(sieve.snapshot, num_levels, seen, costs.levels, costs.of(seen))
