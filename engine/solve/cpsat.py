"""CP-SAT: the complete reference model, the one solver factory, the one reader of status.

Three facts shape this file. SIGINT during a solve outside the main thread aborts the
process unless ``catch_sigint_signal`` is off. After UNKNOWN the objective reads 0.0 and
after INFEASIBLE every value reads 0, without an exception. ``stop_search`` before the
search has begun is lost, so stopping means asking until the solve returns.

Its library brings pandas along, a third of what a command takes to start: who may have nothing to
search imports this file when there is something.
"""

from __future__ import annotations

import math
import threading
import time
from typing import Literal

import numpy as np
from ortools.sat.python import cp_model

from engine.arrays import Bool, Int, Ragged
from engine.errors import ModelInvalidError, SolverDisagreementError
from engine.solve.limits import Cancel
from engine.solve.matrix import Matrix
from engine.solve.search import MAX_COST, Answer, OnBetter, SearchLimits

_POLL_SECONDS = 0.05
_GRACE_SECONDS = 0.5


class CpSatModel:
    """A matrix as a CP-SAT model, solved for one level after the other."""

    def __init__(self, matrix: Matrix) -> None:
        self._matrix = matrix
        self._model = cp_model.CpModel()
        self._columns = [self._model.new_bool_var("") for _ in range(matrix.num_columns)]
        self._add_requests()
        self._add_rows()

    def _add_requests(self) -> None:
        """Exactly one column of each request."""
        own = Ragged.grouping(self._matrix.request, self._matrix.num_requests)
        for request in range(self._matrix.num_requests):
            self._model.add_exactly_one(self._columns[c] for c in own.row(request).tolist())

    def _add_rows(self) -> None:
        matrix, model = self._matrix, self._model
        edges = np.searchsorted(matrix.row_of, np.arange(matrix.num_rows + 1)).tolist()
        columns, coefficients = matrix.column_of.tolist(), matrix.coefficient.tolist()
        for row, bound in enumerate(matrix.bound.tolist()):
            entries = slice(edges[row], edges[row + 1])
            literals = [self._columns[column] for column in columns[entries]]
            if bound == 1 and all(coefficient == 1 for coefficient in coefficients[entries]):
                model.add_at_most_one(literals)
            else:
                total = cp_model.LinearExpr.weighted_sum(literals, coefficients[entries])
                model.add(total <= bound)

    def hold(self, level: int, value: int, least: int = 0) -> None:
        """From now on allow only solutions whose value at ``level`` is at most ``value``.

        It is known that none is below ``least``; saying so makes bounds better.
        """
        cost = self._matrix.cost[level]
        if cost.any():
            self._model.add_linear_constraint(self._sum(cost), least, value)

    def minimise(
        self,
        level: int,
        hint: Bool,
        limits: SearchLimits,
        cancel: Cancel | None = None,
        on_better: OnBetter | None = None,
    ) -> Answer:
        """Search for the best solution at one level; among equals, with fewest outsiders.

        Where costs are so large that their sum cannot be held exactly, nothing is searched.

        Parameters
        ----------
        level
            The level minimised.
        hint
            A solution that satisfies every row: where the search begins, and the proof
            that there is one.
        limits, cancel, on_better
            When to stop; asks to stop early; hears of progress.

        Raises
        ------
        ModelInvalidError
            The solver refuses the model.
        SolverDisagreementError
            The solver claims that there is no solution, although ``hint`` is one.
        """
        scale = self._seek(level)
        if scale is None:
            return Answer("unknown", None, 0, 0.0)
        self._model.clear_hints()
        for column, value in zip(self._columns, hint.tolist(), strict=True):
            self._model.add_hint(column, value)
        solver = make_solver(limits)
        listener = None if on_better is None else _Listener(on_better, scale)
        with _Watch(solver, limits.seconds, cancel):
            status = solver.solve(self._model, listener)
        return _read(solver, status, self._matrix.num_columns, scale)

    def _seek(self, level: int) -> int | None:
        """Make ``value × scale + outsiders`` the objective; the scale, or ``None`` where sums of
        values would not be exact. With a scale of 1 outsiders do not count.
        """
        matrix = self._matrix
        most = _dearest(matrix, level)
        if most >= MAX_COST:
            return None
        scale = min(matrix.num_outsiders, matrix.num_requests) + 1
        if most * scale >= MAX_COST:
            scale = 1  # no room to break ties
        cost = matrix.cost[level] * scale
        cost[matrix.outsiders] += scale > 1
        self._model.minimize(self._sum(cost))
        return scale

    def _sum(self, cost: Int) -> cp_model.LinearExprT:
        paid = np.flatnonzero(cost)
        literals = [self._columns[column] for column in paid.tolist()]
        return cp_model.LinearExpr.weighted_sum(literals, cost[paid].tolist())


def _dearest(matrix: Matrix, level: int) -> int:
    """Most that a level can cost: every request at its dearest, every auxiliary column."""
    num_own = len(matrix.request)
    dearest = np.zeros(matrix.num_requests, np.int64)
    np.maximum.at(dearest, matrix.request, matrix.cost[level, :num_own])
    return int(dearest.sum()) + int(matrix.cost[level, num_own:].sum())


def make_solver(limits: SearchLimits) -> cp_model.CpSolver:
    """Make the only ``CpSolver`` there is: every parameter is set here."""
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.catch_sigint_signal = False
    parameters.log_search_progress = False
    parameters.num_workers = limits.workers
    parameters.random_seed = limits.seed
    parameters.max_deterministic_time = limits.deterministic_seconds
    if limits.seconds is not None:
        parameters.max_time_in_seconds = limits.seconds
    parameters.linearization_level = 2
    return solver


def _read(solver: cp_model.CpSolver, status: object, num_columns: int, scale: int) -> Answer:
    """Turn a finished search into an answer: the only place where a status is read."""
    work = solver.deterministic_time
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        values = np.array(list(solver.response_proto.solution)[:num_columns], np.int64)
        bound = _unscaled(solver.best_objective_bound, scale)
        name: Literal["optimal", "feasible"] = (
            "optimal" if status == cp_model.OPTIMAL else "feasible"
        )
        return Answer(name, values > 0, bound, work)
    if status == cp_model.UNKNOWN:
        return Answer("unknown", None, 0, work)
    if status == cp_model.INFEASIBLE:
        raise SolverDisagreementError(
            "CP-SAT calls a model infeasible that has a known feasible solution"
        )
    raise ModelInvalidError(f"CP-SAT refused the model: {solver.status_name(status)}")


def _unscaled(bound: float, scale: int) -> int:
    """Bound on a level's value from the bound on ``value × scale + outsiders``.

    There are fewer outsiders than ``scale``; the value is a whole number.
    """
    whole = math.ceil(round(bound, 3))
    return max(0, -((scale - 1 - whole) // scale))


class _Listener(cp_model.CpSolverSolutionCallback):
    """Passes every better solution on."""

    def __init__(self, on_better: OnBetter, scale: int) -> None:
        super().__init__()
        self._on_better = on_better
        self._scale = scale

    def on_solution_callback(self) -> None:
        """Called by the solver."""
        bound = _unscaled(self.best_objective_bound, self._scale)
        self._on_better(round(self.objective_value) // self._scale, bound)


class _Watch:
    """Asks a running search to stop: on request, or when the solver overlooks its limit.

    The solver's own limit follows the wall clock, which can be set back; ours does not.
    """

    def __init__(
        self, solver: cp_model.CpSolver, seconds: float | None, cancel: Cancel | None
    ) -> None:
        self._solver = solver
        self._deadline = (
            math.inf if seconds is None else time.monotonic() + seconds + _GRACE_SECONDS
        )
        self._cancel = cancel
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self._over.wait(_POLL_SECONDS):
            cancelled = self._cancel is not None and self._cancel.is_set()
            if cancelled or time.monotonic() > self._deadline:
                self._solver.stop_search()

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
