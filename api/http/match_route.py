"""``POST /v1/match``: of a dataset, or of those who wait in the store."""

from __future__ import annotations

from functools import partial

from fastapi import Request, Response

from api.http.clients import client_of
from api.http.live.planning import work_of_store
from api.http.matching import solve, work_of_body


async def match(request: Request) -> Response:
    """Place open requests: of an inline dataset, of the one held, or of the store."""
    live = request.app.state.live
    if live is None:
        return await solve(request, partial(work_of_body, "match"))
    return await solve(request, partial(work_of_store, live, client_of(request).id))
