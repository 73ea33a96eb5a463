"""The HTTP service: a real server, real child processes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from ports import free_port

from api.http.problems import PROBLEM_TYPES, urn
from engine.interchange.dataset import write_document
from scenarios.world import WorldSpec, generate_world

ROOT = Path(__file__).parents[2]
CLINIC = json.loads((ROOT / "scenarios/examples/small_clinic.json").read_text())


@pytest.fixture(scope="module")
def server() -> Iterator[httpx2.Client]:
    """``slotmatch serve`` on a free port."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli.main", "serve", "--port", str(port), "--workers", "2"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
    )
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=60.0) as client:
        for _ in range(600):
            try:
                client.get("/livez")
                break
            except httpx2.TransportError:
                time.sleep(0.1)
        yield client
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) in (0, -signal.SIGINT, 130)


def assert_problem(response: httpx2.Response, name: str) -> dict[str, Any]:
    """The answer is problem details of that type, and nothing else."""
    kind = PROBLEM_TYPES[name]
    assert response.status_code == kind.status
    assert response.headers["content-type"] == "application/problem+json"
    content: dict[str, Any] = response.json()
    assert content["type"] == urn(name)
    assert content["title"] == kind.title
    assert content["status"] == kind.status
    assert content["detail"]
    return content


def test_alive(server: httpx2.Client) -> None:
    """The process says that it lives."""
    assert server.get("/livez").json() == {"status": "alive"}


def test_match_answers_with_a_verified_plan(server: httpx2.Client) -> None:
    """The small clinic, posted inline: certificate, measures and a row per request."""
    response = server.post("/v1/match", json={"dataset": CLINIC})
    assert response.status_code == 200
    content = response.json()
    assert content["certificate"]["proven"] is True
    assert content["measures"]["placed"] == 4
    assert [row["state"] for row in content["plan"]].count("unplaced") == 1
    assert content["warnings"] == []


def test_policy_and_limits_are_heard(server: httpx2.Client) -> None:
    """Rules off and a deterministic limit change what is answered."""
    policy = {"rules": {"licensed_state": {"enabled": False}}}
    limits = {"seconds": 3, "seed": 7, "deterministic": True}
    response = server.post(
        "/v1/match", json={"dataset": CLINIC, "policy": policy, "limits": limits}
    )
    content = response.json()
    assert content["measures"]["placed"] == 5
    assert content["certificate"]["limits"]["seed"] == 7
    assert content["certificate"]["limits"]["deterministic"] is True


def test_everything_wrong_is_told_at_once(server: httpx2.Client) -> None:
    """Mistakes in dataset, policy and limits, each with code and path; names that only the body
    knows are not repeated.
    """
    broken = json.loads(json.dumps(CLINIC))
    broken["requests"][0]["patient_id"] = "nobody"
    broken["locations"][0]["time_zone"] = "Mars/Base"
    body = {
        "dataset": broken,
        "policy": {"rules": {"wiat": {}}},
        "limits": {"seconds": 9000},
        "colour": "red",
    }
    content = assert_problem(server.post("/v1/match", json=body), "invalid-request")
    found = {(row["code"], row["path"]) for row in content["errors"]}
    assert found >= {
        ("unknown_rule", "/policy/rules/*"),
        ("out_of_range", "/limits/seconds"),
        ("unknown_field", "/*"),
        ("unknown_time_zone", "/dataset/locations/0/time_zone"),
        ("dangling_reference", "/dataset/requests/0/patient_id"),
    }


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"dataset": NaN}',
        b'{"dataset": {"header": 1e999}}',
        b'{"dataset": 1, "dataset": 2}',
        b"[" * 100_000,
        b'{"dataset":' * 50_000,
        b'{"dataset": {"header": {"time_zone": "\\ud800"}}}',
        b'{"dataset": {}, "limits": 3}',
        b'{"dataset": {}, "limits": null}',
        b'{"dataset": {}, "policy": []}',
        b'{"limits": {"workers": 10000000000000000000000000}}',
        '{"dataset": {}}'.encode("utf-16"),
    ],
)
def test_hostile_bodies_are_refused_with_problem_details(server: httpx2.Client, raw: bytes) -> None:
    """What is no request is 422, never 500."""
    assert_problem(server.post("/v1/match", content=raw), "invalid-request")


def test_unknown_addresses_and_methods(server: httpx2.Client) -> None:
    """Also the errors that the framework makes are problem details."""
    assert_problem(server.get("/nowhere"), "not-found")
    response = server.get("/v1/match")
    assert_problem(response, "method-not-allowed")
    assert response.headers["allow"] == "POST"


def test_body_beyond_the_limit_is_refused(server: httpx2.Client) -> None:
    """More than 64 MiB is not read to the end."""

    def endless() -> Iterator[bytes]:
        for _ in range(70):
            yield b" " * (1 << 20)

    assert_problem(server.post("/v1/match", content=endless()), "body-too-large")


def test_alive_while_matches_run(server: httpx2.Client) -> None:
    """Two matches in the children leave the service free to answer."""
    body = json.loads(write_document(generate_world(WorldSpec(300, 30, 10, seed=2))))
    request = {"dataset": body, "limits": {"seconds": 3}}
    answers: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: answers.append(server.post("/v1/match", json=request).status_code)
        )
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    alive = 0
    while any(thread.is_alive() for thread in threads):
        assert server.get("/livez").status_code == 200
        alive += 1
        time.sleep(0.05)
    assert answers == [200, 200]
    assert alive >= 10  # in three seconds; who waits for a match is told once


def test_openapi_describes_what_is_answered(server: httpx2.Client) -> None:
    """The document is complete: every reference resolves, the example works, every answer
    of a match is described.
    """
    document = server.get("/openapi.json").json()
    text = json.dumps(document)
    schemas = document["components"]["schemas"]
    for name in {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert name in schemas
    operation = document["paths"]["/v1/match"]["post"]
    assert {"200", "413", "422", "500", "503"} <= set(operation["responses"])
    example = operation["requestBody"]["content"]["application/json"]["examples"]["small clinic"]
    assert server.post("/v1/match", json=example["value"]).status_code == 200


def test_interactive_docs_load_nothing_from_elsewhere(server: httpx2.Client) -> None:
    """The page and what it names come from the service itself."""
    page = server.get("/docs")
    assert page.status_code == 200
    named = re.findall(r"""(?:src|href|url)(?:=|: )["']([^"']+)""", page.text)
    assert len(named) >= 3
    for address in named:
        assert address.startswith("/")
        assert server.get(address).status_code == 200
    assert '"validatorUrl": null' in page.text
    assert "://" not in page.text
    assert server.get("/redoc").status_code == 404
