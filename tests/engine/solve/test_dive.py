"""A dive settles what fits together, and leaves little to be searched."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matrices import EVERYTHING, RICH, components, multi_world
from worlds import tiny_worlds

from engine.arrays import Bool, Float, Int
from engine.domain import Dataset
from engine.solve import dive as dive_module
from engine.solve.dive import dive
from engine.solve.linear_solvers import program_of, solve_linear
from engine.solve.matrix import Matrix
from engine.solve.relax import search_weights

NOTHING = np.zeros(0, np.int64)


def fractional(part: Matrix) -> Float | None:
    """The fractional optimum by GLOP."""
    answer = solve_linear(program_of(part), None, 10.0)
    return None if answer is None else answer.x


def dived(matrix: Matrix, solve: Callable[[Matrix], Float | None], first: Int = NOTHING) -> Bool:
    """Candidates settled by a dive that searches nothing at once."""
    weight = search_weights(matrix)
    assert weight is not None
    kept = np.ones(matrix.num_columns, np.bool_)
    kept[matrix.outsiders] = False
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dive_module, "FEW", 0)
        return dive(matrix, kept, weight @ matrix.cost, first, solve)


def room_left(matrix: Matrix, settled: Bool) -> Int:
    """Of every row, with the help of all auxiliary columns there are."""
    eased = settled.copy()
    eased[len(matrix.request) :] = True
    helps = eased[matrix.column_of] & (settled[matrix.column_of] | (matrix.coefficient < 0))
    use = np.where(helps, matrix.coefficient, 0)
    return matrix.bound - np.bincount(matrix.row_of, use, minlength=matrix.num_rows).astype(int)


@given(dataset=tiny_worlds(max_requests=5, always=RICH), seed=st.none() | st.integers(0, 99))
def test_what_is_settled_fits_together(dataset: Dataset, seed: int | None) -> None:
    """One candidate of a request at most, and no row overfull, also where the solver says
    nonsense.
    """
    dice = np.random.default_rng(seed)

    def nonsense(part: Matrix) -> Float:
        return dice.random(part.num_columns)

    for matrix in components(dataset, EVERYTHING):
        settled = dived(matrix, fractional if seed is None else nonsense)
        assert not settled[matrix.num_candidates :].any()
        owner = matrix.request[np.flatnonzero(settled)]
        assert len(owner) == len(set(owner.tolist()))
        assert np.all(room_left(matrix, settled) >= 0)


def test_a_dive_places_nearly_as_many_as_can_be() -> None:
    """Where four must be left out, at most a few more are."""
    matrix = multi_world()
    settled = dived(matrix, fractional)
    assert matrix.num_requests - settled.sum() <= 7


def test_without_an_answer_nothing_more_is_settled() -> None:
    """A dive ends with what an answer was found for."""
    matrix = multi_world()
    assert not dived(matrix, lambda _: None).any()
    answers = iter([fractional])
    settled = dived(matrix, lambda part: next(answers, lambda _: None)(part))
    assert not settled.any()


def test_it_begins_with_what_is_whole() -> None:
    """Columns to begin with are settled once a program has a solution with them."""
    matrix = multi_world()
    first = np.flatnonzero(dived(matrix, fractional))[:3]
    assert dived(matrix, fractional, first)[first].all()
