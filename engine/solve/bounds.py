"""Values of two plans, level by level, and bounds that need no search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import Int
from engine.solve.matrix import Matrix

if TYPE_CHECKING:
    from engine.solve.solution import Solution


def first_difference(before: Int, after: Int) -> int:
    """First level at which two plans differ; the number of levels if none."""
    differs = np.flatnonzero(after != before)
    return int(differs[0]) if len(differs) else len(before)


def first_rise(before: Int, after: Int) -> int:
    """First level at which ``after`` is larger than ``before``; the number of levels if none."""
    rises = np.flatnonzero(after > before)
    return int(rises[0]) if len(rises) else len(before)


def simple_bounds(matrix: Matrix, values: Int) -> Int:
    """Bound of every level that needs no search.

    Every request takes one column: at least its cheapest one at the level, among those that
    a plan no worse than ``values`` on the levels above can take at all. What the cheapest
    columns leave over is all that a request may cost more than its cheapest.
    """
    bounds = np.zeros(matrix.num_levels, np.int64)
    allowed = np.ones(len(matrix.request), np.bool_)
    for level, cost in enumerate(matrix.cost[:, : len(matrix.request)]):
        cheapest = np.full(matrix.num_requests, np.iinfo(np.int64).max)
        np.minimum.at(cheapest, matrix.request[allowed], cost[allowed])
        bounds[level] = cheapest.sum()
        allowed &= cost - cheapest[matrix.request] <= values[level] - bounds[level]
    return bounds


def carried_bounds(solution: Solution, values: Int, simple: Int) -> Int:
    """Bounds for a plan with ``values``, from those of an earlier solution and simple ones.

    A bound speaks of all plans no worse than its own on each level above. Where the new plan
    is worse at a level, the old bounds below it speak of too few.
    """
    risen = first_rise(solution.values, values)
    bounds = simple.copy()
    bounds[: risen + 1] = np.maximum(simple, solution.bounds)[: risen + 1]
    return bounds
