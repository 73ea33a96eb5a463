"""A feasible plan before, and between, the solver's answers."""

from __future__ import annotations

import numpy as np

from engine.arrays import NONE, Bool, Int, Ragged
from engine.solve.matrix import Matrix


def greedy(matrix: Matrix, first: Int | None = None) -> Bool:
    """Place one request after the other at its cheapest place that is still free.

    The most urgent come first (by the cost of leaving them unplaced, level by level), and
    among them those with the fewest candidates.

    Parameters
    ----------
    matrix
        What to place.
    first
        Columns taken before anything else; together they fit.

    Returns
    -------
    bool, shape (columns,)
        A plan: it satisfies every row and takes no outsider.
    """
    state = _State(matrix)
    of_request = Ragged.grouping(matrix.request[: matrix.num_candidates], matrix.num_requests)
    preference = np.lexsort(matrix.cost[::-1, : matrix.num_candidates])
    rank = np.empty(matrix.num_candidates, np.int64)
    rank[preference] = np.arange(matrix.num_candidates)
    is_done = np.zeros(matrix.num_requests, np.bool_)
    for column in [] if first is None else first.tolist():
        state.take(column)
        is_done[matrix.request[column]] = True
    for request in _by_urgency(matrix, np.diff(of_request.offset)).tolist():
        if is_done[request]:
            continue
        columns = of_request.row(request)
        free = columns[state.fits(columns)]
        best = free[np.argmin(rank[free])] if len(free) else matrix.first_unplaced + request
        state.take(int(best))
    return state.chosen


def _by_urgency(matrix: Matrix, num_candidates: Int) -> Int:
    first = matrix.first_unplaced
    left = matrix.cost[:, first : first + matrix.num_requests]
    return np.lexsort((num_candidates, *(-left[::-1])))


class _State:
    """Columns chosen so far, and what the rows still have room for.

    An auxiliary column z with a negative coefficient opens its row (``Σ x − seats·z ≤ 0``):
    the row counts as having those seats as long as z can still be chosen.
    """

    def __init__(self, matrix: Matrix) -> None:
        self.matrix = matrix
        self.chosen = np.zeros(matrix.num_columns, np.bool_)
        self.entries = Ragged.grouping(matrix.column_of, matrix.num_columns)
        self.entries_of_rows = Ragged.grouping(matrix.row_of, matrix.num_rows)
        self.room = matrix.bound.copy()
        opens = np.flatnonzero(matrix.coefficient < 0)
        self.opened_by = np.full(matrix.num_rows, NONE, np.int64)
        self.opened_by[matrix.row_of[opens]] = matrix.column_of[opens]
        self.seats = np.zeros(matrix.num_rows, np.int64)
        self.seats[matrix.row_of[opens]] = -matrix.coefficient[opens]
        self.room += self.seats

    def fits(self, columns: Int) -> Bool:
        """Whether each column can be chosen now."""
        index, entry = self.entries.expand(columns)
        row, coefficient = self.matrix.row_of[entry], self.matrix.coefficient[entry]
        fits = np.ones(len(columns), np.bool_)
        fits[index[coefficient > self.room[row]]] = False
        return fits

    def take(self, column: int) -> None:
        """Choose ``column``, and the auxiliary columns that open its rows."""
        self.chosen[column] = True
        entry = self.entries.row(column)
        row = self.matrix.row_of[entry]
        self.room[row] -= self.matrix.coefficient[entry]
        for opener in self.opened_by[row].tolist():
            if opener != NONE and not self.chosen[opener]:
                self._open(opener)

    def _open(self, opener: int) -> None:
        """Choose an auxiliary column; those it excludes no longer open their rows."""
        self.chosen[opener] = True
        entry = self.entries.row(opener)
        uses = entry[self.matrix.coefficient[entry] > 0]
        row = self.matrix.row_of[uses]
        self.room[row] -= self.matrix.coefficient[uses]
        for full in row[self.room[row] <= 0].tolist():
            self._close_others(full)

    def _close_others(self, row: int) -> None:
        rivals = self.matrix.column_of[self.entries_of_rows.row(row)]
        for rival in rivals[~self.chosen[rivals]].tolist():
            closed = np.flatnonzero(self.opened_by == rival)
            self.room[closed] -= self.seats[closed]
            self.opened_by[closed] = NONE
