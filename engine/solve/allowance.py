"""How much of one level a component may use, where a limit for all is shared out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.arrays import Int
from engine.solve.matrix import Matrix


@dataclass(frozen=True, slots=True)
class Allowance:
    """What every component may cost at a level; what is beyond costs at a level above.

    Formula: ``Σ cost·x - Σ 2^j·e_j ≤ most``, with costs of 1, 2, 4 … for the columns e_j. A row
    that could be broken for a price lets a search begin with any plan.

    Parameters
    ----------
    level, above
        Indices of the levels.
    needed
        int64, shape (R,): a component needs as much as its requests together.
    more
        And may use so much more.
    is_least
        Whether it is proven that all together cannot do with less than they need: otherwise one
        that does could leave more to another.
    """

    level: int
    above: int
    needed: Int
    more: int
    is_least: bool = True

    def limited(self, matrix: Matrix, requests: Int) -> Matrix:
        """The matrix of a component with a row that limits it; the same where none could bind.

        Parameters
        ----------
        requests
            int64: its requests.
        """
        use, own = matrix.cost[self.level], len(matrix.request)
        largest = np.zeros(matrix.num_requests, np.int64)
        np.maximum.at(largest, matrix.request, use[:own])
        most = int(self.needed[requests].sum()) + self.more
        beyond = int(largest.sum() + use[own:].sum()) - most
        if beyond <= 0:
            return matrix
        power = 1 << np.arange(beyond.bit_length(), dtype=np.int64)
        users = np.flatnonzero(use)
        cost = np.zeros((matrix.num_levels, len(power)), np.int64)
        cost[self.above] = power
        row = np.full(len(users) + len(power), matrix.num_rows)
        column = np.concatenate([users, matrix.num_columns + np.arange(len(power))])
        return replace(
            matrix,
            row_of=np.concatenate([matrix.row_of, row]),
            column_of=np.concatenate([matrix.column_of, column]),
            coefficient=np.concatenate([matrix.coefficient, use[users], -power]),
            bound=np.append(matrix.bound, most),
            cost=np.concatenate([matrix.cost, cost], axis=1),
        )
