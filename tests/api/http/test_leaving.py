"""Clients that go away, or dawdle: a real server, one process, nobody may wait."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx2
import pytest
from fastapi import FastAPI
from hard_world import hard_world
from long_repair import long_repair
from serving import served

from api.http.app import create_app
from api.http.settings import MIB, Settings
from engine.interchange.dataset import write_document
from scenarios.world import WorldSpec, generate_world


@pytest.fixture(scope="module")
def app() -> FastAPI:
    """An application with one solver process, no queue, and little patience."""
    return create_app(Settings(workers=1, max_waiting=0, body_seconds=1.0))


@pytest.fixture(scope="module")
def address(app: FastAPI) -> Iterator[tuple[str, int]]:
    """A server of it on a free port."""
    with served(app) as client:
        yield client.base_url.host, client.base_url.port or 80


def request_head(length: int, path: str = "/v1/match") -> bytes:
    """The head of a request with a body of so many bytes."""
    return f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode()


def at_work(app: FastAPI) -> None:
    """Wait until a solver process has something to do."""
    for _ in range(300):
        if app.state.pool.running:
            return
        time.sleep(0.1)
    raise AssertionError("nothing came")


@pytest.mark.parametrize("path", ["/v1/match", "/v1/repairs"])
def test_solve_of_a_client_that_leaves_is_ended(
    app: FastAPI, address: tuple[str, int], path: str
) -> None:
    """The only process is free again at once, though it was given half a minute."""
    dataset = {"dataset": hard_world()}
    content = dataset if path == "/v1/match" else long_repair()
    body = json.dumps(content | {"limits": {"seconds": 30}}).encode()
    with socket.create_connection(address) as client:
        client.sendall(request_head(len(body), path) + body)
        at_work(app)
        time.sleep(2)  # it has read by then, and searches
        with httpx2.Client(base_url=f"http://{address[0]}:{address[1]}", timeout=30) as other:
            assert other.post(path, content=b"[]").status_code == 503  # it is at it
    with httpx2.Client(base_url=f"http://{address[0]}:{address[1]}", timeout=30) as client:
        for _ in range(80):
            response = client.post(path, content=b"[]")
            if response.status_code != 503:
                break
            time.sleep(0.25)
        assert response.status_code == 422  # read, and refused for what it is
        assert client.get("/readyz").json() == {"status": "ready"}
        kind = "match" if path == "/v1/match" else "repair"
        counted = f'slotmatch_tasks_total{{kind="{kind}",outcome="gone"}} 1.0'
        assert counted in client.get("/metrics").text


def test_killed_solver_is_one_clear_error(app: FastAPI, address: tuple[str, int]) -> None:
    """The match answers that its process died; the next one gets a new process."""
    content = {"dataset": hard_world(), "limits": {"seconds": 30}}
    answers: list[httpx2.Response] = []
    with httpx2.Client(base_url=f"http://{address[0]}:{address[1]}", timeout=60) as client:
        asking = threading.Thread(
            target=lambda: answers.append(client.post("/v1/match", json=content))
        )
        asking.start()
        at_work(app)
        for pid in app.state.pool.pids():
            os.kill(pid, signal.SIGKILL)
        asking.join()
        assert answers[0].status_code == 500
        assert answers[0].json()["type"] == "urn:slotmatch:problem:solver-killed"
        assert client.post("/v1/match", content=b"[]").status_code == 422


@pytest.mark.no_cover  # most of it makes a large world
def test_process_that_wants_too_much_memory_fails_alone() -> None:
    """Where there is not enough for a match, its caller hears so, and the service goes on."""
    app = create_app(Settings(workers=1, max_process_bytes=640 * MIB))
    spec = WorldSpec(requests=3000, doctors=300, days=20, tightness="loose", seed=1)
    content = write_document(generate_world(spec))
    with served(app) as client:
        answer = client.post(
            "/v1/match", content=b'{"dataset": ' + content + b', "limits": {"seconds": 0}}'
        )
        assert answer.json()["type"] == "urn:slotmatch:problem:solver-killed"
        assert client.post("/v1/match", content=b"[]").status_code == 422


def test_body_that_does_not_arrive_is_given_up(address: tuple[str, int]) -> None:
    """A second without the body is enough: 408, as problem details."""
    with socket.create_connection(address) as client:
        client.settimeout(10)
        client.sendall(request_head(1_000) + b"{")
        answer = b""
        while b"}" not in answer:
            answer += client.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"urn:slotmatch:problem:body-too-slow" in answer


def test_client_that_leaves_while_sending_is_no_error(address: tuple[str, int]) -> None:
    """The service goes on as if nothing had been."""
    with socket.create_connection(address) as client:
        client.sendall(request_head(1_000) + b"{")
    with httpx2.Client(base_url=f"http://{address[0]}:{address[1]}", timeout=30) as client:
        assert client.get("/livez").status_code == 200


def test_bodies_that_arrive_together_are_bounded() -> None:
    """Three bodies of a megabyte where two are held: the third is refused, and there is room
    again when the others have left.
    """
    app = create_app(Settings(workers=1, max_bodies_bytes=5 * MIB // 2, body_seconds=20))
    with served(app) as client:
        address = (client.base_url.host, client.base_url.port or 80)
        with ExitStack() as leaving:
            for _ in range(2):
                sending = leaving.enter_context(socket.create_connection(address))
                sending.sendall(request_head(MIB + 1) + b" " * MIB)
            time.sleep(2)  # who asks too soon takes the room of one of them
            refused = client.post("/v1/match", content=b" " * MIB)
        assert refused.status_code == 503
        assert refused.headers["retry-after"]
        for _ in range(100):
            answer = client.post("/v1/match", content=b" " * MIB)
            if answer.status_code != 503:
                break
            time.sleep(0.1)
        assert answer.status_code == 422
