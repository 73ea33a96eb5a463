"""GLOP and SCIP: the one place where OR-Tools is given a linear program, and its answer is read.

What they say is believed nowhere. They compute in floats: prices are rounded and prove what they
prove in whole numbers (``prices``); a plan is checked against every row.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.linear_solver.python import model_builder_helper as helper
from ortools.math_opt import (
    callback_pb2,
    model_parameters_pb2,
    model_pb2,
    parameters_pb2,
    result_pb2,
    solution_pb2,
)
from ortools.math_opt.core.python import solver as math_opt
from ortools.util.python.solve_interrupter import SolveInterrupter
from pybind11_abseil.status import StatusNotOk
from scipy.sparse import coo_array, csr_array, csr_matrix

from engine.arrays import Float, Int
from engine.solve.limits import Cancel
from engine.solve.matrix import Matrix

AT_LOWER = int(solution_pb2.BASIS_STATUS_AT_LOWER_BOUND)
BASIC = int(solution_pb2.BASIS_STATUS_BASIC)
"""What a basis says of columns that stay at 0, like new ones, and of what follows from the rest."""

_POLL_SECONDS = 0.05
_WORK_PER_FIELD = 1.6e-8  # deterministic seconds by iterations × (columns + rows), and to begin
_WORK_PER_COLUMN = 2e-5


@dataclass(frozen=True, slots=True)
class LinearProgram:
    """Minimise ``cost·x`` with ``low ≤ A·x ≤ high`` and ``0 ≤ x ≤ most``.

    Parameters
    ----------
    cost, most
        float64, shape (n,).
    rows
        Sparse, shape (m, n).
    low, high
        float64, shape (m,).
    """

    cost: Float
    most: Float
    rows: csr_array
    low: Float
    high: Float


def program_of(matrix: Matrix) -> LinearProgram:
    """A matrix of one level as a program of all its columns."""
    own = len(matrix.request)
    row = np.concatenate([matrix.request, matrix.num_requests + matrix.row_of])
    column = np.concatenate([np.arange(own), matrix.column_of])
    one_each, free = np.ones(matrix.num_requests), np.full(matrix.num_rows, -np.inf)
    entries = np.concatenate([np.ones(own), matrix.coefficient])
    shape = (matrix.num_requests + matrix.num_rows, matrix.num_columns)
    return LinearProgram(
        cost=matrix.cost[0].astype(np.float64),
        most=np.ones(matrix.num_columns),
        rows=csr_array(coo_array((entries, (row, column)), shape=shape)),
        low=np.concatenate([one_each, free]),
        high=np.concatenate([one_each, matrix.bound]),
    )


@dataclass(frozen=True, slots=True)
class Basis:
    """Where the simplex method ended, and where it may begin a program that is much the same.

    Parameters
    ----------
    column, row
        int64, shape (n,) and (m,): ``AT_LOWER``, ``BASIC``, or another of GLOP's own.
    """

    column: Int
    row: Int


@dataclass(frozen=True, slots=True)
class LinearAnswer:
    """What the solver calls optimal.

    Parameters
    ----------
    x
        float64, shape (n,).
    dual
        float64, shape (m,): how the optimum rises with a row's right-hand side.
    value
        The optimum.
    basis
        Where it was found; ``None`` where there is none.
    work
        Deterministic seconds.
    """

    x: Float
    dual: Float
    value: float
    basis: Basis | None = None
    work: float = 0.0


def solve_linear(
    program: LinearProgram,
    seconds: float | None,
    work: float,
    cancel: Cancel | None = None,
    start: Basis | None = None,
) -> LinearAnswer | None:
    """Solve a linear program by GLOP; ``None`` where no optimum was found.

    GLOP gives up with an error where floats get the better of it; from the start that it makes for
    itself it may not.

    Parameters
    ----------
    seconds
        Wall time; ``None``: no clock is read.
    work
        Deterministic time.
    cancel
        Asks to stop early.
    start
        Where to begin.
    """
    parameters = _parameters(seconds, work)
    interrupter = SolveInterrupter()
    with _interrupting(interrupter.interrupt, cancel):
        for begin in (start, None) if start is not None else (None,):
            try:
                result = math_opt.solve(
                    _proto_of(program),
                    parameters_pb2.SOLVER_TYPE_GLOP,
                    parameters_pb2.SolverInitializerProto(),
                    parameters,
                    _beginning(begin),
                    None,
                    callback_pb2.CallbackRegistrationProto(),
                    None,
                    interrupter.pybind_interrupter,
                )
            except StatusNotOk:
                continue
            return _read(result, program.rows.shape)
    return None


def _parameters(seconds: float | None, work: float) -> parameters_pb2.SolveParametersProto:
    parameters = parameters_pb2.SolveParametersProto(
        presolve=parameters_pb2.EMPHASIS_OFF,  # it would forget where to begin
        lp_algorithm=parameters_pb2.LP_ALGORITHM_PRIMAL_SIMPLEX,
    )
    parameters.glop.max_deterministic_time = work
    if seconds is not None:
        parameters.time_limit.FromNanoseconds(int(seconds * 1e9))
    return parameters


def _beginning(start: Basis | None) -> model_parameters_pb2.ModelSolveParametersProto:
    begin = model_parameters_pb2.ModelSolveParametersProto()
    if start is not None:
        basis = begin.initial_basis
        _fill(basis.variable_status, start.column)
        _fill(basis.constraint_status, start.row)
        basis.basic_dual_feasibility = solution_pb2.SOLUTION_STATUS_UNDETERMINED
    return begin


def _fill(vector: Any, status: Int) -> None:
    vector.ids.extend(range(len(status)))
    vector.values.extend(status.tolist())


def _read(result: result_pb2.SolveResultProto, shape: tuple[int, int]) -> LinearAnswer | None:
    """What is an optimum; what is 0 may be missing."""
    if result.termination.reason != result_pb2.TERMINATION_REASON_OPTIMAL:
        return None
    solution, (num_rows, num_columns) = result.solutions[0], shape
    x, dual = np.zeros(num_columns), np.zeros(num_rows)
    for part, found in (
        (x, solution.primal_solution.variable_values),
        (dual, solution.dual_solution.dual_values),
    ):
        part[np.array(found.ids, np.int64)] = np.array(found.values)
    at = solution.basis
    ends = [np.array(part.values, np.int64) for part in (at.variable_status, at.constraint_status)]
    is_whole = [len(part) for part in ends] == [num_columns, num_rows]
    return LinearAnswer(
        x=x,
        dual=dual,
        value=solution.primal_solution.objective_value,
        basis=Basis(*ends) if is_whole else None,
        work=_WORK_PER_COLUMN * num_columns
        + _WORK_PER_FIELD * result.solve_stats.simplex_iterations * (num_columns + num_rows),
    )


def solve_whole(
    program: LinearProgram, hint: Float, seconds: float, seed: int, cancel: Cancel | None = None
) -> Float | None:
    """The best solution in whole numbers that SCIP finds in time; ``None`` without one.

    Nothing is said of how good it is.

    Parameters
    ----------
    hint
        float64, shape (n,): a solution.
    seconds, seed
        Wall time; of the solver.
    cancel
        Asks to stop early.

    Returns
    -------
    float64, shape (n,)
    """
    model = _model_of(program)
    for column, value in enumerate(hint.tolist()):
        model.set_var_integrality(column, True)  # noqa: FBT003
        model.add_hint(column, value)
    solver = helper.ModelSolverHelper("scip")
    solver.set_solver_specific_parameters(
        f"limits/gap = 0\nmisc/catchctrlc = FALSE\nrandomization/randomseedshift = {seed}"
    )
    solver.set_time_limit_in_seconds(seconds)
    with _interrupting(solver.interrupt_solve, cancel):
        solver.solve(model)
    return np.array(solver.variable_values()) if solver.has_solution() else None


def _model_of(program: LinearProgram) -> helper.ModelBuilderHelper:
    model = helper.ModelBuilderHelper()
    fill: Any = model.fill_model_from_sparse_data  # its stub swaps dtype and shape
    fill(
        np.zeros(len(program.cost)),
        program.most,
        program.cost,
        program.low,
        program.high,
        csr_matrix(program.rows),
    )
    return model


def _proto_of(program: LinearProgram) -> model_pb2.ModelProto:
    num_rows, num_columns = program.rows.shape
    model = model_pb2.ModelProto()
    columns, rows = model.variables, model.linear_constraints
    columns.ids.extend(range(num_columns))
    columns.lower_bounds.extend([0.0] * num_columns)
    columns.upper_bounds.extend(program.most.tolist())
    columns.integers.extend([False] * num_columns)
    costs = np.flatnonzero(program.cost)
    model.objective.linear_coefficients.ids.extend(costs.tolist())
    model.objective.linear_coefficients.values.extend(program.cost[costs].tolist())
    rows.ids.extend(range(num_rows))
    rows.lower_bounds.extend(program.low.tolist())
    rows.upper_bounds.extend(program.high.tolist())
    entries = program.rows.sorted_indices()
    row = np.repeat(np.arange(num_rows), np.diff(entries.indptr))
    model.linear_constraint_matrix.row_ids.extend(row.tolist())
    model.linear_constraint_matrix.column_ids.extend(entries.indices.tolist())
    model.linear_constraint_matrix.coefficients.extend(entries.data.tolist())
    return model


@contextmanager
def _interrupting(interrupt: Callable[[], object], cancel: Cancel | None) -> Iterator[None]:
    """Interrupt a running solve when somebody asks."""
    if cancel is None:
        yield
        return
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_POLL_SECONDS):
            if cancel.is_set():
                interrupt()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
