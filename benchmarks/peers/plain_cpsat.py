"""CP-SAT with the model anybody would write: a Boolean per pair, and nothing else.

At most one per request, at most one per cell, the levels minimised one after the other,
each held by ``≤``, with the last plan as a hint. No shortlist, no components, no bounds of
its own: what those are worth is the difference to the engine.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from benchmarks.pairs import Pairs
from benchmarks.peers.by_level import Found, level_by_level
from benchmarks.peers.peer import Answer, Clock, Peer, PeerError, PeerLimits
from engine.arrays import Int, Ragged


def plain_cpsat(pairs: Pairs, limits: PeerLimits) -> Answer:
    """Write the model, and solve it level by level."""
    clock = Clock(limits.seconds)
    return level_by_level(pairs, _Model(pairs, limits), clock)


class _Model:
    """The pairs as a CP-SAT model."""

    def __init__(self, pairs: Pairs, limits: PeerLimits) -> None:
        self._pairs = pairs
        self._limits = limits
        self._model = cp_model.CpModel()
        self._taken = [self._model.new_bool_var("") for _ in range(len(pairs))]
        own = Ragged.grouping(pairs.request, pairs.num_requests)
        for request in range(pairs.num_requests):
            self._at_most(own.row(request), 1)
        index, cell = pairs.uses()
        users = Ragged.grouping(cell, pairs.num_cells_in_all)
        for cell_number, room in enumerate(pairs.room.tolist()):
            self._at_most(index[users.row(cell_number)], room)

    def _at_most(self, chosen: Int, room: int) -> None:
        literals = [self._taken[pair] for pair in chosen.tolist()]
        if room == 1:
            self._model.add_at_most_one(literals)
        elif len(literals) > room:
            self._model.add(sum(literals) <= room)

    def hold(self, level: int, value: int) -> None:
        """Allow only plans that cost at most ``value``."""
        self._model.add(self._cost(level) <= value)

    def minimise(self, level: int, hint: Int | None, seconds: float) -> Found:
        """Minimise one level."""
        self._model.minimize(self._cost(level))
        self._model.clear_hints()
        if hint is not None:
            is_hinted = np.zeros(len(self._taken), np.bool_)
            is_hinted[hint] = True
            for literal, value in zip(self._taken, is_hinted.tolist(), strict=True):
                self._model.add_hint(literal, value)
        solver = cp_model.CpSolver()
        solver.parameters.catch_sigint_signal = False
        solver.parameters.num_workers = self._limits.workers
        solver.parameters.random_seed = self._limits.seed
        solver.parameters.max_time_in_seconds = seconds
        status = solver.solve(self._model)
        if status == cp_model.UNKNOWN:
            return Found(None, None)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            raise PeerError(f"CP-SAT says {solver.status_name(status)}; nobody placed is a plan")
        solution = np.array(solver.response_proto.solution, np.int64)
        bound = math.ceil(round(solver.best_objective_bound, 3))
        return Found(np.flatnonzero(solution[: len(self._taken)]), bound)

    def _cost(self, level: int) -> Any:
        gain = self._pairs.gain(level)
        paid = np.flatnonzero(gain)
        literals = [self._taken[pair] for pair in paid.tolist()]
        constant = int(self._pairs.unplaced[level].sum())
        return cp_model.LinearExpr.weighted_sum(literals, gain[paid].tolist()) + constant


PLAIN = Peer("plain-cpsat", plain_cpsat)
