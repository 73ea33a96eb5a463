"""The outermost layer: ids, lines in the log, counts, and faults without their text."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import structlog
from fastapi import FastAPI

from api.http import logs
from api.http.access import Access
from api.http.jobs import JobStore
from api.http.metrics import Metrics
from api.http.pool import SolverPool
from api.http.settings import Settings
from api.http.solving import Outcome

NAME = "ann@example.org"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Where the logs go."""
    out, before = io.StringIO(), logging.getLogger().handlers[:]
    logs.configure(out)
    yield out
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = before


def read(lines: io.StringIO) -> list[dict[str, Any]]:
    """Every line of the log."""
    return [json.loads(line) for line in lines.getvalue().splitlines()]


async def ask(path: str, headers: dict[str, str] | None = None) -> tuple[httpx2.Response, Metrics]:
    """An answer of a small application, and what was counted."""
    metrics, app = Metrics(), FastAPI()

    @app.get("/things/{name}")
    async def thing(name: str) -> dict[str, int]:
        if name == "fault":
            raise ValueError(NAME)
        return {"length": len(name)}

    app.add_middleware(Access, metrics=metrics)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://service") as client:
        return await client.get(path, headers=headers), metrics


def test_a_request_is_one_line_without_what_it_names(lines: io.StringIO) -> None:
    """The route stands in it, not the address, which may name a patient."""
    response, _ = asyncio.run(ask(f"/things/{NAME}?q={NAME}"))
    assert response.status_code == 200
    (line,) = read(lines)
    assert line["route"] == "/things/{name}"
    assert (line["method"], line["status"], line["event"]) == ("GET", 200, "request")
    assert line["request"] == response.headers["x-request-id"]
    assert NAME not in lines.getvalue()


@pytest.mark.parametrize(
    ("given", "is_kept"), [("abc-1.2_3", True), ("a" * 65, False), (NAME, False), ("", False)]
)
def test_plain_ids_of_requests_are_kept(lines: io.StringIO, given: str, is_kept: bool) -> None:
    """Others get one of ours."""
    response, _ = asyncio.run(ask("/things/a", {"X-Request-ID": given}))
    assert (response.headers["x-request-id"] == given) is is_kept
    assert response.headers["x-request-id"]
    assert NAME not in lines.getvalue()


def test_a_fault_is_problem_details_and_its_kind_in_the_log(lines: io.StringIO) -> None:
    """Where it was raised is logged; its text is nowhere."""
    response, _ = asyncio.run(ask("/things/fault"))
    assert response.status_code == 500
    assert response.json()["type"] == "urn:slotmatch:problem:internal"
    fault, request = read(lines)
    assert fault["fault"] == "ValueError"
    assert any(place.startswith("test_access.py:") for place in fault["at"])
    assert request["status"] == 500
    assert NAME not in lines.getvalue() + response.text


def test_requests_are_counted_by_route(lines: io.StringIO) -> None:
    """An address that no route has is counted as other."""
    assert isinstance(lines, io.StringIO)
    _, metrics = asyncio.run(ask("/nowhere/ann"))
    text = counted(metrics)
    assert 'slotmatch_http_requests_total{method="GET",route="other",status="404"} 1.0' in text


def counted(metrics: Metrics) -> str:
    """Everything counted, as text."""

    async def look() -> str:
        pool = SolverPool(Settings(workers=1))
        try:
            return metrics.text(pool, JobStore(pool, Settings(), metrics.ended)).decode()
        finally:
            pool.close()

    return asyncio.run(look())


def test_tasks_are_counted_by_what_became_of_them(lines: io.StringIO) -> None:
    """How a match stopped, how many it placed, and why others did not come so far."""
    metrics = Metrics()
    facts = {"stopped": "proven", "requests": 5, "placed": 4, "no_candidate": 1, NAME: NAME}
    metrics.ended("match", Outcome("done", b"{}", facts=facts), 0.5)
    metrics.ended("match", Outcome("invalid"), 0.1)
    metrics.ended("match", "killed", 9.0)
    text = counted(metrics)
    for outcome in ("proven", "invalid", "killed"):
        assert f'slotmatch_tasks_total{{kind="match",outcome="{outcome}"}} 1.0' in text
    assert 'slotmatch_match_requests_total{state="placed"} 4.0' in text
    assert 'slotmatch_match_requests_total{state="unplaced"} 1.0' in text
    assert 'slotmatch_jobs{state="running"} 0.0' in text
    assert [line["outcome"] for line in read(lines)] == ["proven", "invalid", "killed"]
    assert NAME not in text + lines.getvalue()


def test_of_what_libraries_log_only_that_they_did(lines: io.StringIO) -> None:
    """Messages and exceptions may hold anything; those of the server name its address."""
    logging.getLogger("some.library").error("row of %s", NAME)
    error = ValueError(NAME)
    logging.getLogger("uvicorn.error").error("in the application: %s", NAME, exc_info=error)
    logging.getLogger("uvicorn.error").info("listening on %s", "127.0.0.1")
    logging.getLogger("uvicorn.error").error("Traceback (…):\n  …\nValueError: %s", NAME)
    library, fault, address, traceback = read(lines)
    assert library["logger"] == "some.library"
    assert fault["fault"] == "ValueError"
    assert address["event"] == "listening on 127.0.0.1"
    assert traceback["event"] == "a library logged something"
    assert NAME not in lines.getvalue()
