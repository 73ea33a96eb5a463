"""Components that are assignments: every candidate takes one seat of at most one row.

Rows that do not fit this picture are left out at first. What is found is then optimal for
fewer rules: its values bound every plan, and where it satisfies the other rows too, it is an
optimal plan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import NONE, Bool, Int
from engine.solve.matrix import Matrix

MIN_SHARE = 0.9
"""With less of the rows' entries in the picture, bounds are too weak to be worth the time."""


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
        int64, shape (P,); at least 1 where an arc leads.
    parent
        int64, shape (P,): the place that each lies in, a seat of which is taken too;
        ``len(seats)``: none.
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
    parent: Int
    most: Int

    @property
    def is_nested(self) -> bool:
        """Whether any place lies in another."""
        return bool(np.any(self.parent < len(self.seats)))

    def has_room(self, arcs: Int) -> bool:
        """Whether no place has more taken than it has seats, by the arc of every request."""
        return bool(np.all(self.seats_taken(arcs) <= self.seats))

    def seats_taken(self, arcs: Int) -> Int:
        """Seats that are taken of every place, by the arc of every request; int64, shape (P,)."""
        num_places = len(self.seats)
        taken = coming = np.bincount(self.place[arcs], minlength=num_places + 1)[:num_places]
        while self.is_nested and coming.any():
            outer = np.bincount(self.parent, coming, minlength=num_places + 1)
            coming = outer[:num_places].astype(np.int64)
            taken = taken + coming
        return taken


@dataclass(frozen=True, slots=True)
class Start:
    """Where a search for the best plan begins. It decides nothing.

    Parameters
    ----------
    price
        int64 ≥ 0, shape (P,): of every place.
    arc
        int64, shape (R,): of every request; -1: none.
    """

    price: Int
    arc: Int

    @classmethod
    def of_nothing(cls, problem: Assignment) -> Start:
        """No prices, and nobody has a place."""
        nobody = np.full(problem.num_requests, NONE, np.int64)
        return cls(np.zeros(len(problem.seats), np.int64), nobody)


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
    return cheapest_arcs(matrix, place_of_column, usable, seats, np.full(len(seats), len(seats)))


def cheapest_arcs(matrix: Matrix, place: Int, usable: Bool, seats: Int, parent: Int) -> Assignment:
    """Columns as arcs, of every request the cheapest to each place.

    Parameters
    ----------
    place, usable
        int64 and bool, of every column that a request owns.
    seats, parent
        Of every place.
    """
    column = np.flatnonzero(usable)
    order = np.lexsort((*matrix.cost[::-1, column], place[column], matrix.request[column]))
    column = column[order]
    request, where = matrix.request[column], place[column]
    is_first = np.ones(len(column), np.bool_)
    is_first[1:] = (request[1:] != request[:-1]) | (where[1:] != where[:-1])
    column = column[is_first]
    cost, request = matrix.cost[:, column], matrix.request[column]
    first = np.searchsorted(request, np.arange(matrix.num_requests))
    return Assignment(
        num_requests=matrix.num_requests,
        request=request,
        place=place[column],
        column=column,
        cost=cost,
        seats=seats,
        parent=parent,
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


def chosen_by(problem: Assignment, arcs: Int, num_columns: int) -> Bool:
    """Columns of the arcs; bool, shape (columns,)."""
    chosen = np.zeros(num_columns, np.bool_)
    chosen[problem.column[arcs]] = True
    return chosen
