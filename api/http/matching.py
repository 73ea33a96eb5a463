"""``POST /v1/match`` and ``POST /v1/repairs``: answered at once, or a job."""

from __future__ import annotations

import time

from fastapi import Request, Response

from api.http.clients import client_of
from api.http.job_routes import accepted
from api.http.pool import BusyError, GoneError, KilledError, SolverPool
from api.http.problems import FAILED, answer, problem, refusal
from api.http.settings import MAX_SECONDS, MAX_SYNCHRONOUS_SECONDS
from api.http.solving import Kind, Outcome, Task


async def match(request: Request) -> Response:
    """Place open requests: those of an inline dataset, or some against the dataset held."""
    return await _solve(request, "match")


async def repair(request: Request) -> Response:
    """Mend what events break: in an inline dataset, or in the dataset held."""
    return await _solve(request, "repair")


async def _solve(request: Request, kind: Kind) -> Response:
    state, wants_job = request.app.state, prefers_a_job(request)
    owner = client_of(request).id
    if wants_job:  # a full service reads no body
        state.jobs.require_room(owner)
    else:
        state.pool.require_room()
    async with state.bodies.read(request) as raw:
        if not wants_job:
            outcome = await ask(request, state.pool, Task(kind, raw, MAX_SYNCHRONOUS_SECONDS))
            if outcome.kind != "too_long":
                return response(outcome)
        job = state.jobs.add(Task(kind, raw, MAX_SECONDS), owner)
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
