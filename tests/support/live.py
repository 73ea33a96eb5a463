"""The live service as tests ask it: over HTTP, on a store, without solver processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from typing import Any

import httpx2
from clinic import MONDAY
from fastapi import FastAPI
from serving import served

from api.http import find_route, health
from api.http.access import Access
from api.http.allowed import add_route
from api.http.app import _answer_errors
from api.http.body import Bodies
from api.http.clients import Gate
from api.http.live import replies
from api.http.live.routes import add_live_routes
from api.http.live.service import MOST_OF_ONE, Live, LiveSettings
from api.http.metrics import Metrics
from api.http.problems import PROBLEM_TYPES, urn
from api.http.settings import MIB, Settings
from api.store.placing import Place
from api.store.store import Store

_keys = count()


def live_app(store: Store, **limits: Any) -> FastAPI:
    """The live routes alone, on a clinic's Monday."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        settings = LiveSettings(**{"as_of": MONDAY} | limits)
        app.state.live = live = Live(store, settings)
        sweeping = asyncio.create_task(live.sweep())
        yield
        sweeping.cancel()
        await asyncio.wait({sweeping})
        live.close()

    app = FastAPI(lifespan=lifespan)
    app.state.gate = Gate(None, Settings())
    app.state.find_bodies = Bodies(MIB, 64 * MIB, 30.0, MOST_OF_ONE)
    add_route(app, "POST", "/v1/find", find_route.find)
    app.add_api_route("/livez", health.livez, methods=["GET"])
    add_live_routes(app)
    _answer_errors(app)
    replies.answer_errors(app)
    app.add_middleware(Access, metrics=Metrics())
    return app


@contextmanager
def live(store: Store, **limits: Any) -> Iterator[Desk]:
    """Somebody who asks the service on a store."""
    with served(live_app(store, **limits)) as client:
        yield Desk(client)


class Desk:
    """Asks as people at a desk do: a new key for every thing they want."""

    def __init__(self, client: httpx2.Client) -> None:
        self.client = client

    def post(self, path: str, key: str | None = "", /, **body: Any) -> httpx2.Response:
        """Ask for something, with a key of its own unless one is given; ``None``: without."""
        headers = {} if key is None else {"Idempotency-Key": key or new_key()}
        return self.client.post(path, json=body, headers=headers)

    def hold(
        self, request: str, where: Place, key: str | None = "", **more: Any
    ) -> httpx2.Response:
        """Ask for a hold."""
        return self.post("/v1/holds", key, request_id=request, place=told(where), **more)

    def book(self, hold_id: str, key: str | None = "") -> httpx2.Response:
        """Book a hold."""
        return self.post("/v1/appointments", key, hold_id=hold_id)

    def booked(self, request: str, where: Place) -> dict[str, Any]:
        """An appointment at a place."""
        hold = self.hold(request, where)
        assert hold.status_code == 201, hold.text
        made = self.book(hold.json()["id"])
        assert made.status_code == 201, made.text
        return made.json()

    def found(self, request: str, k: int = 10) -> list[dict[str, Any]]:
        """The best places."""
        answer = self.client.post("/v1/find", json={"request_id": request, "k": k})
        assert answer.status_code == 200, answer.text
        return answer.json()["places"]


def new_key() -> str:
    """A key that nobody used."""
    return f"key-{next(_keys)}"


def told(where: Place) -> dict[str, Any]:
    """A place as a body says it."""
    row = {
        "role_id": where.role_id,
        "start": where.start.isoformat(),
        "end": where.end.isoformat(),
    }
    return row if where.session_id is None else row | {"session_id": where.session_id}


def problem(response: httpx2.Response, name: str) -> dict[str, Any]:
    """The answer is problem details of that type."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    content: dict[str, Any] = response.json()
    assert content["type"] == urn(name), response.text
    kind = PROBLEM_TYPES[name]
    assert (response.status_code, content["title"]) == (kind.status, kind.title)
    return content
