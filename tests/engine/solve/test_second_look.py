"""A second look: nobody stays where less would do beside all others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matrices import two_with_one_place
from worlds import tiny_worlds

from engine.domain import Dataset
from engine.policy import Policy
from engine.snapshot import take_snapshot
from engine.solve.greedy import greedy
from engine.solve.matrix import Matrix
from engine.solve.problem import Problem
from engine.solve.second_look import second_look

POLICY = Policy.default()


def columns(matrix: Matrix, *chosen: int) -> list[int]:
    """What a second look makes of some columns."""
    plan = np.zeros(matrix.num_columns, np.bool_)
    plan[list(chosen)] = True
    return np.flatnonzero(second_look(matrix, plan)).tolist()


def test_whoever_fits_beside_all_others_goes() -> None:
    """Both where there is room for both; where there is room for one, one of them."""
    assert columns(two_with_one_place(2), 0, 2) == [1, 3]
    assert columns(two_with_one_place(1), 0, 2) in ([1, 2], [0, 3])
    assert columns(two_with_one_place(0), 0, 2) == [0, 2]


def test_who_goes_leaves_room_for_others() -> None:
    """The second goes elsewhere, the first to its place, and the third to that of the first."""
    matrix = Matrix(
        num_candidates=6,
        num_outsiders=0,
        num_requests=3,
        request=np.array([0, 0, 1, 1, 2, 2, 0, 1, 2]),
        row_of=np.array([0, 0, 1, 1]),
        column_of=np.array([0, 5, 1, 2]),
        coefficient=np.ones(4, np.int64),
        bound=np.array([1, 1]),
        cost=np.array([[0, 0, 0, 0, 0, 0, 1, 1, 1], [7, 2, 7, 1, 7, 1, 0, 0, 0]]),
    )
    assert columns(matrix, 0, 2, 4) == [1, 3, 5]


def test_whoever_has_no_place_gets_one() -> None:
    """To be left unplaced is dearer than any place."""
    assert columns(two_with_one_place(1), 4, 3) == [0, 3]


@pytest.mark.parametrize(("room", "found"), [(1, [1, 3]), (0, [0])])
def test_what_is_shut_is_opened_where_it_may_be(room: int, found: list[int]) -> None:
    """The cheap place is open only with an auxiliary column, for which a row has room or not."""
    matrix = Matrix(
        num_candidates=2,
        num_outsiders=0,
        num_requests=1,
        request=np.array([0, 0, 0]),
        row_of=np.array([0, 0, 1]),
        column_of=np.array([1, 3, 3]),
        coefficient=np.array([1, -1, 1]),
        bound=np.array([0, room]),
        cost=np.array([[7, 2, 9, 0]]),
    )
    assert columns(matrix, 0) == found


@given(tiny_worlds(), st.randoms(use_true_random=False))
def test_it_is_a_plan_and_no_worse(dataset: Dataset, random: object) -> None:
    """From whatever plan: every row holds, and no level above the first that changed is worse."""
    snapshot = take_snapshot(dataset)
    matrix = Problem(snapshot, POLICY).matrix
    plan = greedy(matrix)
    for column in np.flatnonzero(plan[: matrix.num_candidates]).tolist():
        if random.random() < 0.5:  # type: ignore[attr-defined]
            request = matrix.request[column]
            other = plan.copy()
            other[[column, matrix.first_unplaced + request]] = False, True
            plan = other if matrix.is_feasible(other) else plan
    found = second_look(matrix, plan)
    assert matrix.is_feasible(found)
    assert tuple(matrix.values(found)) <= tuple(matrix.values(plan))
