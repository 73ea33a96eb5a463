"""One component, level by level: the best plan found, and a bound on every level."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from engine.arrays import Bool, Int
from engine.errors import SolverDisagreementError
from engine.solve.cpsat import Answer, CpSatModel, OnBetter, SearchLimits
from engine.solve.greedy import greedy
from engine.solve.limits import Cancel
from engine.solve.matrix import Matrix

OnProgress = Callable[[Int, Int], None]
"""Called with the values and the bounds of all levels, int64, shape (L,), as they improve."""


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
        What proved it, or was tried: "greedy" where simple bounds sufficed, or "cpsat".
    wants_more
        int64: requests of the matrix that an optimal solution sends to an outsider; the
        model must grow before the level can be settled.
    work
        Deterministic seconds spent.
    """

    chosen: Bool
    values: Int
    bounds: Int
    path: str
    wants_more: Int = field(default_factory=lambda: np.zeros(0, np.int64))
    work: float = 0.0

    @property
    def is_proven(self) -> bool:
        """Whether every level meets its bound."""
        return bool(np.all(self.values == self.bounds))


def first_solution(matrix: Matrix, known: Int | None = None) -> Solution:
    """Greedy plan with simple bounds; no worse than the plan with the columns ``known``."""
    chosen = greedy(matrix)
    if known is not None:
        chosen = _better(matrix, chosen, greedy(matrix, first=known))
    values = matrix.values(chosen)
    return Solution(chosen, values, simple_bounds(matrix, values), "greedy")


def _better(matrix: Matrix, plan: Bool, other: Bool) -> Bool:
    """The plan with the lexicographically smaller values; ``plan`` if equal."""
    return other if tuple(matrix.values(other)) < tuple(matrix.values(plan)) else plan


def simple_bounds(matrix: Matrix, values: Int) -> Int:
    """Bound of every level that needs no search.

    Every request takes one column: at least its cheapest one at the level, among those that
    a plan no worse than ``values`` on the levels above can take at all. What the cheapest
    columns leave over is all that a request may cost more than its cheapest.
    """
    bounds = np.zeros(matrix.num_levels, np.int64)
    allowed = np.ones(len(matrix.request), np.bool_)
    for level, cost in enumerate(matrix.cost[:, : len(matrix.request)]):
        cheapest = np.full(matrix.num_requests, np.iinfo(np.int64).max)
        np.minimum.at(cheapest, matrix.request[allowed], cost[allowed])
        bounds[level] = cheapest.sum()
        allowed &= cost - cheapest[matrix.request] <= values[level] - bounds[level]
    return bounds


def improve(
    matrix: Matrix,
    start: Solution,
    limits: SearchLimits,
    cancel: Cancel | None = None,
    on_progress: OnProgress | None = None,
) -> Solution:
    """Work through the levels that are not proven, in order.

    Each level gets half of the time that is left, the last one all of it; what is not used
    goes to the levels below. A level that stays open is held at the value reached. The walk
    ends early where the model must grow first (``Solution.wants_more``).

    Parameters
    ----------
    matrix
        The component.
    start
        A solution to begin with; the answer is no worse.
    limits
        For all levels together.
    cancel, on_progress
        Asks to stop early; hears of progress.
    """
    if start.is_proven:
        return start
    search = _Search(matrix, start, limits, cancel, on_progress)
    for level in range(matrix.num_levels):
        search.work_on(level)
        if len(search.solution.wants_more):
            break
    return search.solution


class _Search:
    """State of the walk down the levels of one component."""

    def __init__(
        self,
        matrix: Matrix,
        start: Solution,
        limits: SearchLimits,
        cancel: Cancel | None,
        on_progress: OnProgress | None,
    ) -> None:
        self.solution = replace(start, path="cpsat", wants_more=np.zeros(0, np.int64))
        self._matrix = matrix
        self._model = CpSatModel(matrix)
        self._limits = limits
        self._began = time.monotonic()
        self._work = 0.0
        self._cancel = cancel
        self._on_progress = on_progress

    def work_on(self, level: int) -> None:
        """Improve ``level`` unless it is proven or time is over; then hold it."""
        solution = self.solution
        limits = self._share(is_last=level == self._matrix.num_levels - 1)
        if solution.values[level] > solution.bounds[level] and limits is not None:
            answer = self._model.minimise(
                level, solution.chosen, limits, self._cancel, self._listener(level)
            )
            self._accept(level, answer)
        self._model.hold(level, int(self.solution.values[level]))

    def _accept(self, level: int, answer: Answer) -> None:
        """Keep what is better: the plan, and the bounds of this level and those below."""
        matrix, chosen = self._matrix, self.solution.chosen
        wants_more = self.solution.wants_more
        if answer.chosen is not None:
            users = np.flatnonzero(answer.chosen[matrix.outsiders])
            inside = np.flatnonzero(answer.chosen[: matrix.num_candidates])
            chosen = _better(matrix, chosen, greedy(matrix, first=inside))
            if answer.status == "optimal":
                wants_more = matrix.request[matrix.outsiders][users]
        values = matrix.values(chosen)
        if answer.bound > values[level]:
            raise SolverDisagreementError(
                f"CP-SAT bounds a level by {answer.bound}, but {values[level]} is feasible"
            )
        bounds = np.maximum(self.solution.bounds, simple_bounds(matrix, values))
        bounds[level] = max(bounds[level], answer.bound)
        if values[level] == bounds[level]:
            wants_more = wants_more[:0]
        self._work += answer.deterministic_seconds
        work = self.solution.work + answer.deterministic_seconds
        self.solution = replace(
            self.solution,
            chosen=chosen,
            values=values,
            bounds=bounds,
            wants_more=wants_more,
            work=work,
        )
        self._tell(values, bounds)

    def _share(self, *, is_last: bool) -> SearchLimits | None:
        """Limits of the next search; ``None`` where there is no time left."""
        if self._cancel is not None and self._cancel.is_set():
            return None
        part = 1.0 if is_last else 0.5
        work = (self._limits.deterministic_seconds - self._work) * part
        seconds = self._limits.seconds
        if seconds is not None:
            seconds = (seconds - (time.monotonic() - self._began)) * part
        if work <= 0 or (seconds is not None and seconds <= 0):
            return None
        return replace(self._limits, seconds=seconds, deterministic_seconds=work)

    def _listener(self, level: int) -> OnBetter | None:
        if self._on_progress is None:
            return None

        def on_better(value: int, bound: int) -> None:
            values, bounds = self.solution.values.copy(), self.solution.bounds.copy()
            if not self._matrix.num_outsiders:  # otherwise it may be no plan
                values[level] = min(value, values[level])
            bounds[level] = max(bounds[level], min(bound, values[level]))
            self._tell(values, bounds)

        return on_better

    def _tell(self, values: Int, bounds: Int) -> None:
        if self._on_progress is not None:
            self._on_progress(values, bounds)
