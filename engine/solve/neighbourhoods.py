"""A better plan by solving small parts of it again, guided by prices.

First what the fractional plan splits, with all else where it puts it, or where a dive does; then,
again and again, a few requests that want the same seats, most often around one that pays more than
it would have to at the prices. SCIP solves each part, CP-SAT where no clock may
decide; the plan never gets worse.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.random import PCG64, Generator
from scipy.sparse import coo_array, csr_array

from engine.arrays import Bool, Float, Int
from engine.solve.bounds import first_rise
from engine.solve.dive import dive
from engine.solve.greedy import greedy
from engine.solve.limits import Cancel
from engine.solve.linear_solvers import program_of, solve_linear, solve_whole
from engine.solve.matrix import Matrix
from engine.solve.part import part_of
from engine.solve.relax import Relaxed
from engine.solve.search import SearchLimits
from engine.solve.standing import rank_by

NEAR = 30
"""Columns per request that parts are searched with at first: those that cost least at the
prices.
"""

SMALL = 100
"""With no more requests than this, a component is not searched in parts."""

FIRST_SIZE, LARGEST_SIZE = 50, 250
"""Requests solved anew at a time: few at first, more where nothing is found any more."""

PATIENCE = 15
"""Parts in a row without a better plan, before they grow."""

CLOSE = 0.01
"""Share of the last level's value that may be open when the search of parts ends early."""

_GROWTH = 1.6
_PART_SECONDS = 1.5
_FIRST_SECONDS = 6.0
_DIVE_SECONDS = 30.0
_WORK_PER_COLUMN = 1e-4  # deterministic seconds to build a model
_HALF = 0.5


class Neighbourhoods:
    """A plan, and its improvement part by part.

    Parameters
    ----------
    matrix, relaxed
        The component and its relaxations.
    chosen
        bool, shape (columns,): a plan.
    limits, cancel
        When to stop.
    on_better
        Hears of every better plan.

    Attributes
    ----------
    chosen
        The best plan so far.
    work
        Deterministic seconds spent.
    """

    def __init__(
        self,
        matrix: Matrix,
        relaxed: Relaxed,
        chosen: Bool,
        limits: SearchLimits,
        cancel: Cancel | None = None,
        on_better: Callable[[Bool], None] | None = None,
    ) -> None:
        self.chosen = chosen
        self.work = 0.0
        self._matrix = matrix
        self._relaxed = relaxed
        self._limits = limits
        self._cancel = cancel
        self._on_better = on_better
        self._began = time.monotonic()
        self._random = Generator(PCG64(limits.seed))
        self._cost = relaxed.weight @ matrix.cost
        self._current = chosen  # costs least by weights, which parts are solved by
        self._rank = rank_by(matrix, relaxed.guide.excess[: len(matrix.request)])
        self._look_at(NEAR)

    def run(self) -> None:
        """Improve until every level is at its target, nothing more is found, or time is over."""
        self._begin()
        if self._matrix.num_requests <= SMALL:
            return  # whoever looks for the proof finds the plan
        targets = self._relaxed.targets
        size, near, failures = FIRST_SIZE, NEAR, 0
        while self._left(_PART_SECONDS) is not None:
            values = self._matrix.values(self._current)
            if np.all(values <= targets):
                return
            free = self._part(self._seed(first_rise(targets, values)), size)
            if self._solve(self._current, free, _PART_SECONDS):
                failures = 0
                continue
            failures += 1
            if failures >= PATIENCE:
                if self._is_close(values) or size >= min(LARGEST_SIZE, len(free)):
                    return
                size, near, failures = int(size * _GROWTH), int(near * _GROWTH), 0
                self._look_at(near)

    def _is_close(self, values: Int) -> bool:
        """Whether only the last level is open, and little: a proof comes soon then."""
        targets = self._relaxed.targets
        is_met = bool(np.all(values[:-1] <= targets[:-1]))
        return is_met and int(values[-1] - targets[-1]) <= CLOSE * int(values[-1])

    def _look_at(self, most: int) -> None:
        """From now on search with so many columns of each request."""
        self._near = np.ones(self._matrix.num_columns, np.bool_)
        self._near[: len(self._rank)] = self._rank < most
        self._near[self._matrix.outsiders] = False  # what takes an outsider is no plan
        self._rows_near = self._rows_of_requests()

    def _begin(self) -> None:
        """Take what is whole in the fractional plan, and what a dive adds; search the rest."""
        matrix, whole = self._matrix, self._relaxed.whole
        self._keep(greedy(matrix, first=whole))
        settled = dive(matrix, self._near, self._cost, whole, self._fractional)
        plan = greedy(matrix, first=np.flatnonzero(settled))
        self._keep(plan)
        free = np.ones(matrix.num_requests, np.bool_)
        free[matrix.request[np.flatnonzero(settled[: len(matrix.request)])]] = False
        if free.any():
            self._solve(plan, free, _FIRST_SECONDS)

    def _fractional(self, part: Matrix) -> Float | None:
        """The fractional optimum of a part."""
        limits = self._left(_DIVE_SECONDS)
        if limits is None:
            return None
        work = limits.deterministic_seconds
        answer = solve_linear(program_of(part), limits.seconds, work, self._cancel)
        if answer is None:
            return None
        self.work += answer.work
        return answer.x

    def _solve(self, plan: Bool, free: Bool, seconds: float) -> bool:
        """Place some requests of a plan anew, the others staying; whether that is the best."""
        limits = self._left(seconds)
        if limits is None:
            return False
        matrix, own = self._matrix, len(self._matrix.request)
        mine = np.flatnonzero(plan[:own])
        settled = np.zeros(matrix.num_columns, np.bool_)
        settled[mine[~free[matrix.request[mine]]]] = True
        part = part_of(matrix, self._near | plan, settled, self._cost[None])
        hint = plan[part.column]
        found = self._searched(part.matrix, hint, limits)
        return found is not None and self._keep(part.whole(found))

    def _searched(self, part: Matrix, hint: Bool, limits: SearchLimits) -> Bool | None:
        """What SCIP finds; CP-SAT where no clock may decide anything."""
        self.work += _WORK_PER_COLUMN * part.num_columns
        if limits.seconds is None:
            from engine.solve.cpsat import CpSatModel

            answer = CpSatModel(part).minimise(0, hint, limits, self._cancel)
            self.work += answer.deterministic_seconds
            return answer.chosen
        seconds, seed = limits.seconds, limits.seed
        found = solve_whole(program_of(part), hint.astype(np.float64), seconds, seed, self._cancel)
        return None if found is None else found > _HALF

    def _keep(self, plan: Bool) -> bool:
        """Go on from a plan that costs less by weights; report what is better, level by level."""
        matrix = self._matrix
        if plan[matrix.outsiders].any() or not matrix.is_feasible(plan):
            return False
        if tuple(matrix.values(plan)) < tuple(matrix.values(self.chosen)):
            self.chosen = plan
            if self._on_better is not None:
                self._on_better(plan)
        is_cheaper = bool(self._cost[plan].sum() < self._cost[self._current].sum())
        if is_cheaper:
            self._current = plan
        return is_cheaper

    def _left(self, seconds: float) -> SearchLimits | None:
        """Limits for one part; ``None`` where time is over."""
        if self._cancel is not None and self._cancel.is_set():
            return None
        work = min(seconds, self._limits.deterministic_seconds - self.work)
        wall = self._limits.seconds
        if wall is not None:
            wall = min(seconds, wall - (time.monotonic() - self._began))
        if work <= 0 or (wall is not None and wall <= 0):
            return None
        return replace(self._limits, seconds=wall, deterministic_seconds=work)

    def _rows_of_requests(self) -> csr_array:
        """Which rows the near columns of each request take; shape (requests, rows)."""
        matrix = self._matrix
        entry = np.flatnonzero(
            self._near[matrix.column_of] & (matrix.column_of < len(matrix.request))
        )
        ends = (matrix.request[matrix.column_of[entry]], matrix.row_of[entry])
        shape = (matrix.num_requests, matrix.num_rows)
        table = csr_array(coo_array((np.ones(len(entry)), ends), shape=shape))
        table.data[:] = 1.0
        return table

    def _part(self, seed: int, size: int) -> Bool:
        """Requests around one: those that stand where the others would like to."""
        matrix = self._matrix
        free = np.zeros(matrix.num_requests, np.bool_)
        free[seed] = True
        entry = np.flatnonzero(
            self._current[matrix.column_of] & (matrix.column_of < len(matrix.request))
        )
        row, owner = matrix.row_of[entry], matrix.request[matrix.column_of[entry]]
        while (count := int(free.sum())) < min(size, matrix.num_requests):
            wanted = free.astype(np.float64) @ self._rows_near
            score = np.bincount(owner, wanted[row], minlength=matrix.num_requests)
            score[free] = 0.0
            others = np.flatnonzero(score > 0)
            if not len(others):
                break
            share = score[others] * self._random.random(len(others)) ** 2
            most = min(size - count, max(8, count))
            free[others[np.argsort(-share)[:most]]] = True
        return free

    def _seed(self, level: int) -> int:
        """A request: one that costs something at a level, one that pays more than it would
        have to at the prices, or any.
        """
        matrix = self._matrix
        mine = np.flatnonzero(self._current[: len(matrix.request)])
        kind = self._random.integers(3)
        if kind == 0:
            mine = mine[matrix.cost[level, mine] > 0]
        elif kind == 1:
            mine = mine[self._relaxed.guide.excess[mine] > 0]
        if not len(mine):
            return int(self._random.integers(matrix.num_requests))
        return int(matrix.request[self._random.choice(mine)])
