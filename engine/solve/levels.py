"""One component, level by level: a better plan, and better bounds on every level."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engine.arrays import Bool, Int
from engine.errors import SolverDisagreementError
from engine.solve.bounds import carried_bounds, first_rise, simple_bounds
from engine.solve.greedy import greedy
from engine.solve.limits import Cancel
from engine.solve.matrix import Matrix
from engine.solve.neighbourhoods import Neighbourhoods
from engine.solve.part import part_of
from engine.solve.relax import Relaxed, relax, relax_below
from engine.solve.search import Answer, OnBetter, SearchLimits
from engine.solve.second_look import second_look
from engine.solve.solution import Solution, better

_RELAXATIONS = 0.7
"""Share of the time in which relaxations must end: without them hardly anything is proven."""

_LARGE, _PARTS_OF_LARGE = 300, 0.7
"""With more requests than that, so much of the time goes to solving parts anew."""

_BELOW = 0.7  # share of the time for bounds below the first level that parts leave open

_SECONDS_PER_COLUMN = 1e-4  # that CP-SAT must have to be of use: it reads, and presolves

OnProgress = Callable[[Int, Int], None]
"""Called with the values and the bounds of all levels, int64, shape (L,), as they improve."""


def improve(
    matrix: Matrix,
    start: Solution,
    limits: SearchLimits,
    cancel: Cancel | None = None,
    on_progress: OnProgress | None = None,
) -> Solution:
    """Solve linear relaxations, then work through the levels that they leave open, in order.

    The relaxations get most of the time if they need it; what they and the search of parts leave
    is searched by CP-SAT, among the columns that can still matter. Each level gets half of the
    time that is left, the last one all of it; what is not used goes to the levels below. A level
    that stays open is held at the value reached. Where a plan turns up that is better above and
    worse in between, the walk goes back to there. It ends early where the model must grow first
    (``Solution.wants_more``).

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
    if start.is_proven or len(start.wants_more):
        return start
    search, level = _Search(matrix, start, limits, cancel, on_progress), 0
    search.relax()
    while level < matrix.num_levels and not len(search.solution.wants_more):
        level = search.work_on(level)
    return search.solution


def look_again(matrix: Matrix, solution: Solution) -> Solution:
    """Place whoever could be placed at less cost beside everybody else, with bounds that hold."""
    chosen = second_look(matrix, solution.chosen)
    values = matrix.values(chosen)
    if np.array_equal(values, solution.values):
        return solution
    bounds = _bounds_of(matrix, solution, solution.relaxed, values)
    _require_reachable(bounds, values)
    return replace(solution, chosen=chosen, values=values, bounds=bounds)


def _bounds_of(matrix: Matrix, solution: Solution, relaxed: Relaxed | None, values: Int) -> Int:
    """Bounds that hold for another plan with these values."""
    bounds = carried_bounds(solution, values, simple_bounds(matrix, values))
    return bounds if relaxed is None else relaxed.bounds(values, bounds)


def _require_reachable(bounds: Int, values: Int) -> None:
    """Raise where a plan is better than anything should be."""
    if np.any(bounds > values):
        raise SolverDisagreementError(
            f"prices bound the levels by {bounds.tolist()}; {values.tolist()} is feasible"
        )


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
        self._relaxed: Relaxed | None = None
        self._limits = limits
        self._began = time.monotonic()
        self._start_work, self._work = start.work, 0.0
        self._cancel = cancel
        self._on_progress = on_progress

    def relax(self) -> None:
        """Bound all levels by linear relaxations, and improve the plan with what they say."""
        matrix, relaxed = self._matrix, self._solved_relaxations()
        if relaxed is None:
            return
        self._relaxed = relaxed
        self.solution = replace(self.solution, path="linear", relaxed=relaxed)
        chosen = better(matrix, self.solution.chosen, greedy(matrix, first=relaxed.whole))
        self._take(chosen, relaxed.wants_more(matrix))
        limits = self._share(_PARTS_OF_LARGE if matrix.num_requests > _LARGE else 0.5)
        if len(self.solution.wants_more) or self.solution.is_proven or limits is None:
            return
        seed = (limits.seed + int(self._start_work * 1e6)) % (1 << 31)  # elsewhere every time
        limits = replace(limits, seed=seed)
        search = Neighbourhoods(matrix, relaxed, chosen, limits, self._cancel, self._take)
        search.run()
        self._work += search.work
        self._take(search.chosen)
        self._relax_below()

    def _relax_below(self) -> None:
        """Bound the levels below the first that is open, by prices made for the plan's values."""
        solution, relaxed = self.solution, self._relaxed
        limits = self._share(_BELOW)
        if relaxed is None or limits is None or solution.is_proven:
            return
        args = solution.values, solution.bounds, limits, self._cancel
        self._relaxed = found = relax_below(self._matrix, relaxed, *args)
        self._work += found.work - relaxed.work
        self.solution = replace(self.solution, relaxed=found)
        self._take(solution.chosen)

    def _solved_relaxations(self) -> Relaxed | None:
        """Those of an earlier search, if it came to the end of them, or new ones."""
        known = self.solution.relaxed
        if known is not None and known.is_complete:
            return known
        limits = self._share(_RELAXATIONS)
        if limits is None:
            return known
        first = np.flatnonzero(self.solution.chosen)
        found = relax(self._matrix, first, limits, self._cancel)
        if found is None:
            return known
        self._work += found.work
        return found

    def work_on(self, level: int) -> int:
        """Improve ``level`` unless it is proven or time is over; then hold it.

        Returns the level to work on next.
        """
        solution = self.solution
        if solution.values[level] > solution.bounds[level]:
            answer = self._minimise(level)
            if answer is not None:
                self._accept(level, answer)
        risen = first_rise(solution.values, self.solution.values)
        return risen if risen < level else level + 1  # what was held there holds no longer

    def _minimise(self, level: int) -> Answer | None:
        """Search one level, those above held, among the columns that a better plan can take;
        ``None`` where time is over.
        """
        from engine.solve.cpsat import CpSatModel  # takes of the time that is shared out next

        matrix, solution = self._matrix, self.solution
        limits = self._share(1.0 if level == matrix.num_levels - 1 else 0.5)
        if limits is None:
            return None
        kept = np.ones(matrix.num_columns, np.bool_)
        if self._relaxed is not None:
            kept = self._relaxed.useful(level, solution.values, solution.bounds) | solution.chosen
        if np.count_nonzero(kept) * _SECONDS_PER_COLUMN > _least_time(limits):
            return Answer("unknown", None, 0, 0.0)  # it would end before anything is searched
        part = part_of(matrix, kept, np.zeros(matrix.num_columns, np.bool_))
        model = CpSatModel(part.matrix)
        for above in range(level):
            model.hold(above, int(solution.values[above]), int(solution.bounds[above]))
        hint, listener = solution.chosen[part.column], self._listener(level)
        answer = model.minimise(level, hint, limits, self._cancel, listener)
        if answer.chosen is None:
            return answer
        return replace(answer, chosen=part.whole(answer.chosen))

    def _accept(self, level: int, answer: Answer) -> None:
        """Keep what is better: the plan, and every bound that still holds for it."""
        matrix, chosen = self._matrix, self.solution.chosen
        wants_more = self.solution.wants_more
        if answer.chosen is not None:
            users = np.flatnonzero(answer.chosen[matrix.outsiders])
            if not len(users):
                chosen = better(matrix, chosen, answer.chosen)
            found = np.flatnonzero(answer.chosen)
            chosen = better(matrix, chosen, greedy(matrix, first=found))
            if answer.status == "optimal":
                wants_more = matrix.request[matrix.outsiders][users]
        values = matrix.values(chosen)
        bounds = _bounds_of(self._matrix, self.solution, self._relaxed, values)
        if first_rise(self.solution.values, values) >= level:
            bounds[level] = max(bounds[level], answer.bound)
        is_same_above = values[:level].tolist() == self.solution.values[:level].tolist()
        is_done = answer.status == "optimal" and is_same_above and not len(wants_more)
        if np.any(bounds > values) or (is_done and values[level] > bounds[level]):
            raise SolverDisagreementError(
                f"CP-SAT bounds level {level} by {answer.bound}, {answer.status}; "
                f"{values.tolist()} is feasible"
            )
        if values[level] == bounds[level]:
            wants_more = wants_more[:0]
        self._work += answer.deterministic_seconds
        self.solution = replace(self.solution, path="cpsat")
        self._keep(chosen, values, bounds, wants_more)

    def _take(self, chosen: Bool, wants_more: Int | None = None) -> None:
        """Keep a plan that the relaxations led to."""
        values = self._matrix.values(chosen)
        bounds = _bounds_of(self._matrix, self.solution, self._relaxed, values)
        _require_reachable(bounds, values)
        self._keep(chosen, values, bounds, self.solution.wants_more[:0])
        if wants_more is not None and not self.solution.is_proven:
            self.solution = replace(self.solution, wants_more=wants_more)

    def _keep(self, chosen: Bool, values: Int, bounds: Int, wants_more: Int) -> None:
        self.solution = replace(
            self.solution,
            chosen=chosen,
            values=values,
            bounds=bounds,
            wants_more=wants_more,
            work=self._start_work + self._work,
        )
        self._tell(values, bounds)

    def _share(self, part: float) -> SearchLimits | None:
        """A part of what is left, for the next search; ``None`` where there is nothing left."""
        if self._cancel is not None and self._cancel.is_set():
            return None
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


def _least_time(limits: SearchLimits) -> float:
    """Seconds of one kind or the other."""
    seconds = limits.seconds
    return limits.deterministic_seconds if seconds is None else seconds
