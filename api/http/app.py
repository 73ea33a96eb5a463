"""The application: routes, resources and error answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api.http.body import BodyTooLargeError, BodyTooSlowError, read_body
from api.http.openapi import MATCH_DOCS, document
from api.http.pool import BusyError, GoneError, KilledError, SolverPool
from api.http.problems import name_of_status, problem
from api.http.settings import Settings

RETRY_AFTER_SECONDS = 5
CLIENT_CLOSED = 499  # the usual status for a request whose client went away


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the application; resources live as long as it runs."""
    chosen = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.pool = SolverPool(chosen)
        try:
            yield
        finally:
            app.state.pool.close()

    app = FastAPI(
        title="Slotmatch",
        version=version("slotmatch"),
        lifespan=lifespan,
        docs_url=None,  # the default page loads its scripts from elsewhere
        redoc_url=None,
    )
    app.state.settings = chosen
    app.add_api_route("/v1/match", match, methods=["POST"], **MATCH_DOCS)
    app.add_api_route("/livez", livez, methods=["GET"], summary="Is the process alive?")
    app.add_api_route("/readyz", readyz, methods=["GET"], summary="Are matches taken?")
    _answer_errors(app)
    document(app)
    return app


async def match(request: Request) -> Response:
    """Place the open requests of an inline dataset."""
    state = request.app.state
    state.pool.require_room()  # before the body is read: a full service reads nothing
    settings = state.settings
    raw = await read_body(request, settings.max_body_bytes, settings.body_seconds)
    outcome = await state.pool.match(raw, request.is_disconnected)
    if outcome.kind == "done":
        return Response(outcome.body, media_type="application/json")
    if outcome.kind == "invalid":
        errors = [row for row in outcome.problems if row["severity"] == "error"]
        detail = f"{errors[0]['path']}: {errors[0]['message']} (errors found: {outcome.num_errors})"
        return problem("invalid-request", detail, errors=list(outcome.problems))
    return problem("internal", "the plan did not pass its own judges, or the solver failed")


async def livez() -> dict[str, str]:
    """Answer as long as the process lives."""
    return {"status": "alive"}


async def readyz(request: Request) -> Response:
    """Answer yes where matches are taken: a process that only lives is not ready."""
    if request.app.state.pool.is_ready:
        return JSONResponse({"status": "ready"})
    return problem(
        "busy", "no solver process takes work", {"Retry-After": str(RETRY_AFTER_SECONDS)}
    )


def _answer_errors(app: FastAPI) -> None:
    """Every exception becomes problem details; none shows its text."""

    @app.exception_handler(BodyTooLargeError)
    async def too_large(_request: Request, _error: Exception) -> Response:
        return problem("body-too-large", "send less, or run the match from the command line")

    @app.exception_handler(BodyTooSlowError)
    async def too_slow(_request: Request, _error: Exception) -> Response:
        return problem("body-too-slow", "send it faster, or in a smaller piece")

    @app.exception_handler(GoneError)
    @app.exception_handler(ClientDisconnect)
    async def gone(_request: Request, _error: Exception) -> Response:
        return Response(status_code=CLIENT_CLOSED)  # nobody reads it

    @app.exception_handler(BusyError)
    async def busy(_request: Request, _error: Exception) -> Response:
        headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
        return problem("busy", "try again in a few seconds", headers)

    @app.exception_handler(KilledError)
    async def killed(_request: Request, _error: Exception) -> Response:
        return problem("solver-killed", "nothing was changed; a smaller problem may work")

    @app.exception_handler(HTTPException)
    async def plain(_request: Request, error: HTTPException) -> Response:
        return problem(name_of_status(error.status_code), error.detail, dict(error.headers or {}))

    @app.exception_handler(Exception)
    async def unexpected(_request: Request, _error: Exception) -> Response:
        return problem("internal", "nothing was changed")
