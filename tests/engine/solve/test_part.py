"""Parts of a matrix: what is settled stays, what is left out is not chosen."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from matrices import EVERYTHING, RICH, SEARCH, components
from worlds import tiny_worlds

from engine.domain import Dataset
from engine.solve.cpsat import CpSatModel
from engine.solve.greedy import greedy
from engine.solve.part import part_of


@given(tiny_worlds(max_requests=5, always=RICH), st.integers(0, 99))
def test_a_solution_of_a_part_is_one_of_the_whole(dataset: Dataset, seed: int) -> None:
    """Some requests settled where a plan has them, any columns looked at: the plan is still
    there, and whatever is best in the part satisfies every row of the whole.
    """
    dice = np.random.default_rng(seed)
    for matrix in components(dataset, EVERYTHING):
        plan, own = greedy(matrix), len(matrix.request)
        settled = np.zeros(matrix.num_columns, np.bool_)
        free = dice.random(matrix.num_requests) < 0.5
        settled[:own] = plan[:own] & ~free[matrix.request]
        kept = dice.random(matrix.num_columns) < 0.7
        part = part_of(matrix, kept | plan, settled)
        hint = plan[part.column]
        assert part.matrix.is_feasible(hint)
        assert part.whole(hint).tolist() == plan.tolist()
        answer = CpSatModel(part.matrix).minimise(0, hint, SEARCH)
        assert answer.chosen is not None
        whole = part.whole(answer.chosen)
        assert matrix.is_feasible(whole)
        assert whole[settled].all()
        assert matrix.values(whole)[0] <= matrix.values(plan)[0]
