"""Linear relaxations: the same optimum as CP-SAT alone, sooner, and never by faith in floats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matrices import EVERYTHING, RICH, SEARCH, by_cpsat_alone, components, multi_world
from worlds import tiny_worlds

from engine.domain import Dataset
from engine.policy import Policy
from engine.solve import columns, levels
from engine.solve.cpsat import CpSatModel
from engine.solve.levels import improve
from engine.solve.limits import Cancel
from engine.solve.linear_solvers import LinearAnswer, LinearProgram
from engine.solve.matrix import Matrix
from engine.solve.relax import relax, relax_below, search_weights
from engine.solve.search import SearchLimits
from engine.solve.solution import Solution, first_solution


def unproven(matrix: Matrix, solution: Solution | None = None) -> Solution:
    """A plan, by default the first, with bounds that say nothing: so that every path has work to
    do.
    """
    start = first_solution(matrix) if solution is None else solution
    nothing = np.zeros_like(start.bounds)
    return replace(start, bounds=nothing, wants_more=np.zeros(0, np.int64))


@given(dataset=tiny_worlds(max_requests=5, always=RICH), all_rules=st.booleans())
def test_values_are_those_of_cpsat_alone_on_every_level(
    dataset: Dataset, *, all_rules: bool
) -> None:
    """With caps, rooms, links, second seats and the load, both are proven and agree."""
    for matrix in components(dataset, EVERYTHING if all_rules else Policy.default()):
        ours, reference = (
            find(matrix, unproven(matrix), SEARCH) for find in (improve, by_cpsat_alone)
        )
        assert ours.is_proven
        assert reference.is_proven
        assert ours.values.tolist() == reference.values.tolist()
        assert matrix.is_feasible(ours.chosen)


@given(tiny_worlds(max_requests=4, always=RICH))
def test_relaxations_bound_what_outsiders_stand_for_too(dataset: Dataset) -> None:
    """With one candidate per request in the model, no bound is above the optimum with all."""
    for policy in (Policy.default(), EVERYTHING):
        whole = sum(
            by_cpsat_alone(matrix, first_solution(matrix)).values
            for matrix in components(dataset, policy)
        )
        bounds = sum(
            improve(matrix, unproven(matrix), SEARCH).bounds
            for matrix in components(dataset, policy, keep=1)
        )
        first_open = np.flatnonzero(bounds != whole)
        assert not len(first_open) or bounds[first_open[0]] < whole[first_open[0]]


def wrong(seed: int) -> Callable[..., LinearAnswer | None]:
    """A solver of linear programs whose answers mean nothing."""
    dice = np.random.default_rng(seed)

    def answer(program: LinearProgram, *_: object) -> LinearAnswer | None:
        if dice.random() < 0.1:
            return None
        num_rows, num_columns = program.rows.shape
        size = 10.0 ** dice.integers(-2, 8)
        dual = dice.normal(0.0, size, num_rows)
        if dice.random() < 0.1:
            dual[0] = np.nan
        return LinearAnswer(dice.random(num_columns) * 1.2, dual, float(dice.normal(0.0, size)))

    return answer


@given(tiny_worlds(max_requests=4, always=RICH), st.integers(0, 999))
def test_wrong_floats_prove_nothing_wrong(dataset: Dataset, seed: int) -> None:
    """Where GLOP says nonsense, what is proven is the optimum nevertheless."""
    for matrix in components(dataset, EVERYTHING):
        reference = by_cpsat_alone(matrix, first_solution(matrix))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(columns, "solve_linear", wrong(seed))
            found = improve(matrix, unproven(matrix), SEARCH)
        assert found.is_proven
        assert found.values.tolist() == reference.values.tolist()


@pytest.fixture(scope="module")
def improved() -> Solution:
    """What two deterministic seconds make of a component that takes long."""
    matrix = multi_world()
    return improve(matrix, first_solution(matrix), SearchLimits(None, 2.0, 1, 0))


def test_what_cpsat_alone_leaves_open_is_proven(improved: Solution) -> None:
    """In the same deterministic time the relaxations lead to the least number of people left
    unplaced, proven; CP-SAT alone has neither.
    """
    matrix, limits, level = multi_world(), SearchLimits(None, 2.0, 1, 0), 3
    alone = by_cpsat_alone(matrix, first_solution(matrix), limits)
    values, bounds = (found[: level + 1].tolist() for found in (improved.values, improved.bounds))
    assert values == bounds == [0, 0, 0, 4]
    assert alone.values[level] > values[level]
    assert alone.bounds[level] < values[level]


def test_without_a_clock_two_runs_are_equal() -> None:
    """A deterministic limit that cuts the search short cuts it at the same place."""
    matrix, limits = multi_world(), SearchLimits(None, 0.4, 1, 0)
    first, second = (improve(matrix, first_solution(matrix), limits) for _ in range(2))
    assert first.chosen.tolist() == second.chosen.tolist()
    assert first.bounds.tolist() == second.bounds.tolist()
    assert first.work == second.work > 0


def test_a_later_search_begins_with_the_relaxations_of_the_first(improved: Solution) -> None:
    """What an answer carries is used again, not made anew."""
    matrix, limits = multi_world(), SearchLimits(None, 1.0, 1, 0)
    assert improved.relaxed is not None
    assert improved.relaxed.is_complete
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(levels, "relax", None)
        again = improve(matrix, unproven(matrix, improved), limits)
    assert again.bounds[3] == 4


@given(dataset=tiny_worlds(max_requests=5, always=RICH), worse=st.integers(1, 3))
def test_prices_for_a_plan_that_misses_targets_bound_all_such_plans(
    dataset: Dataset, worse: int
) -> None:
    """Where a plan costs more above, the bounds below hold for every plan no worse there: they
    are at most what CP-SAT finds with the levels above held at these values.
    """
    for matrix in components(dataset, EVERYTHING):
        start = first_solution(matrix)
        relaxed = relax(matrix, np.flatnonzero(start.chosen), SEARCH)
        if relaxed is None or not relaxed.is_complete:
            continue
        best = by_cpsat_alone(matrix, start)
        values = np.maximum(relaxed.targets + worse, best.values)
        nothing = np.zeros_like(values)
        known = np.minimum(relaxed.bounds(values, nothing), values)
        found = relax_below(matrix, relaxed, values, known, SEARCH)
        bounds = found.bounds(values, nothing)
        assert np.all(bounds >= relaxed.bounds(values, nothing))
        for level in range(matrix.num_levels):
            model = CpSatModel(matrix)
            for above in range(level):
                model.hold(above, int(values[above]))
            found_there = model.minimise(level, best.chosen, SEARCH)
            assert found_there.status == "optimal"
            assert bounds[level] <= found_there.bound


def test_asked_to_stop_nothing_is_relaxed() -> None:
    """A cancelled relaxation, or one without time, has no answer."""
    cancel = Cancel()
    cancel.set()
    nothing = np.zeros(0, np.int64)
    assert relax(multi_world(), nothing, SEARCH, cancel) is None
    assert relax(multi_world(), nothing, SearchLimits(0.0, 1.0, 1, 0)) is None
    assert relax(multi_world(), nothing, SearchLimits(None, 0.0, 1, 0)) is None


def test_costs_too_large_for_one_weight_are_left_to_cpsat() -> None:
    """Where one cost of all levels would not be exact, there are no relaxations."""
    matrix = multi_world()
    huge = replace(matrix, cost=matrix.cost + (1 << 40))
    assert search_weights(huge) is None
    assert relax(huge, np.zeros(0, np.int64), SEARCH) is None


def test_an_upper_level_outweighs_what_it_moves_below() -> None:
    """Weights fall from the top; a unit is worth more than the dearest request below."""
    matrix = multi_world()
    weight = search_weights(matrix)
    assert weight is not None
    for level in range(matrix.num_levels - 1):
        below = weight[level + 1 :] @ matrix.cost[level + 1 :]
        assert weight[level] > below.max()
