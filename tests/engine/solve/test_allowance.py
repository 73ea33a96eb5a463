"""A component within what it may use of a level."""

from __future__ import annotations

import numpy as np
import pytest

from engine.solve.allowance import Allowance
from engine.solve.levels import improve
from engine.solve.matrix import Matrix
from engine.solve.relax import relax
from engine.solve.search import SearchLimits
from engine.solve.solution import first_solution

ABOVE, BELOW, LEVEL = range(3)


def three_who_would_rather_move() -> Matrix:
    """Each of three requests has a place to stay and one that is cheaper, but uses one."""
    stay, go, left = (np.zeros((3, 3), np.int64) for _ in range(3))
    stay[BELOW], go[LEVEL], left[ABOVE] = 5, 1, 1
    return Matrix(
        num_candidates=6,
        num_outsiders=0,
        num_requests=3,
        request=np.array([0, 1, 2, 0, 1, 2, 0, 1, 2]),
        row_of=np.zeros(0, np.int64),
        column_of=np.zeros(0, np.int64),
        coefficient=np.zeros(0, np.int64),
        bound=np.zeros(0, np.int64),
        cost=np.concatenate([stay, go, left], axis=1),
    )


@pytest.mark.parametrize(("needed", "more", "used"), [(0, 0, 0), (1, 0, 1), (1, 1, 2), (0, 2, 2)])
def test_no_more_is_used_than_is_needed_and_allowed(needed: int, more: int, used: int) -> None:
    """Of three who would gain by it, so many move; and nothing is paid for more."""
    matrix = three_who_would_rather_move()
    least = np.array([9, needed, 0, 0])
    allowance = Allowance(LEVEL, ABOVE, least, more)
    limited = allowance.limited(matrix, np.array([1, 2, 3]))
    found = improve(limited, first_solution(limited), SearchLimits(None, 5.0, 1, 0))
    assert found.is_proven
    assert found.values.tolist() == [0, 5 * (3 - used), used]


def test_a_limit_that_cannot_bind_adds_nothing() -> None:
    """Three may move of three: the matrix is as it was."""
    matrix = three_who_would_rather_move()
    allowance = Allowance(LEVEL, ABOVE, np.zeros(4, np.int64), 3)
    assert allowance.limited(matrix, np.array([1, 2, 3])) is matrix


def test_beyond_the_limit_it_is_paid_above() -> None:
    """Where all three are moved though one may be, the level above says two."""
    matrix = three_who_would_rather_move()
    limited = Allowance(LEVEL, ABOVE, np.zeros(3, np.int64), 1).limited(matrix, np.arange(3))
    chosen = np.zeros(limited.num_columns, np.bool_)
    chosen[[3, 4, 5]] = True
    assert not limited.is_feasible(chosen)
    chosen[matrix.num_columns + 1] = True  # worth two
    assert limited.is_feasible(chosen)
    assert limited.values(chosen)[ABOVE] == 2


def test_prices_say_what_less_would_cost() -> None:
    """Where two of three may move, one less costs five more, and two less ten; as those who are
    solved with less say, too.
    """
    matrix, nobody = three_who_would_rather_move(), np.zeros(3, np.int64)
    limits, requests = SearchLimits(None, 5.0, 1, 0), np.arange(3)
    limited = Allowance(LEVEL, ABOVE, nobody, 2).limited(matrix, requests)
    start = first_solution(limited)
    found = relax(limited, np.flatnonzero(start.chosen), limits)
    assert found is not None
    for less in range(3):
        own = Allowance(LEVEL, ABOVE, nobody, 2 - less).limited(matrix, requests)
        values = improve(own, first_solution(own), limits).values
        bounds = found.with_less(limited.num_rows - 1, less).bounds(values, np.zeros(3, np.int64))
        assert bounds[BELOW] == values[BELOW] == 5 * (1 + less)
