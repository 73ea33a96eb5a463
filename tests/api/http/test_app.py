"""Error answers that a real server gives rarely: a pool that refuses, dies or fails."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from api.http.app import create_app
from api.http.health import RETRY_AFTER_SECONDS
from api.http.pool import BusyError, KilledError
from api.http.problems import PROBLEM_TYPES, urn
from api.http.solving import Outcome, Task


class FakePool:
    """Answers every match with the same outcome or exception."""

    def __init__(self, outcome: Outcome | Exception) -> None:
        self._outcome = outcome

    def require_room(self) -> None:
        """There always is."""

    async def ask(self, _task: Task, _gone: object) -> Outcome:
        """Answer."""
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome


def answer(outcome: Outcome | Exception) -> httpx2.Response:
    """What a client gets when the pool does this."""
    app = create_app()
    app.state.pool = FakePool(outcome)

    async def ask() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://service") as client:
            return await client.post("/v1/match", content=b"{}")

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("outcome", "name"),
    [
        (BusyError(), "busy"),
        (KilledError(), "solver-killed"),
        (Outcome("failed"), "internal"),
        (RuntimeError("patient p1"), "internal"),
    ],
)
def test_every_failure_of_the_pool_is_one_clear_problem(outcome: Any, name: str) -> None:
    """Problem details with the status of the table, and nothing of the cause."""
    response = answer(outcome)
    content = response.json()
    assert response.status_code == PROBLEM_TYPES[name].status
    assert response.headers["content-type"] == "application/problem+json"
    assert content["type"] == urn(name)
    assert "p1" not in response.text


def test_who_is_refused_hears_when_to_come_back() -> None:
    """A full service says how long to wait."""
    assert answer(BusyError()).headers["retry-after"] == str(RETRY_AFTER_SECONDS)


def test_it_ends_while_it_still_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a preparation that nobody needs any more."""

    async def start(*_: object) -> None:
        await asyncio.Event().wait()

    async def story() -> None:
        app = create_app()
        async with asyncio.timeout(20), app.router.lifespan_context(app):
            pass

    monkeypatch.setattr("api.http.app._start", start)
    asyncio.run(story())


def test_an_address_with_a_slash_too_many_is_not_found() -> None:
    """No redirection, which would repeat the host and the query that somebody sent."""

    async def ask() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=create_app())
        async with httpx2.AsyncClient(transport=transport, base_url="http://ann") as client:
            return await client.get("/livez/?name=ann")

    response = asyncio.run(ask())
    assert response.status_code == 404
    assert response.json()["type"] == urn("not-found")
    assert "ann" not in response.text + str(response.headers)


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("DELETE", "/v1/appointments", "GET, POST"),
        ("POST", "/v1/patients/ann", "GET, PUT"),
        ("PUT", "/v1/jobs/one", "DELETE, GET"),
        ("PUT", "/v1/appointments/one/move", "POST"),
        ("GET", "/v1/match", "POST"),
    ],
)
def test_a_wrong_method_is_told_every_right_one(method: str, address: str, allowed: str) -> None:
    """Not only those of the first route that has the address."""

    async def ask() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=create_app())
        async with httpx2.AsyncClient(transport=transport, base_url="http://service") as client:
            return await client.request(method, address)

    response = asyncio.run(ask())
    assert response.status_code == 405
    assert response.json()["type"] == urn("method-not-allowed")
    assert response.headers["allow"] == allowed
