"""A part of a matrix: some columns only, some requests settled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import Bool, Int
from engine.solve.matrix import Matrix


@dataclass(frozen=True, slots=True)
class Part:
    """A smaller matrix, and where its columns come from.

    Parameters
    ----------
    matrix
        The part; a bound may be negative where settled requests need an auxiliary column.
    column
        int64, ascending: the column of the whole that each of its columns is.
    settled
        bool, shape (columns of the whole,): what was chosen beforehand.
    """

    matrix: Matrix
    column: Int
    settled: Bool

    def whole(self, chosen: Bool) -> Bool:
        """A solution of the part as one of the whole."""
        found = self.settled.copy()
        found[self.column[chosen]] = True
        return found


def part_of(matrix: Matrix, kept: Bool, settled: Bool, cost: Int | None = None) -> Part:
    """The part of a matrix that is left when some columns are chosen and others are not looked at.

    Parameters
    ----------
    kept
        bool, shape (columns,): what may be chosen. Nothing of a settled request may, and what
        no longer fits is left out; the column of being left unplaced always stays.
    settled
        bool, shape (columns,): what is chosen already, by requests alone.
    cost
        int64, shape (levels, columns): instead of the matrix's own.
    """
    own, cost = len(matrix.request), matrix.cost if cost is None else cost
    is_done = np.zeros(matrix.num_requests, np.bool_)
    is_done[matrix.request[np.flatnonzero(settled[:own])]] = True
    kept = kept.copy()
    kept[matrix.first_unplaced : own] = True
    kept[:own] &= ~is_done[matrix.request]
    room = matrix.bound.copy()
    taken = settled[matrix.column_of]
    np.subtract.at(room, matrix.row_of[taken], matrix.coefficient[taken])
    kept[_misfits(matrix, room)] = False
    kept[matrix.first_unplaced : own] = ~is_done
    columns = np.flatnonzero(kept)
    entry = kept[matrix.column_of]
    is_needed = room < 0
    is_needed[matrix.row_of[entry]] = True
    rows, requests = np.flatnonzero(is_needed), np.flatnonzero(~is_done)
    ends = [matrix.num_candidates, matrix.first_unplaced, own]
    first_outsider, first_unplaced, first_auxiliary = np.searchsorted(columns, ends).tolist()
    smaller = Matrix(
        num_candidates=first_outsider,
        num_outsiders=first_unplaced - first_outsider,
        num_requests=len(requests),
        request=np.searchsorted(requests, matrix.request[columns[:first_auxiliary]]),
        row_of=np.searchsorted(rows, matrix.row_of[entry]),
        column_of=np.searchsorted(columns, matrix.column_of[entry]),
        coefficient=matrix.coefficient[entry],
        bound=room[rows],
        cost=cost[:, columns],
    )
    return Part(smaller, columns, settled)


def _misfits(matrix: Matrix, room: Int) -> Int:
    """Columns that need more of a row than all others could leave them."""
    most = room.copy()
    opens = matrix.coefficient < 0
    np.subtract.at(most, matrix.row_of[opens], matrix.coefficient[opens])
    return matrix.column_of[matrix.coefficient > most[matrix.row_of]]
