"""Components side by side, in rounds, the model growing where it must."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial

import numpy as np

from engine.arrays import NONE, Bool, Int
from engine.candidates import Candidates
from engine.shortlist import Shortlist
from engine.solve.decompose import Component, decompose, pieces
from engine.solve.elsewhere import ended, even_share
from engine.solve.fields import Field
from engine.solve.levels import improve, look_again
from engine.solve.limits import Budget, Clock, Limits
from engine.solve.matrix import Matrix
from engine.solve.problem import Problem
from engine.solve.progress import OnProgress, Progress
from engine.solve.search import SearchLimits
from engine.solve.solution import Solution, first_solution
from engine.solve.solved import Solved, SolvedPart, StopReason

_UNBOUNDED_WORK = 1e9
_MIN_ROUND_SECONDS = 0.1
_MIN_CORES_TO_SHARE = 4  # with fewer, one search per component closes gaps sooner


class Rounds:
    """State of one solve: the components of the model as it is now, and their solutions.

    Parameters
    ----------
    problem, limits
        What to solve; the model grows where that is needed.
    fields
        Requests that are solved already, with their places.
    clock, on_progress
        When to stop; hears of progress.
    """

    def __init__(
        self,
        problem: Problem,
        limits: Limits,
        fields: list[Field],
        clock: Clock,
        on_progress: OnProgress | None,
    ) -> None:
        self._problem = problem
        self._limits = limits
        self._clock = clock
        self._on_progress = on_progress
        self._lock = threading.Lock()
        self._work = 0.0
        self._is_stuck = False
        self._components: list[Component] = []
        self._is_limited: list[bool] = []
        self._solutions: list[Solution] = []
        self._shown: list[tuple[Int, Int]] = []
        self._is_settled = np.zeros(len(problem.requests), np.bool_)
        self._settled: Candidates | None = None
        for field in fields:
            self._is_settled[np.searchsorted(problem.requests, field.requests)] = True
        if fields:
            chosen = Shortlist.joined([field.taken for field in fields])
            problem.take_in(chosen)
            self._settled = chosen.candidates
        self._take_apart({}, self._first())

    def _first(self) -> tuple[Candidates, ...]:
        """Plans to begin with: what fields chose, and what is known of the others; what is known
        of all where there is an allowance, of which fields know nothing.
        """
        known, settled = self._problem.known, self._settled
        if settled is None or self._problem.allowance is not None:
            return known
        others = self._problem.requests[~self._is_settled]
        rest = [row.where(np.isin(row.request, others)) for row in known]
        return tuple(Candidates.joined([settled, row]) for row in rest) or (settled,)

    def has_work(self) -> bool:
        """Whether a component is open and there is time for it: where the model is to grow, time
        to make it anew, which takes about as long as it took before.
        """
        if not self._open() or self._clock.cancel.is_set() or self._is_stuck:
            return False
        if self._limits.deterministic:
            return self._limits.deterministic_seconds - self._work > _MIN_ROUND_SECONDS
        grows = any(len(solution.wants_more) for solution in self._solutions)
        return self._clock.left() > _MIN_ROUND_SECONDS + grows * self._apart_seconds

    def next(self, pool: Executor, elsewhere: int | None = None) -> None:
        """Grow the model where solutions ask for it, then search the open components.

        A round shares the time, half of it evenly and half by size; what small components leave
        goes to larger ones, and what a round leaves to the next.

        Parameters
        ----------
        pool
            Where components are searched.
        elsewhere
            How many it searches at a time, where it shares no memory with this process: then the
            time is shared out beforehand. ``None``: it does, and components hear how others go.
        """
        self._grow()
        still_open = self._open()
        if not still_open:  # growing settled it
            return
        sizes = [self._components[i].matrix.num_columns for i in still_open]
        even = sum(sizes) / max(1, len(sizes))  # half of the time by size: small ones need some
        weights = [size + even for size in sizes]
        budget = Budget(self._clock.left(), self._limits.workers, weights)
        work_before, futures = self._work, {}
        work_left = self._limits.deterministic_seconds - self._work
        for index, weight in zip(still_open, weights, strict=True):
            work = work_left * weight / sum(weights)
            if elsewhere is None:
                future = pool.submit(self._improve_here, index, budget, weight, work)
            else:
                seconds = self._clock.left() * even_share(weight, weights, elsewhere)
                search_limits = replace(self._search_limits(seconds, work), workers=1)
                matrix = self._components[index].matrix
                future = pool.submit(improve, matrix, self._solutions[index], search_limits)
            futures[future] = index
        for future in ended(futures, None if elsewhere is None else self._clock.cancel):
            solution = future.result()
            self._show(futures[future], solution.values, solution.bounds)
        for future, index in futures.items():  # in order: sums must not depend on timing
            if future.cancelled() or not future.done():
                continue  # given up: what there was stays
            solution = future.result()
            self._work += solution.work - self._solutions[index].work
            self._solutions[index] = solution
        wants_more = any(len(solution.wants_more) for solution in self._solutions)
        self._is_stuck = not wants_more and self._work == work_before  # nothing was searched

    def result(self) -> Solved:
        """Put the components together, after a second look at those that are not proven."""
        for index in self._open():
            matrix = self._components[index].matrix
            self._solutions[index] = look_again(matrix, self._solutions[index])
        num_open = len(self._open())
        return Solved(
            taken=self._problem.listed.candidates.where(self._chosen_columns()),
            values=self._total(solution.values for solution in self._solutions),
            bounds=self._total(solution.bounds for solution in self._solutions),
            stopped=self._stop_reason(num_open),
            parts=tuple(map(self._solved, range(len(self._components)))),
            work=self._work,
        )

    def _solved(self, index: int) -> SolvedPart:
        part, solution = self._components[index], self._solutions[index]
        requests = self._problem.requests[part.request]
        return SolvedPart(
            requests,
            solution.path,
            solution.values,
            solution.bounds,
            tuple((requests[rows], values) for rows, values in _pieces(part.matrix, solution)),
            self._with_less(index),
        )

    def _with_less(self, index: int) -> tuple[Int, ...]:
        """Bounds of a component where its allowance, the last row, were less by one, by two …."""
        allowance, solution = self._problem.allowance, self._solutions[index]
        if allowance is None or solution.relaxed is None or not self._is_limited[index]:
            return ()
        relaxed, row = solution.relaxed, self._components[index].matrix.num_rows - 1
        return tuple(
            relaxed.with_less(row, less).bounds(solution.values, solution.bounds)
            for less in range(1, allowance.more + 1)
        )

    def _grow(self) -> None:
        """Take more candidates of those requests into the model that asked for them."""
        wanting = [
            part.request[solution.wants_more]
            for part, solution in zip(self._components, self._solutions, strict=True)
        ]
        local = np.unique(np.concatenate(wanting))
        if not len(local):
            return
        solved = {
            self._problem.fingerprint(part): solution
            for part, solution in zip(self._components, self._solutions, strict=True)
        }
        taken = self._problem.listed.candidates.where(self._chosen_columns())
        self._problem.widen(self._problem.requests[local])
        self._take_apart(solved, (taken,))

    def _take_apart(self, solved: Mapping[bytes, Solution], plans: Iterable[Candidates]) -> None:
        """Components of the model as it is now.

        Parameters
        ----------
        solved
            Solutions by fingerprint: an unchanged component keeps its own.
        plans
            In the model; no component's first solution is worse.
        """
        problem, began = self._problem, self._clock.spent()
        columns = [problem.listed.positions_of(plan) for plan in plans]
        field = problem.survey.field[problem.requests]
        parts = decompose(problem.matrix, np.where(self._is_settled, field, NONE))
        self._components = [self._limited(part) for part in parts]
        self._is_limited = [
            own.matrix is not part.matrix for own, part in zip(self._components, parts, strict=True)
        ]
        self._solutions = []
        for part in self._components:
            solution = solved.get(problem.fingerprint(part))
            if solution is None:
                starts = [np.flatnonzero(np.isin(part.column, own)) for own in columns]
                solution = first_solution(part.matrix, starts, self._ideal(part))
            self._solutions.append(solution)
        self._shown = [(solution.values, solution.bounds) for solution in self._solutions]
        self._apart_seconds = self._clock.spent() - began
        self._tell()

    def _limited(self, part: Component) -> Component:
        """A component within what it may use; columns for what is beyond come last."""
        allowance = self._problem.allowance
        if allowance is None:
            return part
        requests = self._problem.requests[part.request]
        return replace(part, matrix=allowance.limited(part.matrix, requests))

    def _ideal(self, part: Component) -> Bool | None:
        """What fields chose in a component, if all its requests are in such."""
        if not self._is_settled[part.request].all():
            return None
        taken = self._settled
        if taken is None:
            return None
        chosen = np.zeros(part.matrix.num_columns, np.bool_)
        columns = self._problem.listed.positions_of(taken)
        chosen[: len(part.column)] = np.isin(part.column, columns)
        placed = part.matrix.request[np.flatnonzero(chosen)]
        left = np.setdiff1d(np.arange(part.matrix.num_requests), placed)
        chosen[part.matrix.first_unplaced + left] = True
        return chosen

    def _chosen_columns(self) -> Int:
        """Columns of the candidates chosen, ascending."""
        num_candidates = self._problem.matrix.num_candidates
        chosen = np.zeros(self._problem.matrix.num_columns, np.bool_)
        for part, solution in zip(self._components, self._solutions, strict=True):
            chosen[part.column] = solution.chosen[: len(part.column)]
        return np.flatnonzero(chosen[:num_candidates])

    def _open(self) -> list[int]:
        return [i for i, solution in enumerate(self._solutions) if not solution.is_proven]

    def _improve_here(self, index: int, budget: Budget, weight: float, work: float) -> Solution:
        """Improve one component in this process, with cancellation and progress."""
        limits = self._search_limits(budget.share(weight), work)
        matrix, start = self._components[index].matrix, self._solutions[index]
        show = partial(self._show, index)
        return improve(matrix, start, limits, self._clock.cancel, show)

    def _search_limits(self, seconds: float, work: float) -> SearchLimits:
        if self._limits.deterministic:
            return SearchLimits(None, work, 1, self._limits.seed)
        cores = self._limits.workers // len(self._components)
        workers = cores if cores >= _MIN_CORES_TO_SHARE else 1
        return SearchLimits(seconds, _UNBOUNDED_WORK, workers, self._limits.seed)

    def _show(self, index: int, values: Int, bounds: Int) -> None:
        self._shown[index] = (values, bounds)
        self._tell()

    def _tell(self) -> None:
        if self._on_progress is None:
            return
        with self._lock:
            progress = Progress(
                values=self._total(values for values, _ in self._shown),
                bounds=self._total(bounds for _, bounds in self._shown),
                num_proven=sum(bool(np.all(v == b)) for v, b in self._shown),
                num_components=len(self._shown),
                seconds=self._clock.spent(),
            )
            self._on_progress(progress)

    def _total(self, rows: Iterable[Int]) -> Int:
        total = np.zeros(self._problem.matrix.num_levels, np.int64)
        for row in rows:
            total += row
        return total

    def _stop_reason(self, num_open: int) -> StopReason:
        if num_open == 0:
            return "proven"
        if self._clock.cancel.is_set():
            return "cancelled"
        return "deterministic_limit" if self._limits.deterministic else "time_limit"


def _pieces(matrix: Matrix, solution: Solution) -> Iterator[tuple[Int, Int]]:
    """Requests (int64, ascending) and values of what shares no row in a proven component: in one
    that holds every candidate, or has no rows at all. Others could be sent to one place by what
    is left out.
    """
    is_whole = not matrix.num_outsiders and matrix.num_columns == len(matrix.request)
    if not solution.is_proven or not (is_whole or not matrix.num_rows):
        return
    chosen = np.flatnonzero(solution.chosen[: len(matrix.request)])
    each = matrix.cost[:, chosen[np.argsort(matrix.request[chosen])]]
    for rows in pieces(matrix):
        yield rows, each[:, rows].sum(axis=1)
