"""Components of tiny worlds, for what works on matrices alone."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from benchmarks.instances import Instance
from engine.domain import Dataset
from engine.policy import Policy
from engine.seats import Seats
from engine.snapshot import take_snapshot
from engine.solve import levels, problem
from engine.solve.decompose import decompose
from engine.solve.levels import improve
from engine.solve.matrix import Matrix
from engine.solve.problem import Problem
from engine.solve.search import SearchLimits
from engine.solve.solution import Solution

SEARCH = SearchLimits(None, 20.0, 1, 0)
EVERYTHING = Policy.default().with_seats(Seats(overbooking=0.5)).replace("load_spread")
"""Second seats on every other cell, and the load as a last level: rows with auxiliaries."""

RICH = ("linked", "family", "rooms", "two_roles", "seats")


def two_with_one_place(bound: int) -> Matrix:
    """Two who both take a dear place, though each has a cheap one; of those a row leaves some."""
    return Matrix(
        num_candidates=4,
        num_outsiders=0,
        num_requests=2,
        request=np.array([0, 0, 1, 1, 0, 1]),
        row_of=np.array([0, 0]),
        column_of=np.array([1, 3]),
        coefficient=np.array([1, 1]),
        bound=np.array([bound]),
        cost=np.array([[0, 0, 0, 0, 1, 1], [7, 2, 7, 1, 0, 0]]),
    )


def components(dataset: Dataset, policy: Policy, keep: int | None = None) -> list[Matrix]:
    """Matrices of a dataset's components; with ``keep`` candidates per request, and outsiders."""
    with pytest.MonkeyPatch.context() as patch:
        if keep is not None:
            patch.setattr(problem, "KEEP_ALL_BELOW", 0)
        whole = Problem(take_snapshot(dataset), policy, keep or 1 << 40).matrix
    return [part.matrix for part in decompose(whole)]


def by_cpsat_alone(matrix: Matrix, start: Solution, limits: SearchLimits = SEARCH) -> Solution:
    """What is found without linear relaxations."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(levels, "relax", lambda *_: None)
        return improve(matrix, start, limits)


@cache
def multi_world() -> Matrix:
    """Visits of one to four cells, tight: 189 requests for one specialty."""
    instance = Instance.named("multi-tight-1000x100x10-s0")
    return decompose(Problem(instance.snapshot, instance.policy).matrix)[-2].matrix
