"""A repair once more, by a MIP that knows nothing of how the engine solves.

Who may go where and what that costs is taken from the engine (``engine.eligible``, its
objectives), and so are the places that can be kept; rows, levels and the count of people are
written here again, and HiGHS solves one level after the other, each held at its value for those
below. HiGHS runs in a process of its own: it is given no gap, and is not believed to prove
anything, but agreement of two solvers on every level is hard to come by by accident.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

import numpy as np
from ortools.linear_solver.python import model_builder

from engine.arrays import Int
from engine.candidates import Candidates
from engine.domain import Dataset
from engine.eligible import eligible_candidates
from engine.objectives.added_lateness import AddedLateness
from engine.objectives.disruption import Disruption
from engine.policy import Policy
from engine.snapshot import FORCED, Snapshot


@dataclass(frozen=True, slots=True)
class Choice:
    """Columns of the MIP: places to take, and places to keep; int64, shape (C,).

    Parameters
    ----------
    request
        Whose, from 0.
    first_cell, num_cells
        The cells covered.
    is_kept
        bool: the place that was told.
    delay, disruption
        Costs.
    room
        int64, shape (K,): seats that are left by who takes no part.
    standing, urgency, patient
        int64, shape (R,).
    num_classes
        Urgency classes.
    """

    request: Int
    first_cell: Int
    num_cells: Int
    is_kept: Int
    delay: Int
    disruption: Int
    room: Int
    standing: Int
    urgency: Int
    patient: Int
    num_classes: int


def choice_of(snapshot: Snapshot, policy: Policy, kept: Candidates, requests: Int) -> Choice:
    """Columns of everybody who takes part.

    Parameters
    ----------
    snapshot
        In which those who take part have no appointment, and what they were told.
    policy
        For repair.
    kept
        Places that can be kept.
    requests
        int64, ascending: who takes part.
    """
    offers = eligible_candidates(snapshot, policy, requests)
    own = snapshot.told.first_cell[offers.request] != offers.first_cell
    every = Candidates.joined([offers.where(own), kept])
    every = every.where(np.lexsort((every.first_cell, every.request)))
    rules = {type(rule): rule for rule in policy.objectives}
    late, price = (rules[kind].cost(snapshot, every) for kind in (AddedLateness, Disruption))
    rank = policy.urgencies.rank(snapshot)[snapshot.requests.urgency]
    return Choice(
        request=np.searchsorted(requests, every.request),
        first_cell=every.first_cell,
        num_cells=every.num_cells,
        is_kept=snapshot.told.first_cell[every.request] == every.first_cell,
        delay=late,
        disruption=price,
        room=policy.seats.room(snapshot),
        standing=snapshot.told.standing[requests],
        urgency=rank[requests],
        patient=snapshot.requests.patient[requests],
        num_classes=len(policy.urgencies.names),
    )


def best_by_mip(
    choice: Choice, limits: Iterable[int], seconds: float = 120.0
) -> list[tuple[int, ...]]:
    """For each of the limits, values of the levels with no more people than that displaced:
    unplaced by class, displaced, delay, disruption.

    Raises
    ------
    ArithmeticError
        HiGHS did not finish.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return list(pool.map(partial(_solve, choice, seconds=seconds), limits))


def _solve(choice: Choice, limit: int, *, seconds: float) -> tuple[int, ...]:
    model = model_builder.Model()
    count = len(choice.standing)
    take = [model.new_bool_var("") for _ in choice.request]
    left = [model.new_bool_var("") for _ in range(count)]
    of_request: list[list[int]] = [[] for _ in range(count)]
    of_cell: dict[int, list[int]] = {}
    for column, request in enumerate(choice.request.tolist()):
        of_request[request].append(column)
        first = int(choice.first_cell[column])
        for cell in range(first, first + int(choice.num_cells[column])):
            of_cell.setdefault(cell, []).append(column)
    for request, columns in enumerate(of_request):
        model.add(sum(take[c] for c in columns) + left[request] == 1)
    for cell, columns in of_cell.items():
        model.add(sum(take[c] for c in columns) <= int(choice.room[cell]))
    person = {who: model.new_bool_var("") for who in np.unique(choice.patient).tolist()}
    for request, columns in enumerate(of_request):
        if choice.standing[request] != FORCED:
            keeps = sum(take[c] for c in columns if choice.is_kept[c])
            model.add(keeps + person[int(choice.patient[request])] >= 1)
    for request in np.flatnonzero(choice.standing > FORCED + 1).tolist():
        model.add(left[request] == 0)
    displaced = sum(person.values())
    model.add(displaced <= limit)
    levels = [
        sum(left[r] for r in np.flatnonzero(choice.urgency == rank).tolist())
        for rank in range(choice.num_classes)
    ]
    levels.append(displaced)
    levels += [
        sum(int(cost[c]) * take[c] for c in np.flatnonzero(cost).tolist())
        for cost in (choice.delay, choice.disruption)
    ]
    return tuple(_minimised(model, level, seconds) for level in levels)


def _minimised(model: model_builder.Model, level: model_builder.LinearExprT, seconds: float) -> int:
    """Least value of a level, which is held from then on."""
    if isinstance(level, int):
        return level
    solver = model_builder.Solver("HIGHS")
    solver.set_time_limit_in_seconds(seconds)
    solver.set_solver_specific_parameters("mip_rel_gap=0\nmip_abs_gap=0.5")
    model.minimize(level)
    if solver.solve(model) != model_builder.SolveStatus.OPTIMAL:
        raise ArithmeticError("HiGHS did not finish")
    value = round(solver.objective_value)
    model.add(level <= value)
    return value


def busiest_doctors(dataset: Dataset, count: int) -> list[str]:
    """Who sees most patients; of equals the first by id."""
    who = {row.id: row.doctor_id for row in dataset.roles}
    seen = [who[row.role_id] for row in dataset.appointments if row.request_id is not None]
    ranked = sorted({name for name in seen if name}, key=lambda name: (-seen.count(name), name))
    return ranked[:count]
