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
    row
        int64, shape (P,): row of the matrix that each place is.
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
    row: Int
    most: Int


def assignment_of(matrix: Matrix) -> Assignment | None:
    """The assignment that a matrix is, or contains; ``None`` where it contains too little.

    Outsiders have no arcs. Of arcs of one request to the same place, and of those that take no
    seat, only the cheapest is kept.
    """
    place_of_column, row_of_place = _places(matrix)
    num_own = len(matrix.request)
    fits = place_of_column < len(row_of_place)
    covered = np.bincount(matrix.row_of, minlength=matrix.num_rows)[row_of_place].sum()
    if not covered or covered < MIN_SHARE * len(matrix.row_of):
        return None
    seats = matrix.bound[row_of_place]
    usable = np.ones(num_own, np.bool_)
    usable[matrix.outsiders] = False
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
    return Assignment(
        num_requests=matrix.num_requests,
        request=matrix.request[column],
        place=place_of_column[column],
        column=column,
        cost=matrix.cost[:, column],
        seats=seats,
        row=row_of_place,
        most=matrix.most,
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


class Others(Protocol):
    """Arcs that are left out."""

    def is_dearer(self, weight: Int, row: Int, price: Int, worth: Int) -> bool:
        """Whether, at these prices, none of them is better for its request.

        Parameters
        ----------
        weight
            int64, shape (l,): of the first l levels.
        row, price
            int64, shape (P,): rows of the matrix, and their prices, at least 0.
        worth
            int64, shape (R,): weight and price of the arc that each request has.
        """


def optimal_arcs(problem: Assignment, others: Others | None = None) -> Int | None:
    """The arc of every request in a plan that is best level by level, proven.

    As many levels as the numbers allow are settled at once, by one weight.

    Parameters
    ----------
    others
        Arcs that are left out; the plan is best among them too.

    Returns
    -------
    int64, shape (R,)
        Indices of arcs; ``None`` where no proof was found.
    """
    first = np.searchsorted(problem.request, np.arange(problem.num_requests))
    levels = _Levels(problem.most.sum(axis=1), np.max(problem.most, axis=1, initial=0))
    arcs: Int | None = None
    while levels.settled < len(problem.cost):
        weights = levels.weights()
        if weights is None:
            return None
        weight = weights @ problem.cost[: len(weights)]
        arcs = _matched(problem, weight)
        proof = None if arcs is None else _prices(problem, weight, arcs, first)
        if arcs is None or proof is None:
            return None
        if others is not None and not others.is_dearer(weights, problem.row, *proof):
            return None
        levels.settle(len(weights), problem.cost[:, arcs].sum(axis=1))
    return arcs


class _Levels:
    """What is known of the levels while they are settled from the top.

    A plan P of least ``Σ w_l·c_l`` is best level by level if
    ``w_l = 1 + Σ_{m > l} w_m·v_m``, where v_m is no less than level m in some plan that is best
    in l and above: in the plan that settled l, or, below what is settled, in any plan at all.

    Parameters
    ----------
    most, largest
        int64, shape (L,): the largest costs of all requests together, and of any arc.
    """

    def __init__(self, most: Int, largest: Int) -> None:
        self.settled = 0
        self._most = most.tolist()
        self._largest = largest.tolist()
        self._value = most.tolist()

    def settle(self, count: int, value: Int) -> None:
        """Take note of a plan that is best in the first ``count`` levels."""
        self.settled, self._value = count, value.tolist()

    def weights(self) -> Int | None:
        """Weights of the levels settled so far and as many more as fit; int64."""
        best = None
        for end in range(self.settled + 1, len(self._most) + 1):
            weights = self._weights(end)
            total = sum(w * c for w, c in zip(weights, self._largest, strict=False))
            if total > MAX_WEIGHT:
                break
            best = np.array(weights, np.int64)
        return best

    def _weights(self, end: int) -> list[int]:
        """Weights of the first ``end`` levels, in integers that do not overflow."""
        weights = [1] * end
        for level in range(end - 2, -1, -1):
            below = self._value if level < self.settled else self._most
            weights[level] += sum(weights[m] * below[m] for m in range(level + 1, end))
        return weights


def _matched(problem: Assignment, weight: Int) -> Int | None:
    """The arc of every request in a matching of least weight, by LAPJVsp."""
    num_places, count = len(problem.seats), problem.num_requests
    has_seat = problem.place < num_places
    wanted = np.bincount(problem.place[has_seat], minlength=num_places)
    copies = np.append(np.minimum(problem.seats, wanted), 1)
    many = copies[problem.place]
    if int(many.sum()) > MAX_SEATS:
        return None
    first_seat = np.cumsum(copies) - copies
    start = np.where(has_seat, first_seat[problem.place], first_seat[-1] + problem.request)
    arc, seat = np.repeat(np.arange(len(many)), many), ranges(start, many)
    table = csr_array(
        (weight[arc] + 1.0, (problem.request[arc], seat)),  # no arc may weigh nothing
        shape=(count, int(first_seat[-1]) + count),
    )
    row, matched = min_weight_full_bipartite_matching(table)
    key = problem.request * (num_places + 1) + problem.place
    place_of_seat = np.repeat(np.arange(num_places), copies[:-1])
    taken = np.full(table.shape[1], num_places)
    taken[: len(place_of_seat)] = place_of_seat
    found = np.searchsorted(key, row * (num_places + 1) + taken[matched])
    arcs = np.empty(count, np.int64)
    arcs[row] = found
    return arcs


def _prices(problem: Assignment, weight: Int, arcs: Int, first: Int) -> tuple[Int, Int] | None:
    """Prices of the places that prove that the arcs have the least weight, if there are such;
    and what its place is worth to every request: weight and price of its arc.

    Prices are shortest distances from places with room, relaxed until none falls (Bellman and
    Ford, all arcs at once): ``p(place of r) ≤ w(r, q) + p(q) - w(r, place of r)``.
    """
    num_places = len(problem.seats)
    where, own = problem.place[arcs], weight[arcs]
    used = np.bincount(where, minlength=num_places + 1)
    if np.any(used[:num_places] > problem.seats):
        return None
    price = np.zeros(num_places + 1, np.int64)
    price[:num_places][used[:num_places] == problem.seats] = _UNPRICED
    is_priced = price[where] > 0
    for _ in range(problem.num_requests + 2):
        best = np.minimum.reduceat(weight + price[problem.place], first)
        after = price.copy()
        np.minimum.at(after, where[is_priced], (best - own)[is_priced])
        if np.array_equal(after, price):
            is_content = own + price[where] == best
            proves = np.all(price >= 0) and np.all(is_content)
            return (price[:num_places], best) if proves else None
        price = after
    return None


def chosen_by(problem: Assignment, arcs: Int, num_columns: int) -> Bool:
    """Columns of the arcs; bool, shape (columns,)."""
    chosen = np.zeros(num_columns, np.bool_)
    chosen[problem.column[arcs]] = True
    return chosen
