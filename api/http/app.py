"""The application: routes, resources and error answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match, Route

from api.http import find_route, health, job_routes, match_route, matching, what_if_routes
from api.http.access import CLIENT_CLOSED, Access
from api.http.allowed import add_route
from api.http.body import Bodies, BodyTooLargeError, BodyTooSlowError
from api.http.clients import (
    ForbiddenError,
    Gate,
    KeysUnreadableError,
    KnownKeys,
    UnknownClientError,
)
from api.http.faults import frames_of
from api.http.jobs import JobStore, NoJobError
from api.http.live import replies
from api.http.live.routes import add_live_routes
from api.http.live.service import MOST_OF_ONE, Live, LiveSettings
from api.http.metrics import Metrics
from api.http.openapi import document
from api.http.operations import (
    CANCEL_DOCS,
    EVENT_DOCS,
    FIND_DOCS,
    JOB_DOCS,
    LIVE_DOCS,
    MATCH_DOCS,
    METRICS_DOCS,
    READY_DOCS,
    REPAIR_DOCS,
)
from api.http.pool import BusyError, GoneError, KilledError, SolverPool
from api.http.problems import KILLED, known_names, name_of_status, problem
from api.http.rates import TooOftenError
from api.http.settings import MAX_SECONDS, MIB, Settings
from api.http.solving import Task
from api.http.what_if_docs import CHANGES_DOCS, SCENARIO_DOCS
from api.store.keys import Keys
from api.store.store import Store
from engine.domain import Dataset

METHOD_NOT_ALLOWED = 405
_FINDS_PER_PROCESS = 100_000
_FIND_BODIES_BYTES = 64 * MIB


def create_app(
    settings: Settings | None = None,
    held: Dataset | None = None,
    keys: Keys | None = None,
    store: Store | None = None,
    live_settings: LiveSettings | None = None,
) -> FastAPI:
    """Make the application; resources live as long as it runs.

    Parameters
    ----------
    settings
        Its limits.
    held
        A dataset, without errors, to match and find against.
    keys
        Who may ask; ``None``: anybody who reaches it.
    store
        What to find, hold and book in; it stays open.
    live_settings
        Limits of that.
    """
    chosen = settings or Settings()
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        asyncio.get_running_loop().set_exception_handler(_log_fault)
        known_names(), app.openapi()  # made once, before anybody waits for them
        app.state.pool = pool = SolverPool(chosen, held)
        app.state.finders = finders = None if held is None else _finders(chosen, held)
        app.state.jobs = JobStore(pool, chosen, metrics.ended)
        app.state.live = live = None if store is None else Live(store, live_settings)
        starting = {asyncio.create_task(_start(pool, finders))}
        if live is not None:
            starting.add(asyncio.create_task(live.sweep()))
        try:
            yield
        finally:
            for task in starting:
                task.cancel()  # with a large dataset it takes long
            await asyncio.wait(starting)
            await app.state.jobs.close()
            for some in (pool, finders, live):
                if some is not None:
                    some.close()

    app = FastAPIOffline(
        title="Slotmatch",
        version=version("slotmatch"),
        lifespan=lifespan,
        redoc_url=None,
        redirect_slashes=False,  # a redirection repeats the host and the query
        swagger_ui_parameters={"validatorUrl": None},  # it would ask another host
    )
    app.state.metrics, app.state.live = metrics, None
    app.state.gate = Gate(None if keys is None else KnownKeys(keys), chosen)
    each, together, seconds = chosen.max_body_bytes, chosen.max_bodies_bytes, chosen.body_seconds
    of_one = max(1, (chosen.workers + chosen.max_waiting) // 2)
    app.state.bodies = Bodies(each, together, seconds, of_one)
    finds_of_one = of_one if store is None else MOST_OF_ONE
    app.state.find_bodies = Bodies(MIB, _FIND_BODIES_BYTES, seconds, finds_of_one)
    _add_routes(app)
    _answer_errors(app)
    replies.answer_errors(app)
    app.add_middleware(Access, metrics=metrics)
    document(app)
    return app


def _finders(settings: Settings, held: Dataset) -> SolverPool:
    """A process for finds alone: they are quick, and do not wait behind matches.

    A fresh one has to make its arrays first, and finds wait meanwhile: it does many.
    """
    return SolverPool(replace(settings, workers=1, tasks_per_process=_FINDS_PER_PROCESS), held)


async def _start(pool: SolverPool, finders: SolverPool | None) -> None:
    """Make the processes, and have what finds need made before somebody waits for it."""
    begun = [pool.start()]
    if finders is not None:
        begun.append(finders.start(Task("prepare", b"", MAX_SECONDS)))
    await asyncio.gather(*begun)


def _add_routes(app: FastAPI) -> None:
    job = "/v1/jobs/{job_id}"
    scenarios, changes = what_if_routes.run_scenario, what_if_routes.apply_changes
    add_route(app, "POST", "/v1/match", match_route.match, **MATCH_DOCS)
    add_route(app, "POST", "/v1/repairs", matching.repair, **REPAIR_DOCS)
    add_route(app, "POST", "/v1/scenarios", scenarios, **SCENARIO_DOCS)
    add_route(app, "POST", "/v1/changes", changes, **CHANGES_DOCS)
    add_route(app, "POST", "/v1/find", find_route.find, **FIND_DOCS)
    add_route(app, "GET", job, job_routes.read_job, **JOB_DOCS)
    add_route(app, "DELETE", job, job_routes.cancel_job, **CANCEL_DOCS)
    add_route(app, "GET", f"{job}/events", job_routes.watch_job, **EVENT_DOCS)
    add_live_routes(app)
    add_route(app, "GET", "/livez", health.livez, **LIVE_DOCS)
    add_route(app, "GET", "/readyz", health.readyz, **READY_DOCS)
    add_route(app, "GET", "/metrics", health.metrics, **METRICS_DOCS)


def _log_fault(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log what nobody awaited, without its text."""
    error = context.get("exception")
    where = [] if error is None else frames_of(error)
    structlog.get_logger().error(event="fault", fault=type(error).__name__, at=where)


def _answer_errors(app: FastAPI) -> None:
    """Every exception becomes problem details; none shows its text."""
    _answer_strangers(app)

    @app.exception_handler(BodyTooLargeError)
    async def too_large(_request: Request, _error: Exception) -> Response:
        return problem("body-too-large", "send less, or do it from the command line")

    @app.exception_handler(BodyTooSlowError)
    async def too_slow(_request: Request, _error: Exception) -> Response:
        return problem("body-too-slow", "send it faster, or in a smaller piece")

    @app.exception_handler(GoneError)
    @app.exception_handler(ClientDisconnect)
    async def gone(_request: Request, _error: Exception) -> Response:
        return Response(status_code=CLIENT_CLOSED)  # nobody reads it

    @app.exception_handler(BusyError)
    async def busy(_request: Request, _error: Exception) -> Response:
        headers = {"Retry-After": str(health.RETRY_AFTER_SECONDS)}
        return problem("busy", "try again in a few seconds", headers)

    @app.exception_handler(KilledError)
    async def killed(_request: Request, _error: Exception) -> Response:
        return problem("solver-killed", KILLED)

    @app.exception_handler(NoJobError)
    async def no_job(_request: Request, _error: Exception) -> Response:
        return problem("no-such-job", "it is kept for a while after its end")

    @app.exception_handler(HTTPException)
    async def plain(request: Request, error: HTTPException) -> Response:
        headers = dict(error.headers or {})
        if error.status_code == METHOD_NOT_ALLOWED:
            headers["Allow"] = ", ".join(sorted(_methods_at(request)))
        return problem(name_of_status(error.status_code), error.detail, headers)


def _methods_at(request: Request) -> set[str]:
    """What an address answers: the routes that share it know each their own methods alone."""
    routes = [route for route in request.app.routes if isinstance(route, Route)]
    first = next(row for row in routes if row.matches(request.scope)[0] is not Match.NONE)
    same = (route for route in routes if route.path == first.path)
    return {method for route in same for method in route.methods or ()}


def _answer_strangers(app: FastAPI) -> None:
    """Refusals of who asks; what was shown as a key is repeated nowhere."""

    @app.exception_handler(UnknownClientError)
    async def unknown(_request: Request, _error: Exception) -> Response:
        headers = {"WWW-Authenticate": 'Bearer realm="slotmatch"'}
        return problem("unauthorized", "send a valid key: Authorization: Bearer sm_…", headers)

    @app.exception_handler(ForbiddenError)
    async def forbidden(_request: Request, error: ForbiddenError) -> Response:
        stated = f'Bearer realm="slotmatch", error="insufficient_scope", scope="{error.scope}"'
        detail = f"it needs the scope {error.scope}"
        return problem("forbidden", detail, {"WWW-Authenticate": stated})

    @app.exception_handler(TooOftenError)
    async def too_often(_request: Request, error: TooOftenError) -> Response:
        headers = {"Retry-After": str(error.seconds)}
        return problem("too-many-requests", "ask less often", headers)

    @app.exception_handler(KeysUnreadableError)
    async def unreadable(_request: Request, _error: Exception) -> Response:
        headers = {"Retry-After": str(health.RETRY_AFTER_SECONDS)}
        return problem("keys-unreadable", "nothing was changed", headers)
