"""A face of an assignment: the plans that are as good as any at the levels settled so far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from engine.arrays import Bool, Int, ranges
from engine.solve.assignment import Assignment

MAX_SEATS = 4_000_000
"""Most arcs, counted once per seat, that are handed to the assignment."""

_UNPRICED = 1 << 61


@dataclass(frozen=True, slots=True)
class Face:
    """The plans that are still in play.

    Parameters
    ----------
    problem
        All arcs.
    arc
        int64, ascending: arcs that such a plan may use.
    is_full
        bool, shape (P,): places of which every seat is taken in all of them.
    """

    problem: Assignment
    arc: Int
    is_full: Bool

    @classmethod
    def whole(cls, problem: Assignment) -> Face:
        """Every plan."""
        every = np.arange(len(problem.request))
        return cls(problem, every, np.zeros(len(problem.seats), np.bool_))

    @property
    def first(self) -> Int:
        """Index into ``arc`` of the first of every request."""
        return np.searchsorted(self.problem.request[self.arc], np.arange(self.problem.num_requests))

    def narrowed(self, weight: Int, price: Int, worth: Int) -> Face:
        """The plans of least weight: their arcs cost nothing at the prices, and what has a price
        is full.
        """
        problem, arc = self.problem, self.arc
        paid = weight[arc] + np.append(price, 0)[problem.place[arc]]
        kept = paid == worth[problem.request[arc]]
        return Face(problem, arc[kept], self.is_full | (price > 0))

    def matched(self, weight: Int) -> Int | None:
        """The arc of every request in a plan of least weight, by LAPJVsp."""
        problem, num_places = self.problem, len(self.problem.seats)
        request, place, own = problem.request[self.arc], problem.place[self.arc], weight[self.arc]
        if self.is_full.any():
            spread = np.maximum.reduceat(own, self.first) - np.minimum.reduceat(own, self.first)
            own = own + np.where(np.append(self.is_full, False)[place], 0, 1 + int(spread.sum()))
        has_seat = place < num_places
        wanted = np.bincount(place[has_seat], minlength=num_places)
        copies = np.append(np.minimum(problem.seats, wanted), 1)
        many = copies[place]
        if int(many.sum()) > MAX_SEATS:
            return None
        first_seat = np.cumsum(copies) - copies
        start = np.where(has_seat, first_seat[place], first_seat[-1] + request)
        index, seat = np.repeat(np.arange(len(many)), many), ranges(start, many)
        table = csr_array(
            (own[index] + 1.0, (request[index], seat)),  # no arc may weigh nothing
            shape=(problem.num_requests, int(first_seat[-1]) + problem.num_requests),
        )
        row, matched = min_weight_full_bipartite_matching(table)
        taken = np.full(table.shape[1], num_places)
        taken[: first_seat[-1]] = np.repeat(np.arange(num_places), copies[:-1])
        key = request * (num_places + 1) + place
        found = np.searchsorted(key, row * (num_places + 1) + taken[matched])
        arcs = np.empty(problem.num_requests, np.int64)
        arcs[row] = self.arc[found]
        return arcs

    def prices(self, weight: Int, arcs: Int) -> tuple[Int, Int] | None:
        """Prices of the places that prove that the arcs have the least weight, if there are such;
        and what its place is worth to every request: weight and price of its arc.

        Prices are shortest distances from places with room, relaxed until none falls (Bellman
        and Ford, all arcs at once): ``p(place of r) ≤ w(r, q) + p(q) - w(r, place of r)``. A
        place that is full in any case may have a price below 0.
        """
        problem, num_places, first = self.problem, len(self.problem.seats), self.first
        place, others = problem.place[self.arc], weight[self.arc]
        where, own = problem.place[arcs], weight[arcs]
        used = np.bincount(where, minlength=num_places + 1)[:num_places]
        if np.any(used > problem.seats) or np.any(used[self.is_full] < problem.seats[self.is_full]):
            return None
        price = np.zeros(num_places + 1, np.int64)
        price[:num_places][used == problem.seats] = _UNPRICED
        is_priced = price[where] > 0
        for _ in range(problem.num_requests + 2):
            best = np.minimum.reduceat(others + price[place], first)
            after = price.copy()
            np.minimum.at(after, where[is_priced], (best - own)[is_priced])
            if np.array_equal(after, price):
                break
            price = after
        else:
            return None
        price = self._within_reach(price, others, own + price[where])
        best = np.minimum.reduceat(others + price[place], first)
        is_proof = np.all(price[:num_places][~self.is_full] >= 0)
        is_proof &= np.array_equal(own + price[where], best)
        return (price[:num_places], best) if is_proof else None

    def _within_reach(self, price: Int, weight: Int, worth: Int) -> Int:
        """Prices of places from which no place with room is reached, as low as the others allow."""
        problem = self.problem
        is_far = price > _UNPRICED // 2
        request, place = problem.request[self.arc], problem.place[self.arc]
        enters = is_far[place] & (worth[request] <= _UNPRICED // 2)
        missing = worth[request[enters]] - weight[enters] - (price[place[enters]] - _UNPRICED)
        lowest = np.maximum(_UNPRICED - int(np.min(price[is_far], initial=_UNPRICED)), 0)
        raised = max(int(np.max(missing, initial=0)), int(lowest))
        return np.where(is_far, price - _UNPRICED + raised, price)
