"""Whether the service lives, takes work, and what it counted."""

from __future__ import annotations

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from api.http.metrics import MEDIA_TYPE
from api.http.problems import problem

RETRY_AFTER_SECONDS = 5
_AGAIN = {"Retry-After": str(RETRY_AFTER_SECONDS)}


async def livez() -> dict[str, str]:
    """Answer as long as the process lives."""
    return {"status": "alive"}


async def readyz(request: Request) -> Response:
    """Answer yes where matches are taken: a process that only lives is not ready."""
    pool, live = request.app.state.pool, request.app.state.live
    if live is not None and not live.index.is_ready:
        return problem("store-busy", "the index of the store is being made", _AGAIN)
    if pool.is_ready:
        return JSONResponse({"status": "ready"})
    await pool.revive()  # whoever looks may send nothing else until it is ready
    return problem("busy", "no solver process takes work", _AGAIN)


async def metrics(request: Request) -> Response:
    """Counters for Prometheus."""
    state = request.app.state
    return Response(state.metrics.text(state.pool, state.jobs), media_type=MEDIA_TYPE)
