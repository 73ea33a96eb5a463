"""Assignments in a matrix: which rows are places, and what becomes of the others."""

from __future__ import annotations

import numpy as np

from engine.solve.assignment import assignment_of
from engine.solve.matrix import Matrix
from engine.solve.solution import first_solution


def matrix(
    rows: list[list[int]], bounds: list[int], requests: list[int], cost: list[int]
) -> Matrix:
    """Candidates of requests under rows of ones, and a column for each left unplaced."""
    num_requests = max(requests) + 1
    return Matrix(
        num_candidates=len(requests),
        num_outsiders=0,
        num_requests=num_requests,
        request=np.array([*requests, *range(num_requests)]),
        row_of=np.repeat(np.arange(len(rows)), np.array([len(row) for row in rows], np.int64)),
        column_of=np.array([column for row in rows for column in row], np.int64),
        coefficient=np.ones(sum(map(len, rows)), np.int64),
        bound=np.array(bounds, np.int64),
        cost=np.array([[*[0] * len(requests), *[1] * num_requests], [*cost, *[0] * num_requests]]),
    )


def test_places_are_rows_that_share_no_candidate() -> None:
    """A candidate in two rows takes a seat of the first; with too many such, there is nothing."""
    apart = assignment_of(matrix([[0, 2], [1, 3]], [1, 1], [0, 0, 1, 1], [1, 2, 1, 5]))
    assert apart is not None
    assert apart.seats.tolist() == [1, 1]
    assert apart.place.tolist() == [0, 1, 2, 0, 1, 2]
    assert assignment_of(matrix([[0, 2], [0, 3]], [1, 1], [0, 0, 1, 1], [1, 2, 1, 5])) is None
    assert assignment_of(matrix([], [], [0, 1], [1, 1])) is None


def test_rows_beside_the_picture_are_not_forgotten() -> None:
    """Forty requests at places of their own, and two rows that cross, each of which forbids the
    best of two of them: the assignment alone is no plan, but its values bound every plan.
    """
    rows = [[2 * n] for n in range(40)] + [[0, 2], [2, 4]]
    requests = [n for n in range(40) for _ in range(2)]
    whole = matrix(rows, [1] * 42, requests, [0, 7] * 40)
    assert assignment_of(whole) is not None
    solution = first_solution(whole)
    assert whole.is_feasible(solution.chosen)
    assert solution.values.tolist() == [0, 7]
    assert solution.bounds.tolist() == [0, 0]
    assert not solution.is_proven
