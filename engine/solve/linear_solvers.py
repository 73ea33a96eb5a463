"""GLOP and SCIP: the one place where OR-Tools is given a linear program, and its answer is read.

What they say is believed nowhere. They compute in floats: prices are rounded and prove what they
prove in whole numbers (``prices``); a plan is checked against every row.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.linear_solver.python import model_builder_helper as helper
from scipy.sparse import coo_array, csr_array, csr_matrix

from engine.arrays import Float
from engine.solve.limits import Cancel
from engine.solve.matrix import Matrix

_POLL_SECONDS = 0.05


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
    """

    x: Float
    dual: Float
    value: float


def solve_linear(
    program: LinearProgram, seconds: float | None, work: float, cancel: Cancel | None = None
) -> LinearAnswer | None:
    """Solve a linear program by GLOP; ``None`` where no optimum was found.

    Parameters
    ----------
    seconds
        Wall time; ``None``: no clock is read.
    work
        Deterministic time.
    cancel
        Asks to stop early.
    """
    solver = helper.ModelSolverHelper("glop")
    solver.set_solver_specific_parameters(f"max_deterministic_time: {work!r}")
    if seconds is not None:
        solver.set_time_limit_in_seconds(seconds)
    with _interrupting(solver, cancel):
        solver.solve(_model_of(program))
    if solver.status() != helper.SolveStatus.OPTIMAL:
        return None
    x, dual = np.array(solver.variable_values()), np.array(solver.dual_values())
    return LinearAnswer(x, dual, float(solver.objective_value()))


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
    with _interrupting(solver, cancel):
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


@contextmanager
def _interrupting(solver: helper.ModelSolverHelper, cancel: Cancel | None) -> Iterator[None]:
    """Interrupt a running solve when somebody asks."""
    if cancel is None:
        yield
        return
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_POLL_SECONDS):
            if cancel.is_set():
                solver.interrupt_solve()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
