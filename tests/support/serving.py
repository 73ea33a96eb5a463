"""A real server for tests, in a thread of this process; its solver processes are its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import uvicorn
from fastapi import FastAPI


@contextmanager
def served(app: FastAPI) -> Iterator[httpx2.Client]:
    """Serve an application on a free port; a client that is patient."""
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_level="warning", timeout_graceful_shutdown=5)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    try:
        with httpx2.Client(base_url=f"http://{host}:{port}", timeout=300) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(timeout=60)
        assert not thread.is_alive()


def until(server: httpx2.Client, address: str, *states: str) -> dict[str, Any]:
    """A job when it is in one of the states."""
    for _ in range(300):
        job: dict[str, Any] = server.get(address).json()
        if job["state"] in states:
            return job
        time.sleep(0.1)
    raise AssertionError(job["state"])


def errors(response: httpx2.Response) -> set[tuple[str, str]]:
    """Code and path of everything a refusal names."""
    assert response.status_code == 422, response.text
    assert response.headers["content-type"] == "application/problem+json"
    return {(row["code"], row["path"]) for row in response.json()["errors"]}
