"""A dataset that the service holds: requests alone are asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from serving import served

from api.http.app import create_app
from api.http.openapi import example_dataset
from api.http.settings import Settings
from engine.interchange.dataset import dataset_from

CLINIC = example_dataset()


@pytest.fixture(scope="module")
def server() -> Iterator[httpx2.Client]:
    """A service that holds the small clinic."""
    held, _ = dataset_from(CLINIC)
    with served(create_app(Settings(workers=1), held)) as client:
        yield client


def errors(response: httpx2.Response) -> set[tuple[str, str]]:
    """Code and path of everything wrong."""
    assert response.status_code == 422
    return {(row["code"], row["path"]) for row in response.json()["errors"]}


def test_requests_alone_are_matched_against_it(server: httpx2.Client) -> None:
    """They get what they would get in the dataset; its own open requests take no part."""
    asked = next(row for row in CLINIC["requests"] if row["id"] == "ben-ear")
    mine = asked | {"id": "mine", "patient_id": "new"}
    patient = next(row for row in CLINIC["patients"] if row["id"] == asked["patient_id"])
    body = {"requests": [mine], "patients": [patient | {"id": "new"}], "limits": {"seconds": 5}}
    content = server.post("/v1/match", json=body).json()
    states = {row["request_id"]: row["state"] for row in content["plan"]}
    assert states["mine"] == "placed"
    assert set(states.values()) <= {"placed", "kept"}
    assert "ben-ear" not in states
    assert content["certificate"]["proven"] is True


def test_a_dataset_inside_is_matched_as_ever(server: httpx2.Client) -> None:
    """What the service holds has no part in it."""
    content = server.post("/v1/match", json={"dataset": CLINIC}).json()
    assert {row["request_id"] for row in content["plan"]} == {
        row["id"] for row in CLINIC["requests"]
    }


def test_a_body_says_which_of_the_two_it_means(server: httpx2.Client) -> None:
    """Neither, or both, is a mistake; one that stands in a request is named at its place."""
    both: dict[str, Any] = {"dataset": CLINIC, "requests": []}
    assert errors(server.post("/v1/match", json={})) == {("missing_field", "/requests")}
    assert ("not_exactly_one", "/requests") in errors(server.post("/v1/match", json=both))
    wrong = {"requests": [CLINIC["requests"][0] | {"patient_id": "nobody"}], "policy": 3}
    assert errors(server.post("/v1/match", json=wrong)) == {
        ("dangling_reference", "/requests/0/patient_id"),
        ("wrong_type", "/policy"),
    }


def test_a_service_that_holds_nothing_needs_a_dataset() -> None:
    """It says so."""
    with served(create_app(Settings(workers=1))) as client:
        response = client.post("/v1/match", json={"requests": CLINIC["requests"]})
        assert errors(response) == {("missing_field", "/dataset")}
