"""Jobs over HTTP: a real server, real solver processes."""

from __future__ import annotations

import json
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hard_world import hard_world
from serving import served, until

from api.http.app import create_app
from api.http.operations import example_dataset
from api.http.settings import Settings
from api.http.solving import Outcome

ASYNC = {"Prefer": "wait=1, respond-async"}


@pytest.fixture(scope="module")
def server() -> Iterator[httpx2.Client]:
    """A service with two solver processes, of which jobs may take one."""
    with served(create_app(Settings(workers=2))) as client:
        yield client


def started(server: httpx2.Client, **body: Any) -> str:
    """Address of a new job."""
    response = server.post("/v1/match", json=body, headers=ASYNC)
    assert response.status_code == 202
    assert response.headers["preference-applied"] == "respond-async"
    address: str = response.headers["location"]
    assert address == f"/v1/jobs/{response.json()['id']}"
    return address


def test_a_job_gives_what_a_match_gives(server: httpx2.Client) -> None:
    """The same answer, at another address and later."""
    body = {"dataset": example_dataset(), "limits": {"seconds": 5, "deterministic": True}}
    job = until(server, started(server, **body), "done")
    answer = server.post("/v1/match", json=body).json()
    assert job["result"]["plan"] == answer["plan"]
    assert job["result"]["certificate"]["proven"] is True
    assert job["kind"] == "match"
    assert job["created"] <= job["started"] <= job["ended"] < job["expires"]


def test_a_long_match_becomes_a_job_by_itself(server: httpx2.Client) -> None:
    """Up to thirty seconds are waited for; more are not."""
    body = {"dataset": example_dataset(), "limits": {"seconds": 30}}
    assert server.post("/v1/match", json=body).status_code == 200
    response = server.post("/v1/match", json=body | {"limits": {"seconds": 30.1}})
    assert response.status_code == 202
    assert "preference-applied" not in response.headers
    assert until(server, response.headers["location"], "done")["result"]["plan"]


def test_a_cancelled_job_has_the_best_so_far(server: httpx2.Client) -> None:
    """Half an hour was asked for; a few seconds later there is a verified plan, with bounds,
    and meanwhile events told how far it was.
    """
    address = started(server, dataset=hard_world(), limits={"seconds": 1800})
    with server.stream("GET", f"{address}/events") as events:
        assert events.headers["content-type"].startswith("text/event-stream")
        told = []
        for line in events.iter_lines():
            if line.startswith("data: "):
                told.append(json.loads(line[6:]))
            if told and "progress" in told[-1]:
                break
    levels = told[-1]["progress"]["levels"]
    assert all(level["bound"] <= level["value"] for level in levels)
    assert server.delete(address).status_code in (200, 202)  # 202: it takes more than a moment
    job = until(server, address, "cancelled")
    assert job["cancel_requested"] is True
    assert job["result"]["certificate"]["stopped"] == "cancelled"
    assert job["result"]["measures"]["placed"] > 100
    assert server.delete(address).json() == job
    with server.stream("GET", f"{address}/events") as events:
        lines = list(events.iter_lines())
    assert lines[0] == "event: end"
    assert "result" not in json.loads(lines[1].removeprefix("data: "))


def test_who_waits_is_not_kept_by_jobs(server: httpx2.Client) -> None:
    """With a job that takes its time, a match is answered by the other process; a second job
    waits, and one that waits is cancelled at once.
    """
    first = started(server, dataset=hard_world(), limits={"seconds": 600})
    until(server, first, "running")
    second = started(server, dataset=hard_world(), limits={"seconds": 600})
    body = {"dataset": example_dataset(), "limits": {"seconds": 5}}
    assert server.post("/v1/match", json=body).status_code == 200
    assert server.get(second).json()["state"] == "queued"
    assert server.delete(second).json()["state"] == "cancelled"
    server.delete(first)
    assert until(server, first, "cancelled")["cancel_requested"] is True


def test_a_job_that_cannot_be_used_fails_with_the_reasons(server: httpx2.Client) -> None:
    """The problem is the one a match would have answered."""
    body = {"dataset": example_dataset(), "limits": {"seconds": 3601}}
    job = until(server, started(server, **body), "failed")
    answer = server.post("/v1/match", json=body)
    assert answer.status_code == 422
    assert job["problem"] == answer.json()
    assert "result" not in job


def test_jobs_that_nobody_has(server: httpx2.Client) -> None:
    """Reading, watching or cancelling one is 404, as problem details."""
    for method, address in (
        ("GET", "/v1/jobs/x"),
        ("DELETE", "/v1/jobs/x"),
        ("GET", "/v1/jobs/x/events"),
    ):
        response = server.request(method, address)
        assert response.status_code == 404
        assert response.json()["type"] == "urn:slotmatch:problem:no-such-job"


def test_a_large_result_is_held_once() -> None:
    """Ten clients ask for forty megabytes and do not read on: the service does not copy it for
    each of them; who reads gets all of it.
    """
    app = create_app(Settings(workers=1))
    with served(app) as client, ExitStack() as leaving:
        result = b'{"plan": "' + b"x" * 40_000_000 + b'"}'
        raw = json.dumps({"dataset": example_dataset()}).encode()
        address = client.post("/v1/match", content=raw, headers=ASYNC).headers["location"]
        until(client, address, "done")
        app.state.jobs.get(address.rpartition("/")[2]).outcome = Outcome("done", result)
        before = resident_bytes()
        for _ in range(10):
            asking = leaving.enter_context(
                socket.create_connection((client.base_url.host, client.base_url.port or 80))
            )
            asking.sendall(f"GET {address} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(1)
        assert resident_bytes() - before < 200_000_000
        answer = client.get(address)
        assert len(answer.content) == int(answer.headers["content-length"])
        assert answer.json()["result"] == json.loads(result)
        assert answer.json()["state"] == "done"


def resident_bytes() -> int:
    """Memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
