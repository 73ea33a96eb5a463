"""What is told of a component when rounds are over."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from matrices import two_with_one_place

from engine.solve.matrix import Matrix
from engine.solve.rounds import _each
from engine.solve.solution import first_solution


def without_rows(matrix: Matrix) -> Matrix:
    """The same where nobody is in anybody's way."""
    nothing = np.zeros(0, np.int64)
    return replace(matrix, row_of=nothing, column_of=nothing, coefficient=nothing, bound=nothing)


def test_what_each_request_costs_is_told_where_they_share_nothing() -> None:
    """Two take their cheap places; where a row holds both, or one could be cheaper than is
    proven, nothing is said of each.
    """
    bound = two_with_one_place(bound=1)
    free = without_rows(bound)
    found = first_solution(free)
    each = _each(free, found)
    assert each is not None
    assert each.tolist() == [[0, 0], [2, 1]]
    assert _each(bound, first_solution(bound)) is None
    assert _each(free, replace(found, bounds=found.bounds - 1)) is None
