"""What is told of a component when rounds are over."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from matrices import two_with_one_place

from engine.solve.matrix import Matrix
from engine.solve.rounds import _pieces
from engine.solve.solution import Solution, first_solution


def without_rows(matrix: Matrix) -> Matrix:
    """The same where nobody is in anybody's way."""
    nothing = np.zeros(0, np.int64)
    return replace(matrix, row_of=nothing, column_of=nothing, coefficient=nothing, bound=nothing)


def told(matrix: Matrix, solution: Solution) -> list[tuple[list[int], list[int]]]:
    """Requests and values of what is told apart."""
    return [(own.tolist(), values.tolist()) for own, values in _pieces(matrix, solution)]


def test_what_shares_no_row_is_told_apart_where_it_is_proven() -> None:
    """Two take their cheap places, each by itself; one place for both holds them together. Where
    one could be cheaper than is proven nothing is said of either.
    """
    bound = two_with_one_place(bound=1)
    free = without_rows(bound)
    found, together = first_solution(free), first_solution(bound)
    assert told(free, found) == [([0], [0, 2]), ([1], [0, 1])]
    assert told(free, replace(found, bounds=found.bounds - 1)) == []
    assert together.is_proven
    assert told(bound, together) == [([0, 1], together.values.tolist())]


def test_what_could_be_sent_to_a_place_that_is_left_out_is_not_told_apart() -> None:
    """A column that stands for what is left out takes no room, so that rows do not say who
    could meet there.
    """
    bound = two_with_one_place(bound=1)
    left_out = replace(bound, num_candidates=bound.num_candidates - 1, num_outsiders=1)
    assert told(left_out, first_solution(bound)) == []
