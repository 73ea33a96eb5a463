"""The best plans of assignments: exact, proven, and never believed without a proof."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.arrays import Int
from engine.match import match
from engine.solve import face, flow, solution, solver
from engine.solve.assignment import Assignment, Start
from engine.solve.face import Face
from engine.solve.flow import MAX_WEIGHT, best_plan, optimal_arcs, start_after
from engine.solve.limits import Limits
from scenarios.world import WorldSpec, generate_world

LIMITS = Limits(deterministic=True, deterministic_seconds=60, workers=1)


def assignment(
    num_requests: int, request: Int, place: Int, column: Int, cost: Int, seats: Int
) -> Assignment:
    """An assignment that leaves nothing out."""
    most = np.zeros((len(cost), num_requests), np.int64)
    for level, row in enumerate(cost):
        np.maximum.at(most[level], request, row)
    return Assignment(
        num_requests, request, place, column, cost, seats, np.full(len(seats), len(seats)), most
    )


@st.composite
def assignments(draw: st.DrawFn, most: int = 6) -> Assignment:
    """A few requests and places; everybody has an arc that takes no seat."""
    seats = draw(st.lists(st.integers(1, 2), min_size=1, max_size=3))
    rows = []
    for request in range(draw(st.integers(1, 4))):
        wanted = draw(st.sets(st.integers(0, len(seats) - 1)))
        rows += [(request, place) for place in (*sorted(wanted), len(seats))]
    cost = [[draw(st.integers(0, most)) for _ in rows] for _ in range(3)]
    request, place = np.array(rows, np.int64).T
    return assignment(
        num_requests=int(request[-1]) + 1,
        request=request,
        place=place,
        column=np.arange(len(rows)),
        cost=np.array(cost, np.int64),
        seats=np.array(seats, np.int64),
    )


def best_of_all(problem: Assignment) -> tuple[int, ...]:
    """The best values, level by level, of every choice that fits."""
    own = [np.flatnonzero(problem.request == r).tolist() for r in range(problem.num_requests)]
    found = []
    for choice in product(*own):
        used = np.bincount(problem.place[list(choice)], minlength=len(problem.seats) + 1)
        if np.all(used[:-1] <= problem.seats):
            found.append(tuple(problem.cost[:, list(choice)].sum(axis=1).tolist()))
    return min(found)


@given(assignments())
def test_every_choice_has_been_tried(problem: Assignment) -> None:
    """None is better, and the arcs are one of each request's own."""
    arcs = optimal_arcs(problem)
    assert arcs is not None
    assert problem.request[arcs].tolist() == list(range(problem.num_requests))
    assert tuple(problem.cost[:, arcs].sum(axis=1).tolist()) == best_of_all(problem)


@given(assignments(most=1 << 30))
def test_levels_that_do_not_fit_into_one_weight_are_settled_in_turn(problem: Assignment) -> None:
    """Large costs: the answer is right, or there is none; never a wrong one."""
    arcs = optimal_arcs(problem)
    if arcs is not None:
        assert tuple(problem.cost[:, arcs].sum(axis=1).tolist()) == best_of_all(problem)


@given(assignments(most=3))
def test_every_level_by_itself_gives_the_same(problem: Assignment) -> None:
    """Where no weight has room for two levels, each is settled among the plans that are best
    above: full places stay full, arcs that cost something at the prices are gone.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flow, "MAX_WEIGHT", 80)
        arcs = optimal_arcs(problem)
    assert arcs is not None
    assert tuple(problem.cost[:, arcs].sum(axis=1).tolist()) == best_of_all(problem)


def test_costs_beyond_exact_numbers_are_refused() -> None:
    """An arc that weighs more than can be told apart."""
    one = np.zeros(1, np.int64)
    problem = assignment(1, one, one, one, np.array([[MAX_WEIGHT + 1]]), np.zeros(0, np.int64))
    assert optimal_arcs(problem) is None


def test_a_wrong_matching_is_never_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two requests, each at the other's place: prices cannot prove that, and nothing is said."""
    problem = assignment(
        num_requests=2,
        request=np.array([0, 0, 0, 1, 1, 1]),
        place=np.array([0, 1, 2, 0, 1, 2]),
        column=np.arange(6),
        cost=np.array([[0, 3, 9, 3, 0, 9]]),
        seats=np.array([1, 1]),
    )
    assert optimal_arcs(problem) is not None
    for wrong in ([1, 3], [0, 3], [0, 5]):
        lie = np.array(wrong, np.int64)
        monkeypatch.setattr(face.Face, "matched", lambda *_, lie=lie: lie)
        assert optimal_arcs(problem) is None


@pytest.mark.parametrize("tightness", ["tight", "loose"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_reference_model_finds_the_same_optimum(
    monkeypatch: pytest.MonkeyPatch, tightness: str, seed: int
) -> None:
    """Worlds of visits of one cell, with patients who ask twice: proven on every level by the
    assignment, and to the same values by CP-SAT.
    """
    dataset = generate_world(WorldSpec(60, 12, 4, "single", tightness, seed))
    ours = match(dataset, limits=LIMITS).certificate
    monkeypatch.setattr(solution, "assignment_of", lambda _matrix: None)
    monkeypatch.setattr(solution, "nested_of", lambda _matrix: None)
    monkeypatch.setattr(solver, "solve_fields", lambda *_: [])
    reference = match(dataset, limits=LIMITS).certificate
    assert ours.is_proven
    assert ours.paths["flow"] > 0
    assert reference.is_proven
    assert "flow" not in reference.paths
    assert [level.value for level in ours.levels] == [level.value for level in reference.levels]


def test_an_assignment_that_is_too_large_is_left_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """More seats than are handed over at once: nothing is said."""
    seats: Int = np.array([1])
    one = np.zeros(1, np.int64)
    problem = assignment(1, one, one, one, np.ones((1, 1), np.int64), seats)
    monkeypatch.setattr(face, "MAX_SEATS", 0)
    assert optimal_arcs(problem) is None


@given(assignments(), st.lists(st.integers(0, 9), min_size=3, max_size=3))
def test_prices_to_start_from_decide_nothing(problem: Assignment, prices: list[int]) -> None:
    """From any prices, right or wrong, the best plan is found."""
    nobody = Start.of_nothing(problem)
    best = best_plan(problem, replace(nobody, price=np.array(prices[: len(nobody.price)])))
    assert best is not None
    assert tuple(problem.cost[:, best[0]].sum(axis=1).tolist()) == best_of_all(problem)


@given(assignments(), st.data())
def test_the_last_prices_find_the_plan_again(problem: Assignment, data: st.DataObject) -> None:
    """At the prices of a plan it is found by what arcs cost beyond the best; so it is, or nothing
    is said, where arcs were missing when these prices were made.
    """
    some = np.array([data.draw(st.booleans()) for _ in problem.place], np.bool_)
    some |= problem.place == len(problem.seats)
    fewer = replace(
        problem,
        request=problem.request[some],
        place=problem.place[some],
        column=problem.column[some],
        cost=problem.cost[:, some],
    )
    arcs = optimal_arcs(fewer)
    assert arcs is not None
    start = start_after(fewer, arcs)
    assert start is not None
    weight = np.array([10_000, 100, 1]) @ problem.cost
    whole, part = Face.whole(problem), Face.whole(fewer)
    again = part.matched_near(weight[some], part.low_prices(weight[some], arcs))
    assert again is not None
    assert weight[some][again].sum() == weight[some][arcs].sum()
    found, best = whole.matched_near(weight, start.price), whole.matched(weight)
    assert best is not None
    assert found is None or weight[found].sum() == weight[best].sum()


@given(assignments(), st.data())
def test_the_order_of_requests_decides_nothing(problem: Assignment, data: st.DataObject) -> None:
    """Whoever is placed first, the plan is the best; taking who could lose most first saves time
    alone.
    """
    turns = np.array(data.draw(st.permutations(range(problem.num_requests))), np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Face, "turns", lambda *_: turns)
        arcs = optimal_arcs(problem)
    assert arcs is not None
    assert problem.request[arcs].tolist() == list(range(problem.num_requests))
    assert tuple(problem.cost[:, arcs].sum(axis=1).tolist()) == best_of_all(problem)


def test_who_could_lose_most_comes_first() -> None:
    """Before those who lose less when they stay, and among equals who has the least choice."""
    problem = assignment(
        num_requests=3,
        request=np.array([0, 0, 1, 1, 1, 2, 2]),
        place=np.array([0, 2, 0, 1, 2, 1, 2]),
        column=np.arange(7),
        cost=np.array([[0, 5, 0, 0, 9, 0, 9]]),
        seats=np.array([1, 1]),
    )
    assert Face.whole(problem).turns(problem.cost[0]).tolist() == [2, 1, 0]
