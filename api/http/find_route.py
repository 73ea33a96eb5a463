"""``POST /v1/find``."""

from __future__ import annotations

from fastapi import Request, Response

from api.http.live.find import find_in_store
from api.http.matching import ask, response
from api.http.problems import problem
from api.http.settings import MAX_SYNCHRONOUS_SECONDS
from api.http.solving import Task


async def find(request: Request) -> Response:
    """Rank the best places for one request, in the store or the dataset that the service holds."""
    state = request.app.state
    if state.live is not None:
        return await find_in_store(request, state.live)
    if state.finders is None:
        return problem("no-dataset", "start it with one: slotmatch serve DATASET")
    state.finders.require_room()
    async with state.find_bodies.read(request) as raw:
        task = Task("find", raw, MAX_SYNCHRONOUS_SECONDS)
        return response(await ask(request, state.finders, task))
