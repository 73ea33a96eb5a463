"""What rows say of a candidate that is chosen while nobody else is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.arrays import Bool, Int, Ragged
from engine.rows import Rows


def holds_alone(rows: Rows, num_candidates: int) -> Bool:
    """Candidates that no row refuses when each is the only one chosen; bool, shape (C,).

    Without auxiliary columns: every coefficient of it is within its bound. With them, what
    the rows force is followed to its end, for every candidate at once: an auxiliary column
    that a row cannot do without is taken, one that a row has no room for is left, and a
    candidate is refused where a row stays broken.
    """
    aux, uses = rows.auxiliary, rows.candidates
    if not len(rows):
        return np.ones(num_candidates, np.bool_)
    if not len(aux.column):
        use = np.zeros(len(rows) * num_candidates, np.int64)
        np.add.at(use, uses.row * num_candidates + uses.column, uses.coefficient)
        fits: Bool = np.all(use.reshape(len(rows), -1) <= rows.bound[:, None], axis=0)
        return fits
    use = np.zeros((len(rows), num_candidates), np.int64)
    np.add.at(use, (uses.row, uses.column), uses.coefficient)
    keys, column = np.unique(aux.column, return_inverse=True)
    taken, free = np.zeros((2, len(keys), num_candidates), np.bool_)
    free[:] = True  # it can still be taken
    size, is_use = np.abs(aux.coefficient)[:, None], (aux.coefficient > 0)[:, None]
    while True:
        least = use.copy()
        np.add.at(
            least,
            aux.row,
            np.where(is_use, taken[column], free[column]) * aux.coefficient[:, None],
        )
        room = rows.bound[:, None] - least
        matters = (size > room[aux.row]) & free[column] & ~taken[column]
        if not matters.any():
            return np.all(room >= 0, axis=0)
        np.logical_or.at(taken, column, matters & ~is_use)
        np.logical_and.at(free, column, ~(matters & is_use))


def step_costs(rows: Rows, costs: Mapping[int, int], num_candidates: int) -> Int:
    """What the auxiliary columns cost that each candidate needs if it is the only one chosen.

    Rows are those of a ``StepRule``: each has auxiliary columns of its own, as many as can be
    needed, and all of a row open it by the same.

    Returns
    -------
    int64, shape (C,)
    """
    aux, uses = rows.auxiliary, rows.candidates
    found = np.zeros(num_candidates, np.int64)
    of_row = Ragged.grouping(uses.row, len(rows))
    openers = Ragged.grouping(aux.row, len(rows))
    for row in np.unique(uses.row).tolist():
        entry, opener = of_row.row(row), openers.row(row)
        opens = -aux.coefficient[opener[0]] if len(opener) else np.int64(1)
        prices = sorted(costs[key] for key in aux.column[opener].tolist())
        summed = np.concatenate([[0], np.cumsum(prices, dtype=np.int64)])
        missing = np.maximum(uses.coefficient[entry] - rows.bound[row], 0)
        needed = np.minimum(-(-missing // np.maximum(opens, 1)), len(prices))
        np.add.at(found, uses.column[entry], summed[needed])
    return found
