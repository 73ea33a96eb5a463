"""``POST /v1/scenarios`` and ``POST /v1/changes``."""

from __future__ import annotations

from fastapi import Request, Response

from api.http.clients import client_of
from api.http.job_routes import accepted
from api.http.matching import ask, prefers_a_job, response
from api.http.settings import MAX_SECONDS, MAX_SYNCHRONOUS_SECONDS
from api.http.solving import Task


async def run_scenario(request: Request) -> Response:
    """Run a scenario as a job, once nothing is found wrong with it."""
    state, owner = request.app.state, client_of(request).id
    state.jobs.require_room(owner)  # a full service reads no body
    async with state.bodies.read(request) as raw:
        judged = await ask(request, state.pool, Task("judge", raw, MAX_SYNCHRONOUS_SECONDS))
        if judged.kind != "done":
            return response(judged)
        job = state.jobs.add(Task("scenario", raw, MAX_SECONDS), owner)
    return accepted(job, state.jobs, preferred=prefers_a_job(request))


async def apply_changes(request: Request) -> Response:
    """Apply changes to an inline dataset, or to the dataset held; neither is kept."""
    state = request.app.state
    state.pool.require_room()
    async with state.bodies.read(request) as raw:
        task = Task("changes", raw, MAX_SYNCHRONOUS_SECONDS)
        return response(await ask(request, state.pool, task))
