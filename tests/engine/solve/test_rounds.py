"""When rounds are over, and what is told of a component then."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from matrices import two_with_one_place

from engine.policy import Policy
from engine.snapshot import take_snapshot
from engine.solve.limits import Cancel, Limits
from engine.solve.matrix import Matrix
from engine.solve.problem import Problem
from engine.solve.rounds import Rounds, _pieces
from engine.solve.solution import Solution, first_solution
from scenarios.world import WorldSpec, generate_world


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


class Left:
    """A clock on which so many seconds are left, and that many more were needed for the model."""

    def __init__(self, took: float) -> None:
        self.cancel = Cancel()
        self.seconds = 1_000.0
        self._told = count(step=took)

    def spent(self) -> float:
        """A little more each time."""
        return next(self._told)

    def left(self) -> float:
        """As it was set."""
        return self.seconds


@pytest.mark.parametrize("grows", [False, True])
def test_no_model_is_begun_that_would_be_made_too_late(*, grows: bool) -> None:
    """Where it took five seconds to make, and is to grow, more than five have to be left."""
    world = generate_world(WorldSpec(requests=30, doctors=3, days=2, tightness="tight", seed=1))
    problem = Problem(take_snapshot(world), Policy.default())
    clock = Left(took=5.0)
    rounds = Rounds(problem, Limits(), [], clock, None)  # type: ignore[arg-type]
    wanting = np.arange(grows)
    rounds._solutions = [
        replace(solution, bounds=solution.bounds - 1, wants_more=wanting)
        for solution in rounds._solutions
    ]
    clock.seconds = 5.05
    assert rounds.has_work() is not grows
    clock.seconds = 5.2
    assert rounds.has_work()
    clock.seconds = 0.05
    assert not rounds.has_work()
