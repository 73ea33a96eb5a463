"""A fractional plan made whole, a few requests at a time.

Where a program splits hundreds of requests, they are too many to be searched at once. The columns
it is surest of are taken, the rest is solved again, and so on, until few are left.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.arrays import Bool, Float, Int
from engine.solve.matrix import Matrix
from engine.solve.part import part_of

FEW = 150
"""So many requests are searched at once."""

_AT_ONCE = 0.125  # share of the requests that are settled by a program, and what is whole
_SURE = 0.5
_WHOLE = 0.999


def dive(
    matrix: Matrix, kept: Bool, cost: Int, first: Int, solve: Callable[[Matrix], Float | None]
) -> Bool:
    """Settle requests until no more than a few are left that could be placed.

    Parameters
    ----------
    kept
        bool, shape (columns,): what may be chosen.
    cost
        int64, shape (columns,): what is minimised.
    first
        int64: columns to begin with.
    solve
        The fractional optimum of a part, float64, shape (columns of the part,); ``None`` where
        there is none, or no time for it.

    Returns
    -------
    bool, shape (columns,)
        The candidates settled.
    """
    settled = np.zeros(matrix.num_columns, np.bool_)
    taken = settled.copy()
    taken[first[first < matrix.num_candidates]] = True
    while True:
        part = part_of(matrix, kept, taken, cost[None])
        x = solve(part.matrix)
        if x is None:  # also where what was taken leaves no solution
            return settled
        settled = taken
        own = part.matrix.num_requests
        unplaced = x[part.matrix.first_unplaced :][:own] > _WHOLE
        sure = _surest(part.matrix, x)
        if own - int(unplaced.sum()) <= FEW or not len(sure):
            return settled
        more = np.zeros(part.matrix.num_columns, np.bool_)
        more[sure] = True
        taken = part.whole(more)


def _surest(matrix: Matrix, x: Float) -> Int:
    """Candidates to settle next: all that are whole, at least a few, and only what fits beside
    what is surer.
    """
    x = x[: matrix.num_candidates]
    sure = np.flatnonzero(x >= _SURE)
    sure = sure[np.argsort(-x[sure], kind="stable")]
    num_whole = int((x > _WHOLE).sum())
    sure = sure[: max(num_whole, int(matrix.num_requests * _AT_ONCE), 1)]
    place = np.full(matrix.num_columns, len(sure))
    place[sure] = np.arange(len(sure))
    entry = np.flatnonzero((place[matrix.column_of] < len(sure)) & (matrix.coefficient > 0))
    entry = entry[np.lexsort((place[matrix.column_of[entry]], matrix.row_of[entry]))]
    row, use = matrix.row_of[entry], matrix.coefficient[entry].cumsum()
    begins = np.searchsorted(row, row)
    use -= use[begins] - matrix.coefficient[entry][begins]
    room = matrix.bound.copy()
    opens = matrix.coefficient < 0
    np.subtract.at(room, matrix.row_of[opens], matrix.coefficient[opens])
    fits = np.ones(len(sure) + 1, np.bool_)
    fits[place[matrix.column_of[entry[use > room[row]]]]] = False
    return sure[fits[:-1]]
