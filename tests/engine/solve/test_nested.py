"""Places in places: exact, proven, whatever the rows are of, and left alone where rows cross."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from brute_force import optimum
from clinic import Clinic
from hypothesis import given
from hypothesis import strategies as st
from worlds import tiny_worlds

from engine.domain import DailyCap, Dataset
from engine.match import match
from engine.result import Result
from engine.solve import face, flow, levels, solution, solver
from engine.solve.assignment import Assignment
from engine.solve.flow import optimal_arcs
from engine.solve.limits import Limits
from engine.solve.matrix import Matrix
from engine.solve.nested import nested_of
from scenarios.world import WorldSpec, generate_world

FAST = Limits(deterministic=True, deterministic_seconds=60, workers=1)


def matrix(rows: list[list[int]], bounds: list[int], owners: list[int], cost: list[int]) -> Matrix:
    """Candidates of requests under rows of ones, and a column for each left unplaced."""
    num_requests = max(owners) + 1
    return Matrix(
        num_candidates=len(owners),
        num_outsiders=0,
        num_requests=num_requests,
        request=np.array([*owners, *range(num_requests)]),
        row_of=np.repeat(np.arange(len(rows)), np.array([len(row) for row in rows], np.int64)),
        column_of=np.array([column for row in rows for column in row], np.int64),
        coefficient=np.ones(sum(map(len, rows)), np.int64),
        bound=np.array(bounds, np.int64),
        cost=np.array([[*[0] * len(owners), *[1] * num_requests], [*cost, *[0] * num_requests]]),
    )


@st.composite
def nested_matrices(draw: st.DrawFn) -> Matrix:
    """Up to four requests that want some of five cells; cells lie in days, days in weeks."""
    num_requests = draw(st.integers(1, 4))
    pairs = [
        (request, cell)
        for request in range(num_requests)
        for cell in sorted(draw(st.sets(st.integers(0, 4), min_size=1, max_size=4)))
    ]
    groups = [{0}, {1}, {2}, {3}, {4}, {0, 1}, {2, 3}, {0, 1, 2, 3}]
    rows = [[c for c, (_, cell) in enumerate(pairs) if cell in cells] for cells in groups]
    used = [row for row in rows if row and draw(st.integers(0, 4))]
    return matrix(
        used,
        [draw(st.integers(0, 3)) for _ in used],
        [request for request, _ in pairs],
        [draw(st.integers(0, 5)) for _ in pairs],
    )


def best_of_all(whole: Matrix) -> list[int]:
    """The best values, level by level, of every choice that satisfies every row."""
    own = [np.flatnonzero(whole.request == r).tolist() for r in range(whole.num_requests)]
    found = []
    for choice in product(*own):
        chosen = np.zeros(whole.num_columns, np.bool_)
        chosen[list(choice)] = True
        if whole.is_feasible(chosen):
            found.append(whole.values(chosen).tolist())
    return min(found)


@given(whole=nested_matrices(), is_one=st.booleans())
def test_nested_rows_reach_the_best_of_all_choices(whole: Matrix, *, is_one: bool) -> None:
    """With one weight for both levels, and level by level as where it would be too large."""
    problem = nested_of(whole)
    if problem is None:
        assert not len(whole.row_of)
        return
    with pytest.MonkeyPatch.context() as patch:
        if not is_one:
            patch.setattr(flow, "_weights", lambda *_: np.ones(1, np.int64))
        arcs = optimal_arcs(problem)
    assert arcs is not None
    assert np.all(problem.seats_taken(arcs) <= problem.seats)
    assert problem.cost[:, arcs].sum(axis=1).tolist() == best_of_all(whole)


def test_rows_that_cross_do_not_nest() -> None:
    """Two rows share a candidate, and each has one of its own."""
    assert nested_of(matrix([[0, 1], [1, 2]], [1, 1], [0, 1, 2], [1, 1, 1])) is None
    equal = nested_of(matrix([[0, 1], [0, 1]], [2, 1], [0, 1], [1, 1]))
    assert equal is not None
    assert equal.parent.tolist() == [1, 2]


def test_other_coefficients_are_no_seats() -> None:
    """A row with a two in it is left out; with it goes too much to be worth the time."""
    whole = matrix([[0, 1]], [1], [0, 1], [1, 1])
    assert nested_of(whole) is not None
    assert nested_of(replace(whole, coefficient=np.array([1, 2]))) is None


def test_a_false_flow_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the solver says, there is no proof but for the best plan within the caps."""
    whole = matrix([[0], [1], [0, 1]], [1, 1, 1], [0, 1], [1, 2])
    problem = nested_of(whole)
    assert problem is not None
    arcs = optimal_arcs(problem)
    assert arcs is not None
    assert problem.column[arcs].tolist() == [0, 3]
    for wrong in ([1, 2], [0, 2], [1, 3]):
        lie = np.array(wrong, np.int64)
        monkeypatch.setattr(face, "cheapest_flow", lambda *_, lie=lie: lie)
        assert optimal_arcs(problem) is None


def test_numbers_that_are_too_large_are_left_to_others() -> None:
    """What the flow cannot add up has no answer, and there is no proof."""
    problem = nested_of(matrix([[0], [1], [0, 1]], [1, 1, 1], [0, 1], [1, 2]))
    assert problem is not None
    huge = replace(problem, cost=problem.cost[1:] << 62, most=problem.most[1:])
    assert optimal_arcs(huge) is None


def capped(*caps: DailyCap, checks: int = 0) -> Clinic:
    """Three patients want the one doctor's hour, on Monday or on Tuesday; some for a check."""
    clinic = Clinic().visit_type("check").role("role", daily_caps=caps)
    clinic.session("09:00", "10:00").session("09:00", "10:00", day=1)
    for number, name in enumerate(("ann", "bob", "cid")):
        clinic.request(name, visit_type_id="check" if number < checks else "visit")
    return clinic


def values_of(result: Result) -> tuple[int, ...]:
    """Proven values of all levels."""
    assert result.certificate.is_proven
    return tuple(level.value for level in result.certificate.levels)


def test_a_cap_on_all_visits_of_a_day_nests() -> None:
    """One visit a day: two are seen, by flow alone, and brute force finds nothing better."""
    dataset = capped(DailyCap(limit=1)).dataset()
    result = match(dataset, limits=FAST)
    assert set(result.certificate.paths) == {"flow"}
    assert values_of(result) == optimum(dataset)
    loose = match(capped().dataset(), limits=FAST)
    assert values_of(loose) < values_of(result)


def test_a_cap_on_one_type_over_shared_cells_is_solved_all_the_same() -> None:
    """Cells that a check shares with other visits lie in no cap of checks."""
    dataset = capped(
        DailyCap(limit=1, visit_type_id="check"), DailyCap(limit=2), checks=2
    ).dataset()
    assert values_of(match(dataset, limits=FAST)) == optimum(dataset)


@given(tiny_worlds(max_requests=5, always=("caps", "two_roles", "places")))
def test_capped_worlds_reach_the_optimum_of_brute_force(dataset: Dataset) -> None:
    """Caps of roles, of doctors and of types, beside whatever else is in play."""
    assert values_of(match(dataset, limits=FAST)) == optimum(dataset)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_reference_model_finds_the_same_under_caps(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Sixty patients, no doctor sees more than two a day: flow and CP-SAT agree."""
    world = generate_world(WorldSpec(60, 12, 4, "single", "loose", seed))
    caps = (DailyCap(limit=2, per="doctor"),)
    dataset = replace(world, roles=tuple(replace(role, daily_caps=caps) for role in world.roles))
    ours = match(dataset, limits=FAST)
    nested = []

    def unbelieved(whole: Matrix) -> Assignment | None:
        nested.append(nested_of(whole))
        return None

    monkeypatch.setattr(solution, "nested_of", unbelieved)
    monkeypatch.setattr(solution, "assignment_of", lambda _matrix: None)
    monkeypatch.setattr(levels, "relax", lambda *_: None)
    monkeypatch.setattr(solver, "solve_fields", lambda *_: [])
    assert values_of(match(dataset, limits=FAST)) == values_of(ours)
    assert any(problem is not None and problem.is_nested for problem in nested)
    assert "flow" in ours.certificate.paths
