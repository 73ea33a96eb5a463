"""Linear programs of some columns of a component."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csc_array, csr_array, vstack

from engine.arrays import Int
from engine.solve.linear_solvers import LinearProgram
from engine.solve.matrix import Matrix


@dataclass(frozen=True, slots=True)
class Held:
    """A level that is held while others are minimised: its value lies in ``[least, most]``."""

    level: int
    least: int
    most: int


class Programs:
    """Makes programs of one matrix: a column per request, its rows, and a row per level held.

    Parameters
    ----------
    matrix
        The component.
    """

    def __init__(self, matrix: Matrix) -> None:
        self.levels = np.flatnonzero(matrix.cost.any(axis=1))
        """int64: levels that have rows, held or not, so that all programs have the same rows."""
        self._matrix = matrix
        shape = (matrix.num_rows, matrix.num_columns)
        entries = (matrix.coefficient.astype(np.float64), (matrix.row_of, matrix.column_of))
        self._rows = csc_array(coo_array(entries, shape=shape))

    def of(self, columns: Int, weight: Int, held: Sequence[Held]) -> LinearProgram:
        """The program of some columns.

        Parameters
        ----------
        columns
            int64, ascending.
        weight
            int64, shape (L,): what is minimised is ``Σ weight_l·value_l``.
        held
            Levels held.
        """
        matrix = self._matrix
        own = columns[columns < len(matrix.request)]
        ones = coo_array(
            (np.ones(len(own)), (matrix.request[own], np.arange(len(own)))),
            shape=(matrix.num_requests, len(columns)),
        )
        levels = csr_array(matrix.cost[self.levels][:, columns].astype(np.float64))
        one_each, free = np.ones(matrix.num_requests), np.full(matrix.num_rows, -np.inf)
        most = np.full(len(columns), np.inf)
        most[len(own) :] = 1.0
        least_held, most_held = np.full((2, matrix.num_levels), np.inf)
        for hold in held:
            least_held[hold.level], most_held[hold.level] = -hold.least, hold.most
        return LinearProgram(
            cost=(weight @ matrix.cost[:, columns]).astype(np.float64),
            most=most,
            rows=csr_array(vstack([ones, self._rows[:, columns], levels], format="csr")),
            low=np.concatenate([one_each, free, -least_held[self.levels]]),
            high=np.concatenate([one_each, matrix.bound, most_held[self.levels]]),
        )
