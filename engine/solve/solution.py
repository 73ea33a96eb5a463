"""The plan of a component so far, and the one to begin with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial, reduce

import numpy as np

from engine.arrays import Bool, Int
from engine.solve.assignment import Assignment, assignment_of, chosen_by
from engine.solve.bounds import first_difference, simple_bounds
from engine.solve.flow import optimal_arcs
from engine.solve.greedy import greedy
from engine.solve.matrix import Matrix
from engine.solve.nested import nested_of
from engine.solve.relax import Relaxed


@dataclass(frozen=True, slots=True)
class Solution:
    """A component's plan so far.

    Parameters
    ----------
    chosen
        bool, shape (columns,): satisfies every row, takes no outsider.
    values, bounds
        int64, shape (L,). A bound holds for plans no worse than this one on each level
        above, over all eligible candidates.
    path
        What proved it, or was tried: "greedy" where simple bounds sufficed, "flow" where it is
        an assignment, "linear" where prices of linear relaxations did, or "cpsat".
    wants_more
        int64: requests of the matrix that an optimal solution sends to an outsider; the
        model must grow before the level can be settled.
    work
        Deterministic seconds spent.
    relaxed
        The linear relaxations, with which the next search begins; ``None`` where there are none.
    """

    chosen: Bool
    values: Int
    bounds: Int
    path: str
    wants_more: Int = field(default_factory=lambda: np.zeros(0, np.int64))
    work: float = 0.0
    relaxed: Relaxed | None = None

    @property
    def is_proven(self) -> bool:
        """Whether every level meets its bound."""
        return bool(np.all(self.values == self.bounds))


def first_solution(
    matrix: Matrix, starts: Sequence[Int] = (), ideal: Bool | None = None
) -> Solution:
    """A plan before any search: that of the assignment in the matrix, where it is one, else
    greedy; no worse than any of ``starts``, with bounds that need no search.

    Parameters
    ----------
    starts
        Columns of plans that are known; int64.
    ideal
        bool, shape (columns,): what is optimal under some of the rows, if it is known.
    """
    ideal = _ideal(matrix, ideal)
    if ideal is None:
        return _greedy_solution(matrix, starts)
    limit, users = matrix.values(ideal), np.flatnonzero(ideal[matrix.outsiders])
    if not len(users) and matrix.is_feasible(ideal):
        return Solution(ideal, limit, limit, "flow")
    found = np.flatnonzero(ideal)
    start = _greedy_solution(matrix, [found, *starts])
    same = first_difference(start.values, limit)
    bounds = start.bounds.copy()
    bounds[: same + 1] = np.maximum(bounds, limit)[: same + 1]
    if np.array_equal(start.values, bounds):
        return replace(start, bounds=bounds, path="flow")
    return replace(start, bounds=bounds, wants_more=matrix.request[matrix.outsiders][users])


def _ideal(matrix: Matrix, known: Bool | None) -> Bool | None:
    """The optimum of the rows that make an assignment, or, where it breaks others, of those that
    nest; if there is one and it could be proven.

    Parameters
    ----------
    known
        bool, shape (columns,): the optimum of an assignment, if it was found already.
    """
    ideal = _optimum(matrix, assignment_of(matrix)) if known is None else known
    if ideal is not None and matrix.is_feasible(ideal):
        return ideal
    nested = _optimum(matrix, nested_of(matrix))
    return ideal if nested is None else nested


def _optimum(matrix: Matrix, problem: Assignment | None) -> Bool | None:
    """Columns of the best plan of an assignment; bool, shape (columns,)."""
    arcs = None if problem is None else optimal_arcs(problem)
    return None if problem is None or arcs is None else chosen_by(problem, arcs, matrix.num_columns)


def _greedy_solution(matrix: Matrix, starts: Iterable[Int]) -> Solution:
    """The best of greedy plans: one from each of some solutions, or else one from nothing."""
    plans = [greedy(matrix, first=first) for first in starts] or [greedy(matrix)]
    chosen = reduce(partial(better, matrix), plans)
    values = matrix.values(chosen)
    return Solution(chosen, values, simple_bounds(matrix, values), "greedy")


def better(matrix: Matrix, plan: Bool, other: Bool) -> Bool:
    """The plan with the lexicographically smaller values; ``plan`` if equal."""
    return other if tuple(matrix.values(other)) < tuple(matrix.values(plan)) else plan
