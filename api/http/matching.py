"""Matches and repairs: answered at once, or a job."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

from fastapi import Request, Response

from api.http.clients import client_of
from api.http.job_routes import accepted
from api.http.jobs import Finish, as_it_is
from api.http.pool import BusyError, GoneError, KilledError, SolverPool
from api.http.problems import FAILED, answer, problem, refusal
from api.http.settings import MAX_SECONDS, MAX_SYNCHRONOUS_SECONDS
from api.http.solving import Kind, Outcome, Task


@dataclass(frozen=True, slots=True)
class Work:
    """What a body asks for.

    Parameters
    ----------
    task
        For a solver process.
    finish
        What becomes of its answer before anybody is told.
    is_long
        Whether it is known already that it is a job.
    """

    task: Task
    finish: Finish = as_it_is
    is_long: bool = False


async def work_of_body(kind: Kind, raw: bytes) -> Work:
    """A body that the process reads itself."""
    return Work(Task(kind, raw, MAX_SYNCHRONOUS_SECONDS))


async def repair(request: Request) -> Response:
    """Mend what events break: in an inline dataset, or in the dataset held."""
    return await solve(request, partial(work_of_body, "repair"))


async def solve(request: Request, read: Callable[[bytes], Awaitable[Work]]) -> Response:
    """Answer with what a process makes of a body, or with a job where that takes long."""
    state, wants_job = request.app.state, prefers_a_job(request)
    owner = client_of(request).id
    if wants_job:  # a full service reads no body
        state.jobs.require_room(owner)
    else:
        state.pool.require_room()
    async with state.bodies.read(request) as raw:
        work = await read(raw)
        if not wants_job and not work.is_long:
            outcome = await ask(request, state.pool, work.task)
            if outcome.kind != "too_long":
                return response(await work.finish(outcome))
        task = replace(work.task, max_seconds=MAX_SECONDS)
        job = state.jobs.add(task, owner, work.finish)
    return accepted(job, state.jobs, preferred=wants_job)


async def ask(request: Request, pool: SolverPool, task: Task) -> Outcome:
    """What a solver process answers to a client that waits."""
    metrics, began = request.app.state.metrics, time.perf_counter()
    words: dict[type[Exception], str] = {
        BusyError: "busy",
        KilledError: "killed",
        GoneError: "gone",
    }
    try:
        outcome: Outcome = await pool.ask(task, request.is_disconnected)
    except tuple(words) as error:
        metrics.ended(task.kind, words[type(error)], time.perf_counter() - began)
        raise
    metrics.ended(task.kind, outcome, time.perf_counter() - began)
    return outcome


def response(outcome: Outcome) -> Response:
    """An outcome as an answer."""
    if outcome.kind == "done":
        return Response(outcome.body, media_type="application/json")
    if outcome.kind == "invalid":
        return answer(refusal(outcome))
    return problem("internal", FAILED)


def prefers_a_job(request: Request) -> bool:
    """Whether a header ``Prefer: respond-async`` (RFC 7240) says so."""
    stated = ",".join(request.headers.getlist("prefer")).split(",")
    return any(part.partition(";")[0].strip().lower() == "respond-async" for part in stated)
