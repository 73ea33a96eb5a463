"""Parts of a plan solved anew: never worse, always a plan."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from matrices import EVERYTHING, RICH, SEARCH, components, multi_world
from worlds import tiny_worlds

from engine.arrays import Bool
from engine.domain import Dataset
from engine.solve.greedy import greedy
from engine.solve.limits import Cancel
from engine.solve.matrix import Matrix
from engine.solve.neighbourhoods import Neighbourhoods
from engine.solve.relax import relax
from engine.solve.search import SearchLimits


def improved(matrix: Matrix, limits: SearchLimits, heard: list[Bool] | None = None) -> Bool:
    """What becomes of the greedy plan."""
    start = greedy(matrix)
    relaxed = relax(matrix, np.flatnonzero(start), limits)
    assert relaxed is not None
    listener = None if heard is None else heard.append
    search = Neighbourhoods(matrix, relaxed, start, limits, None, listener)
    search.run()
    return search.chosen


@given(dataset=tiny_worlds(max_requests=5, always=RICH), by_clock=st.booleans(), few=st.booleans())
def test_what_is_found_is_a_plan_and_no_worse(
    dataset: Dataset, *, by_clock: bool, few: bool
) -> None:
    """By SCIP and by CP-SAT, with auxiliary columns and outsiders."""
    limits = SearchLimits(10.0, 10.0, 1, 0) if by_clock else SEARCH
    for matrix in components(dataset, EVERYTHING, keep=1 if few else None):
        chosen = improved(matrix, limits)
        assert matrix.is_feasible(chosen)
        assert not chosen[matrix.outsiders].any()
        assert tuple(matrix.values(chosen)) <= tuple(matrix.values(greedy(matrix)))


def test_every_plan_that_is_heard_of_is_better_than_the_one_before() -> None:
    """Progress goes down, level by level, and ends with the answer."""
    matrix, heard = multi_world(), []
    chosen = improved(matrix, SearchLimits(None, 0.5, 1, 0), heard)
    values = [tuple(matrix.values(plan)) for plan in heard]
    assert values
    assert values == sorted(set(values), reverse=True)
    assert values[-1] == tuple(matrix.values(chosen))


def test_asked_to_stop_the_plan_stays() -> None:
    """No part is searched once somebody asked."""
    matrix, cancel = multi_world(), Cancel()
    relaxed = relax(matrix, np.zeros(0, np.int64), SEARCH)
    assert relaxed is not None
    search = Neighbourhoods(matrix, relaxed, greedy(matrix), SEARCH, cancel)
    cancel.set()
    search.run()
    assert search.work == 0
    assert tuple(matrix.values(search.chosen)) <= tuple(matrix.values(greedy(matrix)))
