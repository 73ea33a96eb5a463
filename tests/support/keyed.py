"""A service that asks for keys, and who asks it; without processes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import httpx2
from fastapi import FastAPI

from api.http.app import create_app
from api.http.jobs import JobStore
from api.http.problems import urn
from api.http.settings import Settings
from api.http.solving import Outcome, Task
from api.store.keys import Keys

LIMITS = Settings(workers=1, max_jobs=4, max_waiting=3)


class EasyPool:
    """Answers at once, or after a while."""

    running = waiting = 0
    is_ready = True

    def __init__(self, seconds: float = 0) -> None:
        self._seconds = seconds

    def require_room(self) -> None:
        """There always is."""

    async def ask(self, _task: Task, _gone: object) -> Outcome:
        """Answer."""
        await asyncio.sleep(self._seconds)
        return Outcome("done", body=b"{}")


def service(keys: Keys | None, settings: Settings = LIMITS, seconds: float = 0) -> FastAPI:
    """A service that asks for them, without processes."""
    app = create_app(settings, keys=keys)
    app.state.pool = app.state.finders = EasyPool(seconds)
    app.state.jobs = JobStore(app.state.pool, settings, app.state.metrics.ended)
    return app


Asking = Callable[[httpx2.AsyncClient], Coroutine[Any, Any, Any]]


def asked(app: FastAPI, work: Asking) -> Any:
    """What comes of asking it."""

    async def ask() -> Any:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://service") as client:
            return await work(client)

    return asyncio.run(ask())


def bearer(key: str) -> dict[str, str]:
    """The head of a request with a key."""
    return {"Authorization": f"Bearer {key}"}


def answer(app: FastAPI, method: str, path: str, **more: Any) -> httpx2.Response:
    """One answer."""
    found: httpx2.Response = asked(app, lambda client: client.request(method, path, **more))
    return found


def is_problem(response: httpx2.Response, name: str) -> bool:
    """Whether an answer is that problem."""
    is_typed = response.headers["content-type"] == "application/problem+json"
    return is_typed and response.json()["type"] == urn(name)
