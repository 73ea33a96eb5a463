"""A second look at a plan: whoever could be placed at less cost beside everybody else, is."""

from __future__ import annotations

import numpy as np

from engine.arrays import Bool, Int, Ragged
from engine.solve.matrix import Matrix


def second_look(matrix: Matrix, chosen: Bool) -> Bool:
    """A plan in which nobody can be placed at less cost while everybody else stays.

    Auxiliary columns stay as they are. What a search leaves in a hurry is mended by it, such as
    moves that nothing asks for any more.

    Parameters
    ----------
    chosen
        bool, shape (columns,): a plan without outsiders.

    Returns
    -------
    bool, shape (columns,)
        No worse at the first level at which it differs.
    """
    own = len(matrix.request)
    taken = np.flatnonzero(chosen[:own])
    rank = np.empty(own, np.int64)
    rank[np.lexsort(matrix.cost[::-1, :own])] = np.arange(own)
    current = np.empty(matrix.num_requests, np.int64)
    current[matrix.request[taken]] = taken
    column = np.flatnonzero(rank < rank[current[matrix.request]])
    column = column[(column < matrix.num_candidates) | (column >= matrix.first_unplaced)]
    column = column[~_is_needed(matrix)[current[matrix.request[column]]]]
    column = column[np.lexsort((rank[column], matrix.request[column]))]
    column = column[_differs(matrix, column, current)]
    found, left = chosen.copy(), _left(matrix, chosen)
    entries = Ragged.grouping(matrix.column_of, matrix.num_columns)
    for better in column[_fits(matrix, entries, column, current, left)].tolist():
        request = int(matrix.request[better])
        if (
            rank[better] > rank[current[request]]
            or not _fits(matrix, entries, np.array([better]), current, left).all()
        ):
            continue
        for changed, sign in ((int(current[request]), 1), (better, -1)):
            entry = entries.row(changed)
            left[matrix.row_of[entry]] += sign * matrix.coefficient[entry]
            found[changed] = sign < 0
        current[request] = better
    return found


def _is_needed(matrix: Matrix) -> Bool:
    """Columns that give others room, which nobody may take away; bool, shape (columns,)."""
    found = np.zeros(matrix.num_columns, np.bool_)
    found[matrix.column_of[matrix.coefficient < 0]] = True
    return found


def _differs(matrix: Matrix, column: Int, current: Int) -> Bool:
    """Which columns cost something else than what their requests have now."""
    cost = matrix.cost
    differs: Bool = (cost[:, column] != cost[:, current[matrix.request[column]]]).any(axis=0)
    return differs


def _left(matrix: Matrix, chosen: Bool) -> Int:
    """What a plan leaves of every row; int64, shape (M,)."""
    used = np.where(chosen[matrix.column_of], matrix.coefficient, 0)
    total = np.bincount(matrix.row_of, used, minlength=matrix.num_rows)
    return matrix.bound - total.astype(np.int64)


def _fits(matrix: Matrix, entries: Ragged, column: Int, current: Int, left: Int) -> Bool:
    """Which columns fit in place of what their requests have now; bool, shape (C,)."""
    stride = matrix.num_rows
    index, entry = entries.expand(column)
    mine, old = entries.expand(current)
    key = mine * stride + matrix.row_of[old]
    order = np.argsort(key, kind="stable")
    key, given = np.append(key[order], -1), np.append(matrix.coefficient[old[order]], 0)
    wanted = matrix.request[column[index]] * stride + matrix.row_of[entry]
    at = np.searchsorted(key[:-1], wanted)
    back = np.where(key[at] == wanted, given[at], 0)
    fits = np.ones(len(column), np.bool_)
    fits[index[matrix.coefficient[entry] - back > left[matrix.row_of[entry]]]] = False
    return fits
