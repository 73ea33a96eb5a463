"""A second look at a plan: whoever could be placed at less cost beside everybody else, is."""

from __future__ import annotations

import numpy as np

from engine.arrays import Bool, Int, Ragged
from engine.solve.matrix import Matrix


def second_look(matrix: Matrix, chosen: Bool) -> Bool:
    """A plan in which nobody can be placed at less cost while everybody else stays.

    What a search leaves in a hurry is mended by it, such as moves that nothing asks for any more.
    Who gives others room stays, and auxiliary columns are only chosen where they cost nothing.
    Whoever goes may leave room for others, so it looks until nobody goes.

    Parameters
    ----------
    chosen
        bool, shape (columns,): a plan without outsiders.

    Returns
    -------
    bool, shape (columns,)
        No worse at the first level at which it differs.
    """
    while True:
        look = _Look(matrix, chosen)
        for column in look.better().tolist():
            look.try_one(column)
        if np.array_equal(look.chosen, chosen):
            return chosen
        chosen = look.chosen


class _Look:
    """A plan, what it leaves of every row, and who could do better."""

    def __init__(self, matrix: Matrix, chosen: Bool) -> None:
        self.chosen = chosen.copy()
        self._matrix = matrix
        self._entries = Ragged.grouping(matrix.column_of, matrix.num_columns)
        self._left = matrix.bound - np.bincount(
            matrix.row_of,
            np.where(chosen[matrix.column_of], matrix.coefficient, 0),
            minlength=matrix.num_rows,
        ).astype(np.int64)
        own = len(matrix.request)
        self._rank = np.empty(own, np.int64)
        self._rank[np.lexsort(matrix.cost[::-1, :own])] = np.arange(own)
        taken = np.flatnonzero(chosen[:own])
        self._current = np.empty(matrix.num_requests, np.int64)
        self._current[matrix.request[taken]] = taken
        auxiliary = np.flatnonzero((matrix.column_of >= own) & (matrix.coefficient < 0))
        free = ~matrix.cost[:, matrix.column_of[auxiliary]].any(axis=0)
        of_rows = Ragged.grouping(matrix.row_of[auxiliary[free]], matrix.num_rows)
        self._openers = Ragged(of_rows.offset, matrix.column_of[auxiliary[free][of_rows.value]])

    def better(self) -> Int:
        """Columns that cost less than what their requests have, and could fit, the best of every
        request first.
        """
        matrix, current = self._matrix, self._current
        own = len(matrix.request)
        column = np.flatnonzero(self._rank < self._rank[current[matrix.request]])
        column = column[(column < matrix.num_candidates) | (column >= matrix.first_unplaced)]
        gives = np.zeros(own, np.bool_)
        gives[matrix.column_of[(matrix.coefficient < 0) & (matrix.column_of < own)]] = True
        column = column[~gives[current[matrix.request[column]]]]
        paid = matrix.cost[:, current[matrix.request[column]]]
        column = column[(matrix.cost[:, column] != paid).any(axis=0)]
        column = column[np.lexsort((self._rank[column], matrix.request[column]))]
        is_best = np.append(True, np.diff(matrix.request[column]) > 0)[: len(column)]
        return column[self._could_fit(column, is_best)]

    def _could_fit(self, column: Int, if_opened: Bool) -> Bool:
        """Which columns fit in place of what their requests have now; bool, shape (C,).

        Parameters
        ----------
        if_opened
            bool, shape (C,): those that count as fitting where rows could be opened for them. Few:
            each is tried by itself.
        """
        matrix = self._matrix
        index, entry = self._entries.expand(column)
        mine, old = self._entries.expand(self._current)
        key = mine * matrix.num_rows + matrix.row_of[old]
        order = np.argsort(key, kind="stable")
        key, given = np.append(key[order], -1), np.append(matrix.coefficient[old[order]], 0)
        row = matrix.row_of[entry]
        wanted = matrix.request[column[index]] * matrix.num_rows + row
        at = np.searchsorted(key[:-1], wanted)
        back = np.where(key[at] == wanted, given[at], 0)
        lacks = matrix.coefficient[entry] - back > self._left[row]
        lacks &= self._openers.is_empty[row] | ~if_opened[index]
        fits = np.ones(len(column), np.bool_)
        fits[index[lacks]] = False
        return fits

    def try_one(self, column: int) -> None:
        """Take a column instead of what its request has, unless a row would be broken."""
        request = int(self._matrix.request[column])
        current = int(self._current[request])
        if self._rank[column] >= self._rank[current]:
            return
        used = [(current, -1), (column, 1)]
        self._use(current, -1)
        for row in self._use(column, 1):
            opener = next((z for z in self._openers.row(row).tolist() if not self.chosen[z]), None)
            if opener is not None and self._left[row] < 0:
                used.append((opener, 1))
                self._use(opener, 1)
        if any(self._is_broken(name) for name, _ in used):
            for name, sign in used:
                self._use(name, -sign)
            return
        for name, sign in used:
            self.chosen[name] = sign > 0
        self._current[request] = column

    def _use(self, column: int, sign: int) -> list[int]:
        """Take a column, or give it up; the rows that have too little room for it."""
        entry = self._entries.row(column)
        row = self._matrix.row_of[entry]
        self._left[row] -= sign * self._matrix.coefficient[entry]
        short: list[int] = row[self._left[row] < 0].tolist()
        return short

    def _is_broken(self, column: int) -> bool:
        return bool((self._left[self._matrix.row_of[self._entries.row(column)]] < 0).any())
