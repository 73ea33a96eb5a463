"""A dataset that the service holds: requests alone are asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from serving import errors, served

from api.http.app import create_app
from api.http.operations import example_dataset
from api.http.settings import Settings
from engine.interchange.dataset import dataset_from

CLINIC = example_dataset()


@pytest.fixture(scope="module")
def server() -> Iterator[httpx2.Client]:
    """A service that holds the small clinic."""
    held, _ = dataset_from(CLINIC)
    with served(create_app(Settings(workers=1), held)) as client:
        yield client


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


def places(response: httpx2.Response) -> list[tuple[str, str]]:
    """Session and start of every place found."""
    assert response.status_code == 200
    return [(row["session_id"], row["start"]) for row in response.json()["places"]]


def test_the_best_places_for_a_request_it_holds(server: httpx2.Client) -> None:
    """As many as are asked for, the best first, and why there is none where there is none."""
    two = places(server.post("/v1/find", json={"request_id": "ann-ear", "k": 2}))
    assert len(two) == 2
    more = places(server.post("/v1/find", json={"request_id": "ann-ear"}))
    assert more[:2] == two
    for request in CLINIC["requests"]:
        content = server.post("/v1/find", json={"request_id": request["id"]}).json()
        assert ("reason" in content) is not bool(content["places"])


def test_groups_counts_and_the_next_place(server: httpx2.Client) -> None:
    """As of a store."""
    body = {"request_id": "ann-ear", "group_by": "day", "next_available": True, "counts": True}
    content = server.post("/v1/find", json=body).json()
    best = server.post("/v1/find", json={"request_id": "ann-ear", "k": 1}).json()["places"][0]
    assert content["groups"][0]["places"][0] == best
    assert content["next_available"].keys() < best.keys()
    assert list(content["counts"])[-1] in content["counts"]
    assert errors(server.post("/v1/find", json=body | {"k": 1})) == {("not_exactly_one", "/k")}


def test_the_best_places_for_a_request_that_comes_along(server: httpx2.Client) -> None:
    """By a patient it knows, or one that comes along too: the places of the like it holds."""
    ann = next(row for row in CLINIC["requests"] if row["id"] == "ann-ear")
    patient = next(row for row in CLINIC["patients"] if row["id"] == ann["patient_id"])
    known = server.post("/v1/find", json={"request_id": "ann-ear"})
    again = server.post("/v1/find", json={"request": ann | {"id": "new"}})
    somebody = {
        "request": ann | {"id": "new", "patient_id": "somebody"},
        "patient": patient | {"id": "somebody"},
    }
    assert places(again) == places(known) != []
    assert places(server.post("/v1/find", json=somebody)) == places(known)
    assert again.json()["dataset_hash"] == known.json()["dataset_hash"]


def test_a_policy_changes_what_is_found(server: httpx2.Client) -> None:
    """For both kinds of request."""
    nobody = {"rules": {"time_window": {"enabled": True}, "minimum_notice": {"minutes": 9_000}}}
    ann = next(row for row in CLINIC["requests"] if row["id"] == "ann-ear")
    for asked in ({"request_id": "ann-ear"}, {"request": ann | {"id": "new"}}):
        response = server.post("/v1/find", json=asked | {"policy": nobody})
        assert places(response) == []
        assert response.json()["ruled_out_by"] == "minimum_notice"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({}, {("not_exactly_one", "/request")}),
        ({"request_id": "nobody"}, {("dangling_reference", "/request_id")}),
        ({"request_id": "ann-ear", "k": 0}, {("out_of_range", "/k")}),
        ({"request_id": "ann-ear", "k": 1.5}, {("wrong_type", "/k")}),
        ({"request_id": "ann-ear", "request": None, "more": 1}, {("unknown_field", "/*")}),
        ({"request_id": "ann-ear", "patient": {"id": "x"}}, {("not_exactly_one", "/patient")}),
        ({"request": {"id": "x"}, "policy": 3}, {("missing_field", "/request/patient_id")}),
    ],
)
def test_a_find_that_cannot_be_used(
    server: httpx2.Client, body: dict[str, Any], found: set[tuple[str, str]]
) -> None:
    """Every mistake with its code, at its place."""
    assert errors(server.post("/v1/find", json=body)) >= found


def test_a_request_that_comes_along_is_checked_against_the_dataset(server: httpx2.Client) -> None:
    """Its patient, its visit type, its urgency, its id."""
    ann = next(row for row in CLINIC["requests"] if row["id"] == "ann-ear") | {"id": "new"}
    patient = CLINIC["patients"][0]

    def wrong(**more: Any) -> set[tuple[str, str]]:
        return errors(server.post("/v1/find", json={"request": ann, **more}))

    nobody = {("dangling_reference", "/request/patient_id")}
    assert wrong(request=ann | {"patient_id": "nobody"}) == nobody
    assert wrong(patient=patient | {"id": "other"}) == nobody
    assert ("duplicate_id", "/patient/id") in wrong(patient=patient)
    assert wrong(request=ann | {"visit_type_id": "none"}) == {
        ("dangling_reference", "/request/visit_type_id")
    }
    assert wrong(request=ann | {"urgency": "whenever"}) == {("unknown_urgency", "/request/urgency")}


def test_a_service_that_holds_nothing_needs_a_dataset() -> None:
    """It says so."""
    with served(create_app(Settings(workers=1))) as client:
        response = client.post("/v1/match", json={"requests": CLINIC["requests"]})
        assert errors(response) == {("missing_field", "/dataset")}
        response = client.post("/v1/find", json={"request_id": "ann-ear"})
        assert response.status_code == 404
        assert response.json()["type"] == "urn:slotmatch:problem:no-dataset"
