"""Marked patients through the service: none in its logs, its metrics, and what it refuses with."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from canaries import CANARIES, logged, marked, shown
from serving import served

from api.http.app import create_app
from api.http.settings import Settings
from api.store.keys import Keys
from api.store.opening import open_database
from engine.interchange.dataset import dataset_from

ROUTES = ("/v1/match", "/v1/repairs", "/v1/scenarios", "/v1/changes", "/v1/find")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Where the logs go."""
    with logged() as out:
        yield out


def broken(canary: str) -> Iterator[bytes]:
    """Bodies that cannot be used, with a canary in every position."""
    yield canary.encode()
    yield json.dumps(canary).encode()
    yield json.dumps({canary: canary}).encode()
    yield json.dumps({canary: 1})[:-1].encode()
    yield json.dumps({"request_id": canary, "policy": {"rules": {canary: {"x": canary}}}}).encode()
    dataset = marked()
    dataset["patients"][0] |= {"gender": canary, canary: canary}
    dataset["requests"][0] |= {"patient_id": canary, "earliest": canary}
    yield json.dumps(
        {"dataset": dataset, "policy": {canary: canary}, "limits": {"seconds": canary}}
    ).encode()
    kind = {"kind": canary, "session_id": canary}
    yield json.dumps({"disruptions": [kind], "changes": [kind], "name": canary}).encode()


def answers(client: httpx2.Client, key: str, wrong: str) -> Iterator[httpx2.Response]:
    """Every route, with data that can be used and data that cannot."""
    right = {"Authorization": f"Bearer {key}"}
    good: dict[str, Any] = {
        "/v1/match": {"dataset": marked(), "limits": {"seconds": 2}},
        "/v1/find": {"request_id": CANARIES["request id"]},
        "/v1/changes": {"dataset": marked(), "changes": []},
    }
    for route, body in good.items():
        yield client.post(route, json=body, headers=right)
    yield client.post(
        "/v1/match", json=good["/v1/match"], headers=right | {"Prefer": "respond-async"}
    )
    for canary in CANARIES.values():
        for route in ROUTES:
            for raw in broken(canary):
                yield client.post(route, content=raw, headers=right)
        yield client.get(f"/v1/jobs/{canary}", headers=right)
        yield client.get(f"/{canary}", params={canary: canary}, headers=right)
        yield client.post("/v1/find", headers={"X-API-Key": canary, "Cookie": canary})
        yield client.put(f"/v1/patients/{canary}", headers={"Authorization": f"Bearer {wrong}"})


def test_nothing_of_a_patient_is_logged_counted_or_refused_with(
    lines: io.StringIO, tmp_path: Path
) -> None:
    """Twelve kinds, in every position of every route."""
    database = open_database(f"sqlite:///{tmp_path / 'keys.db'}")
    key = Keys(database).create("one", ["admin"])
    held, _ = dataset_from(marked(), None, "/")
    app = create_app(Settings(workers=1), held, Keys(database))
    counts = {True: 0, False: 0}
    with served(app) as client:
        for response in answers(client, key, f"{key[:-4]}abcd"):
            counts[response.is_success] += 1
            assert response.status_code < 500
            head = str(response.headers)
            if not response.is_success:
                assert shown(head + response.text) == [], response.request.url
            assert key not in head + response.text
        counted = client.get("/metrics").text
    database.close()
    assert counts[True] >= 4
    assert counts[False] > 400
    logged = lines.getvalue()
    assert logged.count("\n") > 400
    assert shown(logged + counted) == []
    assert key.rpartition("_")[2] not in logged + counted
