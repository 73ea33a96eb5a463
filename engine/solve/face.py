"""A face of an assignment: the plans that are as good as any at the levels settled so far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from engine.arrays import Bool, Int, ranges
from engine.solve.assignment import Assignment
from engine.solve.network import cheapest_flow

MAX_SEATS = 4_000_000
"""Most arcs, counted once per seat, that are handed to the assignment."""

MAX_BEYOND = 1 << 50
"""What arcs weigh at most beyond the best of their requests, where a plan is sought by prices."""

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
        return Face(problem, arc[kept], self.is_full | (self._own(price) > 0))

    def _own(self, price: Int) -> Int:
        """Of the price of every place, what it adds to that of the place that it lies in."""
        return price - np.append(price, 0)[self.problem.parent]

    def matched(self, weight: Int) -> Int | None:
        """The arc of every request in a plan of least weight."""
        own, reward = weight[self.arc], 0
        if self.is_full.any():
            spread = np.maximum.reduceat(own, self.first) - np.minimum.reduceat(own, self.first)
            reward = 1 + int(spread.sum())
        if self.problem.is_nested:
            return cheapest_flow(self.problem, self.arc, own, np.where(self.is_full, reward, 0))
        is_full = np.append(self.is_full, False)[self.problem.place[self.arc]]
        return self._assigned(own + np.where(is_full, 0, reward))

    def matched_near(self, weight: Int, price: Int) -> Int | None:
        """The same for every plan, found sooner where ``price`` (int64 ≥ 0, shape (P,)) is nearly
        right, by LAPJVsp on what every arc costs beyond the best of its request at these prices.

        Prices of places that are full in both shift all plans alike. Among equals, seats with a
        price come first; where some are left all the same, or an arc is taken that weighs more
        than numbers allow, nothing is said.
        """
        problem = self.problem
        if problem.is_nested:
            return None
        price = np.append(price, 0)
        paid = weight + price[problem.place]
        beyond = paid - np.minimum.reduceat(paid, self.first)[problem.request]
        most = MAX_BEYOND // (problem.num_requests + 1)
        shifted = np.minimum(beyond, most) * (problem.num_requests + 1)
        arcs = self._assigned(shifted + (price == 0)[problem.place])
        if arcs is None or np.any(beyond[arcs] >= most):
            return None
        has_price = price[:-1] > 0
        is_full = problem.seats_taken(arcs) == problem.seats
        return arcs if np.all(is_full[has_price]) else None

    def _assigned(self, own: Int) -> Int | None:
        """The same by LAPJVsp, where no place lies in another; by the weight of ``arc``."""
        problem, num_places = self.problem, len(self.problem.seats)
        request, place = problem.request[self.arc], problem.place[self.arc]
        has_seat = place < num_places
        wanted = np.bincount(place[has_seat], minlength=num_places)
        copies = np.append(np.minimum(problem.seats, wanted), 1)
        many = copies[place]
        if int(many.sum()) > MAX_SEATS:
            return None
        first_seat = np.cumsum(copies) - copies
        start = np.where(has_seat, first_seat[place], first_seat[-1] + request)
        index, seat = np.repeat(np.arange(len(many)), many), ranges(start, many)
        turns = self.turns(own)
        turn = np.empty_like(turns)
        turn[turns] = np.arange(len(turns))
        table = csr_array(
            (own[index] + 1.0, (turn[request[index]], seat)),  # no arc may weigh nothing
            shape=(problem.num_requests, int(first_seat[-1]) + problem.num_requests),
        )
        matched = min_weight_full_bipartite_matching(table)[1]
        taken = np.full(table.shape[1], num_places)
        taken[: first_seat[-1]] = np.repeat(np.arange(num_places), copies[:-1])
        key = request * (num_places + 1) + place
        arcs = np.empty(problem.num_requests, np.int64)
        arcs[turns] = np.searchsorted(key, turns * (num_places + 1) + taken[matched])
        return self.arc[arcs]

    def turns(self, own: Int) -> Int:
        """Requests in the order in which they should be placed; int64, shape (R,).

        LAPJVsp, and compiled searches too, place one after the other, each by a search through all
        whom it could push aside. Who could lose most comes first, and who could go to fewest places
        before others: prices are nearly right then, and those who come last see at once that there
        is no room for them.
        """
        first = self.first
        choice = np.diff(first, append=len(own))
        return np.lexsort((choice, -np.maximum.reduceat(own, first)))

    def prices(self, weight: Int, arcs: Int) -> tuple[Int, Int] | None:
        """Prices of the places that prove that the arcs have the least weight, if there are such;
        and what its place is worth to every request: weight and price of its arc.

        Prices are shortest distances from places with room, relaxed until none falls (Bellman
        and Ford, all arcs at once): ``p(place of r) ≤ w(r, q) + p(q) - w(r, place of r)``. The
        price of a place is that of every place around it and its own. It has an own price only if
        it is full; where it is full in any case, that may be below 0.
        """
        problem, num_places, first = self.problem, len(self.problem.seats), self.first
        place, others = problem.place[self.arc], weight[self.arc]
        where, own = problem.place[arcs], weight[arcs]
        used = problem.seats_taken(arcs)
        if np.any(used > problem.seats) or np.any(used[self.is_full] < problem.seats[self.is_full]):
            return None
        price = np.full(num_places + 1, _UNPRICED)
        price[-1] = 0
        price[:-1][(used < problem.seats) & (problem.parent == num_places)] = 0
        is_priced = price[where] > 0
        steps = problem.num_requests + 2 + (num_places if problem.is_nested else 0)
        for _ in range(steps):
            best = np.minimum.reduceat(others + price[place], first)
            after = self._around(price, used)
            np.minimum.at(after, where[is_priced], (best - own)[is_priced])
            if np.array_equal(after, price):
                break
            price = after
        else:
            return None
        price = self._within_reach(price, others, own + price[where])
        best = np.minimum.reduceat(others + price[place], first)
        added = self._own(price[:-1])
        is_proof = np.all(added[~self.is_full] >= 0) and not added[used < problem.seats].any()
        is_proof &= np.array_equal(own + price[where], best)
        return (price[:-1], best) if is_proof else None

    def low_prices(self, weight: Int, arcs: Int) -> Int:
        """The lowest prices at which nobody would leave an optimal plan; int64, shape (P,).

        They rise until none has to: ``p(q) ≥ w(r, place of r) + p(place of r) - w(r, q)``.
        """
        problem, price = self.problem, np.zeros(len(self.problem.seats) + 1, np.int64)
        place, where, own = problem.place, problem.place[arcs], weight[arcs]
        for _ in range(problem.num_requests + 2):
            worth, after = own + price[where], price.copy()
            np.maximum.at(after, place, worth[problem.request] - weight)
            after[-1] = 0
            if np.array_equal(after, price):
                break
            price = after
        return price[:-1]

    def _around(self, price: Int, used: Int) -> Int:
        """Prices, relaxed between places and those that they lie in: who takes a seat of one with
        room needs one of that around it; and who takes one of a place may do so where a place in
        it gives one back.
        """
        problem, relaxed = self.problem, price.copy()
        if problem.is_nested:
            room = np.flatnonzero(used < problem.seats)
            relaxed[room] = np.minimum(price[room], price[problem.parent[room]])
            gives = np.flatnonzero((used > 0) & ~self.is_full)
            np.minimum.at(relaxed, problem.parent[gives], price[gives])
            relaxed[-1] = 0
        return relaxed

    def _within_reach(self, price: Int, weight: Int, worth: Int) -> Int:
        """Prices of places from which no place with room is reached, as low as the others allow."""
        problem, around = self.problem, price[self.problem.parent]
        is_far = price > _UNPRICED // 2
        request, place = problem.request[self.arc], problem.place[self.arc]
        enters = is_far[place] & (worth[request] <= _UNPRICED // 2)
        missing = worth[request[enters]] - weight[enters] - (price[place[enters]] - _UNPRICED)
        outer = is_far[:-1] & (around <= _UNPRICED // 2)
        lowest = (around - price[:-1])[outer] + _UNPRICED
        raised = max(int(np.max(missing, initial=0)), int(np.max(lowest, initial=0)))
        return np.where(is_far, price - _UNPRICED + raised, price)
