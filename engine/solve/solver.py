"""A whole problem solved: fields first, then all components side by side."""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from functools import partial

import numpy as np

from engine.candidates import Candidates
from engine.solve.fields import Field, solve_fields, stand_together
from engine.solve.limits import Cancel, Clock, Limits
from engine.solve.problem import Problem
from engine.solve.progress import OnProgress, Progress
from engine.solve.rounds import Rounds
from engine.solve.solved import Solved, SolvedPart

_SECONDS_PER_CANDIDATE, _MOST_KEPT = 5e-6, 0.2
"""Time that fields leave to make a model of what they did not solve, measured at eight million
candidates; and no more than this part of all.
"""


def solve(
    problem: Problem,
    limits: Limits,
    *,
    executor: Executor | None = None,
    at_a_time: int | None = None,
    cancel: Cancel | None = None,
    on_progress: OnProgress | None = None,
) -> Solved:
    """Solve every component, as far as the limits allow.

    Parameters
    ----------
    problem
        What to solve; its model grows where that is needed.
    limits
        Of the whole.
    executor
        Where components are solved; own threads by default. Work sent to a caller's
        executor hears neither ``cancel`` nor ``on_progress`` while it runs; it is given up when
        the caller asks to stop.
    at_a_time
        How many components the caller's executor solves side by side; by default as many as
        there are workers.
    cancel, on_progress
        Asks to stop early; hears of progress.
    """
    clock = Clock(limits, cancel or Cancel())
    kept = min(problem.num_listed * _SECONDS_PER_CANDIDATE, clock.left() * _MOST_KEPT)
    workers = min(limits.workers, problem.workers)
    found = solve_fields(problem, workers, partial(clock.has_time, kept))
    fields = [field for field in found if field.is_proven]
    begun = [field.taken.candidates for field in found if not field.is_proven]
    if begun:
        problem.begin_with(Candidates.joined(begun))
    covered = sum(len(field.requests) for field in fields)
    if fields and covered == len(problem.requests) and _are_all(problem, fields):
        return _settled(fields, clock, on_progress)
    rounds = Rounds(problem, limits, fields, clock, on_progress)
    elsewhere = None if executor is None else at_a_time or limits.workers
    with _workers(executor, limits) as pool:
        while rounds.has_work():
            rounds.next(pool, elsewhere)
    return rounds.result()


def _are_all(problem: Problem, fields: list[Field]) -> bool:
    """Whether plans of fields that hold all requests are the answer together."""
    allowance = problem.allowance
    uses = 0 if allowance is None else sum(int(row.values[allowance.level]) for row in fields)
    return not uses and stand_together(problem, fields)


def _workers(executor: Executor | None, limits: Limits) -> AbstractContextManager[Executor]:
    """The caller's executor, left open, or threads of our own (the solver frees the GIL)."""
    return nullcontext(executor) if executor else ThreadPoolExecutor(limits.workers)


def _settled(fields: list[Field], clock: Clock, on_progress: OnProgress | None) -> Solved:
    """The plans of all fields together: nothing is left to be searched."""
    values = np.sum([field.values for field in fields], axis=0)
    if on_progress is not None:
        on_progress(Progress(values, values, len(fields), len(fields), clock.spent()))
    return Solved(
        taken=Candidates.joined([field.taken.candidates for field in fields]),
        values=values,
        bounds=values,
        stopped="proven",
        parts=tuple(SolvedPart(f.requests, "flow", f.values, f.values) for f in fields),
        work=0.0,
    )
