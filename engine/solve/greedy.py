"""A feasible plan before, and between, the solver's answers."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from engine.arrays import Bool, Int, Ragged
from engine.solve.matrix import Matrix

_TRIES_PER_UNIT = 24  # first places that requests bound together try before giving up


def greedy(matrix: Matrix, first: Int | None = None) -> Bool:
    """Place one request after the other at its cheapest place that is still free.

    The most urgent come first (by the cost of leaving them unplaced, level by level), and
    among them those with the fewest candidates. Requests that are placed together or not at
    all are placed in one go.

    Parameters
    ----------
    matrix
        What to place.
    first
        Columns of a solution of this matrix, or of the candidates of one: what stands
        without the rest is taken before anything else.

    Returns
    -------
    bool, shape (columns,)
        A plan: it satisfies every row and takes no outsider.
    """
    units = _Units(matrix)
    state = _State(matrix) if first is None else _standing(matrix, units.whole(first))
    is_done = np.zeros(matrix.num_requests, np.bool_)
    is_done[matrix.request[np.flatnonzero(state.chosen[: matrix.num_candidates])]] = True
    for unit in units.by_urgency():
        if not is_done[unit[0]]:
            _place(state, units, unit)
    state.close_unneeded()
    return state.chosen


def _standing(matrix: Matrix, columns: Int) -> _State:
    """The state in which columns are chosen: candidates alone, with their auxiliary columns
    where those cannot be told from the candidates, or nothing.
    """
    for chosen in (columns[columns < matrix.num_candidates], columns):
        state = _State(matrix, chosen)
        if state.is_feasible:
            return state
    return _State(matrix)


class _Units:
    """Requests that are placed together or not at all, and the preferences of each."""

    def __init__(self, matrix: Matrix) -> None:
        self._matrix = matrix
        count = matrix.num_requests
        label = _labels(matrix)
        self._of_request = label
        self._members = Ragged.grouping(label, int(np.max(label, initial=-1)) + 1)
        own = np.flatnonzero(_worth_it(matrix))
        preference = own[np.lexsort((*matrix.cost[::-1, own], matrix.request[own]))]
        offset = np.searchsorted(matrix.request[preference], np.arange(count + 1))
        self._candidates = Ragged(offset, preference)

    def candidates(self, request: int) -> Int:
        """Candidates of a request, the cheapest first."""
        return self._candidates.row(request)

    def by_urgency(self) -> list[Int]:
        """The units in the order in which they are placed; requests of each."""
        matrix, first = self._matrix, self._matrix.first_unplaced
        left = matrix.cost[:, first : first + matrix.num_requests]
        num_candidates = np.diff(self._candidates.offset)
        order = np.lexsort((num_candidates, *(-left[::-1])))
        units = dict.fromkeys(self._of_request[order].tolist())
        return [self._members.row(unit) for unit in units]

    def whole(self, columns: Int) -> Int:
        """Those of some columns that stand without outsiders: whole units, and auxiliaries."""
        matrix = self._matrix
        placed = columns[columns < matrix.num_candidates]
        counted = np.bincount(
            self._of_request[matrix.request[placed]], minlength=len(self._members.offset) - 1
        )
        is_whole = counted == np.diff(self._members.offset)
        kept = placed[is_whole[self._of_request[matrix.request[placed]]]]
        return np.concatenate([kept, columns[columns >= len(matrix.request)]])


def _worth_it(matrix: Matrix) -> Bool:
    """Candidates that cost no more than leaving their request unplaced; bool."""
    order = np.lexsort(matrix.cost[::-1, : len(matrix.request)])  # ties: candidates come first
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    mine = matrix.request[: matrix.num_candidates]
    return rank[: matrix.num_candidates] < rank[matrix.first_unplaced + mine]


def _labels(matrix: Matrix) -> Int:
    """Number of the unit of every request: rows that name u bind requests together, unless an
    auxiliary column can open them.
    """
    first, end = matrix.first_unplaced, len(matrix.request)
    names_u = (matrix.column_of >= first) & (matrix.column_of < end)
    is_binding = np.zeros(matrix.num_rows, np.bool_)
    is_binding[matrix.row_of[names_u]] = True
    is_binding[matrix.row_of[(matrix.column_of >= end) & (matrix.coefficient < 0)]] = False
    entry = np.flatnonzero(is_binding[matrix.row_of] & (matrix.column_of < end))
    ends = (matrix.request[matrix.column_of[entry]], matrix.num_requests + matrix.row_of[entry])
    size = matrix.num_requests + matrix.num_rows
    graph = coo_array((np.ones(len(entry), np.int8), ends), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    return np.unique(label[: matrix.num_requests], return_inverse=True)[1].ravel()


def _place(state: _State, units: _Units, unit: Int) -> None:
    """Place a unit at the first places that fit, or leave it unplaced."""
    first, *others = (units.candidates(request) for request in unit.tolist())
    for column in first[state.fits(first)][:_TRIES_PER_UNIT].tolist():
        before = state.copied() if others else None
        state.take(column)
        if all(_place_one(state, candidates) for candidates in others):
            return
        if before is not None:
            state.restore(before)
    for request in unit.tolist():
        state.take(state.matrix.first_unplaced + request)


def _place_one(state: _State, candidates: Int) -> bool:
    """Take the cheapest candidate that fits, if there is one."""
    free = candidates[state.fits(candidates)]
    if len(free):
        state.take(int(free[0]))
    return len(free) > 0


class _State:
    """Columns chosen so far, and what the rows still have room for.

    An auxiliary column z with a negative coefficient *opens* its row
    (``Σ x − seats·z ≤ 0``): ``room`` counts the seats of openers that are chosen or still
    can be, ``to_open`` those of the latter alone.
    """

    def __init__(self, matrix: Matrix, columns: Int | None = None) -> None:
        self.matrix = matrix
        self.chosen = np.zeros(matrix.num_columns, np.bool_)
        self.room = matrix.bound.copy()
        self.to_open = np.zeros(matrix.num_rows, np.int64)
        self._entries = Ragged.grouping(matrix.column_of, matrix.num_columns)
        self._is_auxiliary = matrix.column_of >= len(matrix.request)
        auxiliary = np.flatnonzero(self._is_auxiliary)
        of_rows = Ragged.grouping(matrix.row_of[auxiliary], matrix.num_rows)
        self._auxiliary_of_rows = Ragged(of_rows.offset, auxiliary[of_rows.value])
        self._can_open = np.zeros(matrix.num_columns, np.bool_)
        self._can_open[len(matrix.request) :] = True
        opens = np.flatnonzero(self._is_auxiliary & (matrix.coefficient < 0))
        np.subtract.at(self.to_open, matrix.row_of[opens], matrix.coefficient[opens])
        self.room += self.to_open
        self._load(np.zeros(0, np.int64) if columns is None else columns)

    def _load(self, columns: Int) -> None:
        """Choose many columns at once; candidates first, since they may make room."""
        num_own, every_row = len(self.matrix.request), np.arange(self.matrix.num_rows)
        own = columns[columns < num_own]
        self.chosen[own] = True
        _, entry = self._entries.expand(own)
        np.subtract.at(self.room, self.matrix.row_of[entry], self.matrix.coefficient[entry])
        for opener in columns[columns >= num_own].tolist():
            self._mark_open(opener)
        self._close_what_cannot_open(every_row)
        self._settle(every_row)

    @property
    def is_feasible(self) -> bool:
        """Whether what is chosen satisfies every row."""
        return bool((self.room >= self.to_open).all())

    def fits(self, columns: Int) -> Bool:
        """Whether each column can be chosen now."""
        index, entry = self._entries.expand(columns)
        row, coefficient = self.matrix.row_of[entry], self.matrix.coefficient[entry]
        fits = np.ones(len(columns), np.bool_)
        fits[index[coefficient > self.room[row]]] = False
        return fits

    def take(self, column: int) -> None:
        """Choose ``column``, and the auxiliary columns that open its rows."""
        self.chosen[column] = True
        entry = self._entries.row(column)
        row = self.matrix.row_of[entry]
        self.room[row] -= self.matrix.coefficient[entry]
        self._settle(row)
        self._close_what_cannot_open(row)

    def copied(self) -> tuple[Bool, Int, Int, Bool]:
        """What ``restore`` needs."""
        return self.chosen.copy(), self.room.copy(), self.to_open.copy(), self._can_open.copy()

    def restore(self, before: tuple[Bool, Int, Int, Bool]) -> None:
        """Undo everything since ``copied``."""
        self.chosen, self.room, self.to_open, self._can_open = before

    def _settle(self, rows: Int) -> None:
        """Open rows that are used beyond what is open, by the cheapest openers."""
        for row in rows[self.room[rows] < self.to_open[rows]].tolist():
            openers = self._openers(row)
            for opener in openers.tolist():
                if self.room[row] >= self.to_open[row]:
                    break
                if self._can_open[opener]:
                    self._open(opener)

    def _openers(self, row: int) -> Int:
        entry = self._auxiliary_of_rows.row(row)
        opens = entry[self.matrix.coefficient[entry] < 0]
        column = self.matrix.column_of[opens]
        return column[np.lexsort((column, *self.matrix.cost[::-1, column]))]

    def _open(self, opener: int) -> None:
        """Choose an auxiliary column; those it excludes can open nothing any more."""
        row = self._mark_open(opener)
        self._settle(row)
        self._close_what_cannot_open(row)

    def _mark_open(self, opener: int) -> Int:
        self.chosen[opener], self._can_open[opener] = True, False
        entry = self._entries.row(opener)
        row, coefficient = self.matrix.row_of[entry], self.matrix.coefficient[entry]
        self.to_open[row] += np.minimum(coefficient, 0)
        self.room[row] -= np.maximum(coefficient, 0)
        return row

    def close_unneeded(self) -> None:
        """Take back auxiliary columns without which every row still holds, the dearest first: they
        were opened one by one, and fewer of them can be enough for all.
        """
        column = self._unneeded()
        while len(column):
            self.chosen[column[0]] = False
            entry = self._entries.row(int(column[0]))
            self.room[self.matrix.row_of[entry]] += self.matrix.coefficient[entry]
            column = self._unneeded()

    def _unneeded(self) -> Int:
        """Auxiliary columns that are chosen, and that each row they open could do without."""
        own = len(self.matrix.request)
        column = own + np.flatnonzero(self.chosen[own:])
        column = column[(self.matrix.cost[:, column] >= 0).all(axis=0)]
        index, entry = self._entries.expand(column)
        lost = -self.matrix.coefficient[entry]
        row = self.matrix.row_of[entry]
        needed = np.zeros(len(column), np.bool_)
        needed[index[(lost > 0) & (lost > self.room[row] - self.to_open[row])]] = True
        column = column[~needed]
        return column[np.lexsort((column, *(-self.matrix.cost[::-1, column])))]

    def _close_what_cannot_open(self, rows: Int) -> None:
        """Take the seats of openers that no longer fit into one of the rows out of account."""
        while len(rows):
            _, entry = self._auxiliary_of_rows.expand(rows)
            column, coefficient = self.matrix.column_of[entry], self.matrix.coefficient[entry]
            too_much = coefficient > self.room[self.matrix.row_of[entry]]
            closed = np.unique(column[self._can_open[column] & too_much])
            self._can_open[closed] = False
            _, entry = self._entries.expand(closed)
            entry = entry[self.matrix.coefficient[entry] < 0]
            row, seats = self.matrix.row_of[entry], self.matrix.coefficient[entry]
            np.add.at(self.room, row, seats)
            np.add.at(self.to_open, row, seats)
            rows = np.unique(row)
