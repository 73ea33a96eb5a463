"""Prices of rows and levels in whole numbers, and the bounds they prove.

Whatever prices y ≥ 0 the rows ``A·x ≤ b`` have, and whatever weights μ the levels, no plan has
a smaller ``Σ μ_l·value_l`` than ``Σ_r min_c (μ·cost_c + y·a_c) + Σ_z min(0, μ·cost_z + y·a_z) −
y·b``: every request takes one column, and what it takes of a row is paid back at most once. So a
bound needs no faith in the solver that proposed the prices: they are rounded to whole
numbers, and everything that follows is exact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.arrays import Bool, Float, Int
from engine.solve.matrix import Matrix

MAX_TOTAL = 1 << 61
"""No sum of weighted costs and prices may come near the end of int64."""

_FINEST = 20  # prices are multiples of 2^-20 of a unit of cost, where that fits


@dataclass(frozen=True, slots=True)
class Prices:
    """What a unit of every level and of every row is worth, in whole parts of a unit of cost.

    Parameters
    ----------
    scale
        Parts of a unit: a power of two.
    weight
        int64, shape (L,): of the levels, μ; any sign.
    row
        int64 ≥ 0, shape (M,): of the rows, y.
    """

    scale: int
    weight: Int
    row: Int


@dataclass(frozen=True, slots=True)
class Priced:
    """A matrix at prices: what each column costs there, and what every plan costs at least.

    Parameters
    ----------
    prices
        The prices.
    excess
        int64 ≥ 0, shape (columns,): how much dearer a column is than the cheapest of its
        request; of an auxiliary column, than the cheaper of choosing it and not.
    least
        No solution has a smaller ``Σ μ_l·value_l``.
    """

    prices: Prices
    excess: Int
    least: int

    def bound(self, level: int, most: Int, least: Int) -> int:
        """Bound on ``level``, for plans whose values above lie between ``least`` and ``most``.

        The level's own weight is positive, and those below have none.
        """
        weight = int(self.prices.weight[level])
        return -((self._spent_above(level, most, least) - self.least) // weight)

    def with_less(self, row: int, less: int) -> Priced:
        """The same where a row had so much less room."""
        return replace(self, least=self.least + int(self.prices.row[row]) * less)

    def useful(self, level: int, most: Int, least: Int) -> Bool:
        """Columns that a plan can take that costs less than ``most`` at ``level``, and above
        lies between ``least`` and ``most``; bool, shape (columns,).
        """
        weight = int(self.prices.weight[level])
        better = self._spent_above(level, most, least) + weight * (int(most[level]) - 1)
        return self.excess <= min(max(better - self.least, -1), MAX_TOTAL)

    def _spent_above(self, level: int, most: Int, least: Int) -> int:
        """Most that the levels above can be worth."""
        return sum(
            weight * (high if weight > 0 else low)
            for weight, high, low in zip(
                self.prices.weight[:level].tolist(), most.tolist(), least.tolist(), strict=False
            )
        )


def rounded(matrix: Matrix, weight: Float, row: Float) -> Prices | None:
    """Prices near some floats; ``None`` where they are no numbers, or too large for exact sums.

    Parameters
    ----------
    weight
        float64, shape (L,).
    row
        float64, shape (M,): what is negative counts as 0.
    """
    if not (np.all(np.isfinite(weight)) and np.all(np.isfinite(row))):
        return None
    row = np.maximum(row, 0.0)
    reach = _reach(matrix, weight, row)
    for fine in range(_FINEST, -1, -1):
        if reach * 2.0**fine < MAX_TOTAL / 2:
            scale = float(1 << fine)
            whole = [np.rint(part * scale).astype(np.int64) for part in (weight, row)]
            return Prices(1 << fine, *whole)
    return None


def _reach(matrix: Matrix, weight: Float, row: Float) -> float:
    """More than any sum in ``priced`` can be at these prices, before they are scaled."""
    one = np.abs(weight) + 1.0  # rounding adds less than one to each price
    dearest = one @ np.abs(matrix.cost).max(axis=1, initial=0)
    use = (row[matrix.row_of] + 1.0) * np.abs(matrix.coefficient)
    used = np.bincount(matrix.column_of, use, minlength=matrix.num_columns)
    many = matrix.num_requests + matrix.num_columns - len(matrix.request)
    return float(many * (dearest + used.max(initial=0.0)) + (row + 1.0) @ np.abs(matrix.bound))


def priced(matrix: Matrix, prices: Prices) -> Priced | None:
    """Every column at prices, and what follows; ``None`` where a sum might overflow.

    Raises
    ------
    ValueError
        A row has a negative price: it would prove nothing.
    """
    if np.any(prices.row < 0):
        raise ValueError("a row has a negative price")
    weight, row = prices.weight.astype(np.float64), prices.row.astype(np.float64)
    if _reach(matrix, weight, row) >= MAX_TOTAL:
        return None
    cost = prices.weight @ matrix.cost
    np.add.at(cost, matrix.column_of, prices.row[matrix.row_of] * matrix.coefficient)
    own = len(matrix.request)
    cheapest = np.full(matrix.num_requests, np.iinfo(np.int64).max)
    np.minimum.at(cheapest, matrix.request, cost[:own])
    opened = np.minimum(cost[own:], 0)
    least = int(cheapest.sum()) + int(opened.sum()) - int(prices.row @ matrix.bound)
    excess = np.concatenate([cost[:own] - cheapest[matrix.request], np.maximum(cost[own:], 0)])
    return Priced(prices, excess, least)
