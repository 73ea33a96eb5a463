"""A repair that may take long is a job, and can be cancelled."""

from __future__ import annotations

import time
from typing import Any

import httpx2
from long_repair import long_repair
from repair_bodies import CLOSED, points
from serving import until

from engine.policy import Policy

ASYNC = {"Prefer": "respond-async"}


def progress_of(server: httpx2.Client, address: str) -> dict[str, Any]:
    """What a job tells of a search that is not proven yet."""
    for _ in range(600):
        progress: dict[str, Any] | None = server.get(address).json().get("progress")
        if progress is not None and progress["components_proven"] < progress["components"]:
            return progress
        time.sleep(0.1)
    raise AssertionError("no progress")


def test_what_may_take_long_is_a_job(chain_server: httpx2.Client) -> None:
    """By wish or by its limits; with the same answer."""
    body = {"disruptions": [CLOSED], "max_additional": 3}
    for headers, limits in ((ASYNC, {"seconds": 5}), ({}, {"seconds": 31})):
        response = chain_server.post("/v1/repairs", json=body | {"limits": limits}, headers=headers)
        assert response.status_code == 202
        job = until(chain_server, response.headers["location"], "done")
        assert job["kind"] == "repair"
        assert points(job["result"]) == [(0, 1, 0), (2, 0, 3)]
    refused = chain_server.post("/v1/repairs", json={"disruptions": [3]}, headers=ASYNC)
    job = until(chain_server, refused.headers["location"], "failed")
    assert job["problem"]["errors"][0]["path"] == "/disruptions/0"


def test_a_job_that_is_cancelled_has_the_best_so_far(chain_server: httpx2.Client) -> None:
    """Half an hour was asked for; it tells how far it is, and soon after the wish to stop there are
    verified plans, and it is said of those that differ which were not found.
    """
    body = long_repair() | {"plans": True, "limits": {"seconds": 1800}}
    response = chain_server.post("/v1/repairs", json=body)
    assert response.status_code == 202
    address = response.headers["location"]
    assert until(chain_server, address, "running")["kind"] == "repair"
    progress = progress_of(chain_server, address)
    assert [row["name"] for row in progress["levels"]] == list(
        Policy.default().for_repair(0).levels
    )
    cancelled = chain_server.delete(address)
    assert cancelled.status_code in (200, 202)  # 202: it takes more than a moment
    job = until(chain_server, address, "cancelled")
    plans = job["result"]["plans"]
    assert (job["result"]["proven"], job["result"]["stopped"]) == (False, "cancelled")
    assert [row["aim"] for row in plans["plans"]] == ["least_disruption"]
    assert plans["unfinished"] == ["soonest", "same_doctor"]
    assert 'kind="repair",outcome="cancelled"' in chain_server.get("/metrics").text
