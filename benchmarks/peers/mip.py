"""Mixed-integer programming by HiGHS and SCIP, as OR-Tools carries them.

The same model as anybody would write: a binary per pair, a row per request and per cell, a
row per level that is held. HiGHS calls a gap of 1e-4 optimal unless it is told otherwise.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
from ortools.linear_solver.python import model_builder_helper as helper
from scipy.sparse import csr_matrix, vstack

from benchmarks.pairs import Pairs
from benchmarks.peers.by_level import Found, level_by_level
from benchmarks.peers.peer import Answer, Clock, Peer, PeerError, PeerLimits
from engine.arrays import Int

_PARAMETERS = {
    "HIGHS": "mip_rel_gap=0\nmip_abs_gap=0.5\nthreads={workers}\nrandom_seed={seed}",
    "SCIP": "limits/gap=0\nrandomization/randomseedshift={seed}",
}
"""An absolute gap below 1 proves whole numbers. SCIP searches in one thread."""

_NO_HINTS = ("HIGHS",)
"""OR-Tools 9.15 dies (SIGSEGV) where HiGHS is given a hint."""

_EXACT = 1 << 53
_HALF = 0.5
_NO_BOUND = -1e19
"""SCIP says -1e20 where it knows none. HiGHS, stopped early, hands over neither plan nor bound."""

_LIMITS_REACHED = ("NOT_SOLVED", "FEASIBLE", "UNKNOWN_STATUS", "CANCELLED_BY_USER")


def solve_mip(solver: str, pairs: Pairs, limits: PeerLimits) -> Answer:
    """Write the model, and solve it level by level."""
    clock = Clock(limits.seconds)
    return level_by_level(pairs, _Model(solver, pairs, limits), clock)


class _Model:
    """The pairs as rows and binaries; a model is made anew for every level."""

    def __init__(self, solver: str, pairs: Pairs, limits: PeerLimits) -> None:
        self._solver = solver
        self._pairs = pairs
        self._limits = limits
        self._rows = _rows(pairs)
        self._most = np.concatenate([np.ones(pairs.num_requests), pairs.room.astype(np.float64)])

    def hold(self, level: int, value: int) -> None:
        """Allow only plans that cost at most ``value``."""
        gain = self._gain(level)
        self._rows = csr_matrix(vstack([self._rows, csr_matrix(gain)]))
        most = value - int(self._pairs.unplaced[level].sum())
        self._most = np.append(self._most, float(most))

    def minimise(self, level: int, hint: Int | None, seconds: float) -> Found:
        """Minimise one level."""
        model, constant = self._model(level), int(self._pairs.unplaced[level].sum())
        if hint is not None and self._solver not in _NO_HINTS:
            taken = np.zeros(len(self._pairs), np.bool_)
            taken[hint] = True
            for pair, value in enumerate(taken.tolist()):
                model.add_hint(pair, float(value))
        solver = helper.ModelSolverHelper(self._solver)
        if not solver.solver_is_supported():
            raise PeerError(f"this OR-Tools carries no {self._solver}")
        solver.set_time_limit_in_seconds(seconds)
        solver.set_solver_specific_parameters(
            _PARAMETERS[self._solver].format(workers=self._limits.workers, seed=self._limits.seed)
        )
        solver.solve(model)
        status = solver.status().name
        if status != "OPTIMAL" and status not in _LIMITS_REACHED:
            raise PeerError(f"{self._solver} ends with {status}: {solver.status_string()}")
        if not solver.has_solution():
            return Found(None, None)
        chosen = np.flatnonzero(np.asarray(solver.variable_values()) > _HALF)
        bound = solver.best_objective_bound()
        return Found(chosen, constant + _whole(bound) if bound > _NO_BOUND else None)

    def _model(self, level: int) -> Any:
        count = len(self._pairs)
        model: Any = helper.ModelBuilderHelper()
        vectors: list[Any] = [  # least and most of columns, costs, least and most of rows
            np.zeros(count),
            np.ones(count),
            self._gain(level),
            np.full(len(self._most), -np.inf),
            self._most,
        ]
        model.fill_model_from_sparse_data(*vectors, self._rows)
        for pair in range(count):
            model.set_var_integrality(pair, True)  # noqa: FBT003 its own interface
        return model

    def _gain(self, level: int) -> Any:
        gain = self._pairs.gain(level)
        if int(np.abs(gain).sum()) >= _EXACT:
            raise PeerError(f"the costs of level {level} are too large to be exact as floats")
        return gain.astype(np.float64)


def _rows(pairs: Pairs) -> Any:
    """A row per request, then a row per cell, over the pairs."""
    index, cell = pairs.uses()
    row = np.concatenate([pairs.request, pairs.num_requests + cell])
    column = np.concatenate([np.arange(len(pairs)), index])
    size = (pairs.num_requests + pairs.num_cells_in_all, len(pairs))
    return csr_matrix((np.ones(len(row)), (row, column)), shape=size)


def _whole(bound: float) -> int:
    """The least whole number that is not below a bound found in floats, but for their noise."""
    return math.ceil(bound - max(1e-3, 1e-9 * abs(bound)))


HIGHS = Peer("highs", partial(solve_mip, "HIGHS"))
SCIP = Peer("scip", partial(solve_mip, "SCIP"))
