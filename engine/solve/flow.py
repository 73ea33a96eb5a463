"""Components that are assignments: every candidate takes one seat of at most one row.

Rows that do not fit this picture are left out at first. What is found is then optimal for
fewer rules: its values bound every plan, and where it satisfies the other rows too, it is an
optimal plan.

The optimum comes from SciPy's sparse assignment (LAPJVsp) and is not believed: prices of the
rows, in whole numbers, prove it. A price is what one more seat would save; the plan is optimal
if no request could do better elsewhere at the prices there, and only full rows have one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from engine.arrays import Bool, Int, ranges
from engine.solve.matrix import Matrix

MAX_WEIGHT = 1 << 47
"""Largest weight of an arc: sums of many stay exact in a float of 53 bits."""

MAX_SEATS = 4_000_000
"""Most arcs, counted once per seat, that are handed to the assignment."""

MIN_SHARE = 0.9
"""With less of the rows' entries in the picture, bounds are too weak to be worth the time."""

_TRADES = (16, 8, 4, 2, 1)  # arcs that a rough weight outweighs
_UNPRICED = 1 << 61


@dataclass(frozen=True, slots=True)
class Assignment:
    """Requests, each of which takes one arc, and places with seats.

    Parameters
    ----------
    num_requests
        R.
    request
        int64, shape (A,), ascending: whose arc it is.
    place
        int64, shape (A,): where it takes a seat; ``len(seats)``: nowhere.
    column
        int64, shape (A,): column of the matrix.
    cost
        int64, shape (L, A): at every level.
    seats
        int64, shape (P,), at least 1.
    most
        int64, shape (L, R): the largest cost of any arc of each request, of those too that are
        left out.
    """

    num_requests: int
    request: Int
    place: Int
    column: Int
    cost: Int
    seats: Int
    most: Int


def assignment_of(matrix: Matrix) -> Assignment | None:
    """The assignment that a matrix is, or contains; ``None`` where it contains too little.

    Of arcs of one request to the same place, and of those that take no seat, only the cheapest
    is kept.
    """
    place_of_column, row_of_place = _places(matrix)
    num_own = len(matrix.request)
    fits = place_of_column < len(row_of_place)
    covered = np.bincount(matrix.row_of, minlength=matrix.num_rows)[row_of_place].sum()
    if not covered or covered < MIN_SHARE * len(matrix.row_of):
        return None
    seats = matrix.bound[row_of_place]
    usable = np.ones(num_own, np.bool_)
    usable[fits] = seats[place_of_column[fits]] > 0
    column = np.flatnonzero(usable)
    order = np.lexsort(
        (*matrix.cost[::-1, column], place_of_column[column], matrix.request[column])
    )
    column = column[order]
    request, place = matrix.request[column], place_of_column[column]
    is_first = np.ones(len(column), np.bool_)
    is_first[1:] = (request[1:] != request[:-1]) | (place[1:] != place[:-1])
    column = column[is_first]
    cost, request = matrix.cost[:, column], matrix.request[column]
    first = np.searchsorted(request, np.arange(matrix.num_requests))
    return Assignment(
        num_requests=matrix.num_requests,
        request=request,
        place=place_of_column[column],
        column=column,
        cost=cost,
        seats=seats,
        most=np.maximum.reduceat(cost, first, axis=1),
    )


def _places(matrix: Matrix) -> tuple[Int, Int]:
    """Place of every column that a request owns, and the row that each place is.

    A row is a place if its entries are ones, all of candidates, and it is the first row of
    each of them.
    """
    num_own = len(matrix.request)
    first_row = np.full(matrix.num_columns, matrix.num_rows)
    np.minimum.at(first_row, matrix.column_of, matrix.row_of)
    is_odd = (
        (matrix.coefficient != 1)
        | (matrix.column_of >= matrix.num_candidates)
        | (first_row[matrix.column_of] != matrix.row_of)
    )
    is_place = np.ones(matrix.num_rows + 1, np.bool_)
    is_place[matrix.row_of[is_odd]] = False
    is_place[-1] = False
    row_of_place = np.flatnonzero(is_place)
    number = np.full(matrix.num_rows + 1, len(row_of_place))
    number[row_of_place] = np.arange(len(row_of_place))
    return number[first_row[:num_own]], row_of_place


@dataclass(frozen=True, slots=True)
class Proof:
    """Prices at which nobody could do better, for some of the levels.

    Parameters
    ----------
    weight
        int64, shape (L,): of every level; 0 for those that it does not speak of.
    price
        int64, shape (P,): of every place.
    worth
        int64, shape (R,): weight and price of the arc that each request has.
    """

    weight: Int
    price: Int
    worth: Int


class Others(Protocol):
    """Arcs that are left out."""

    def are_dearer(self, proofs: list[Proof]) -> bool:
        """Whether none of them is better for its request, by the proofs in strict order."""


def optimal_arcs(problem: Assignment, others: Others | None = None) -> Int | None:
    """The arc of every request in a plan that is best level by level, proven.

    As many levels as the numbers allow are settled at once, by one weight; those below, among
    the plans that are as good there. A plan found by rough weights for all levels at once is
    tried first: as a rule it is best already, and only needs its proofs.

    Parameters
    ----------
    others
        Arcs that are left out; the plan is best among them too.

    Returns
    -------
    int64, shape (R,)
        Indices of arcs; ``None`` where no proof was found.
    """
    face, proofs, settled = _Face.whole(problem), list[Proof](), 0
    arcs: Int | None = None
    rough = _rough_weights(problem.most)
    if rough is not None:
        arcs = face.matched(rough @ problem.cost)
    while settled < len(problem.cost):
        weights = _weights(problem.most[settled:], face.largest_weight)
        if not len(weights):
            return None
        whole = np.zeros(len(problem.cost), np.int64)
        whole[settled : settled + len(weights)] = weights
        weight = weights @ problem.cost[settled : settled + len(weights)]
        found = None if arcs is None else face.prices(weight, arcs)
        if found is None:
            arcs = face.matched(weight)
            found = None if arcs is None else face.prices(weight, arcs)
        if found is None:
            return None
        proofs.append(Proof(whole, *found))
        face, settled = face.narrowed(weight, *found), settled + len(weights)
    is_best = others is None or others.are_dearer(proofs)
    return arcs if is_best else None


def _rough_weights(most: Int) -> Int | None:
    """Weights of all levels that only make a trade of few arcs against one level up unlikely;
    ``None`` where exact ones fit, or not even these do.

    Parameters
    ----------
    most
        int64, shape (L, R): the largest cost of each request.
    """
    largest = np.max(most, axis=1, initial=0).tolist()
    if len(_weights(most, MAX_WEIGHT)) == len(most):
        return None
    for trade in _TRADES:
        weights: list[int] = []
        for level in range(len(most) - 1, -1, -1):
            below = zip(weights, largest[level + 1 :], strict=True)
            weights.insert(0, 1 + trade * sum(w * c for w, c in below))
        if sum(w * c for w, c in zip(weights, largest, strict=True)) <= MAX_WEIGHT:
            return np.array(weights, np.int64)
    return None


def _weights(most: Int, largest_weight: int) -> Int:
    """Weights of as many levels as fit, from the first; int64.

    A plan of least ``Σ w_l·c_l`` is best level by level if ``w_l = 1 + Σ_{m > l} w_m·v_m``, where
    v_m is no less than level m can be.

    Parameters
    ----------
    most
        int64, shape (levels, R): the largest cost of each request.
    largest_weight
        No arc may weigh more.
    """
    value, largest = most.sum(axis=1).tolist(), np.max(most, axis=1, initial=0).tolist()
    best: list[int] = []
    for end in range(1, len(value) + 1):
        weights = [1] * end
        for level in range(end - 2, -1, -1):
            weights[level] += sum(weights[m] * value[m] for m in range(level + 1, end))
        if sum(w * c for w, c in zip(weights, largest, strict=False)) > largest_weight:
            break
        best = weights
    return np.array(best, np.int64)


@dataclass(frozen=True, slots=True)
class _Face:
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
    def whole(cls, problem: Assignment) -> _Face:
        """Every plan."""
        every = np.arange(len(problem.request))
        return cls(problem, every, np.zeros(len(problem.seats), np.bool_))

    @property
    def largest_weight(self) -> int:
        """What an arc may weigh, so that filling the places weighs more than all arcs."""
        return MAX_WEIGHT // (1 + self.problem.num_requests) if self.is_full.any() else MAX_WEIGHT

    @property
    def first(self) -> Int:
        """Index into ``arc`` of the first of every request."""
        return np.searchsorted(self.problem.request[self.arc], np.arange(self.problem.num_requests))

    def narrowed(self, weight: Int, price: Int, worth: Int) -> _Face:
        """The plans of least weight: their arcs cost nothing at the prices, and what has a price
        is full.
        """
        problem, arc = self.problem, self.arc
        paid = weight[arc] + np.append(price, 0)[problem.place[arc]]
        kept = paid == worth[problem.request[arc]]
        return _Face(problem, arc[kept], self.is_full | (price > 0))

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


def chosen_by(problem: Assignment, arcs: Int, num_columns: int) -> Bool:
    """Columns of the arcs; bool, shape (columns,)."""
    chosen = np.zeros(num_columns, np.bool_)
    chosen[problem.column[arcs]] = True
    return chosen
