"""``POST /v1/repairs``: a real server, real solver processes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from clinic import Clinic
from hostile import MARK, bodies
from repairs import chain
from serving import served

from api.http.app import create_app
from api.http.operations import REPAIR_DOCS, example_dataset
from api.http.settings import Settings
from engine.interchange.dataset import write_document
from engine.interchange.validation import adapter
from engine.repair.document import RepairDocument

CLOSED = {"kind": "session_closed", "session_id": "lost"}
ASYNC = {"Prefer": "respond-async"}


@pytest.fixture(scope="module")
def server() -> Iterator[httpx2.Client]:
    """A service that holds the chain of three."""
    with served(create_app(Settings(workers=2), chain().dataset())) as client:
        yield client


def content_of(clinic: Clinic) -> dict[str, Any]:
    """A clinic as it is sent."""
    content: dict[str, Any] = json.loads(write_document(clinic.dataset()))
    return content


def points(answer: dict[str, Any]) -> list[tuple[int, int, int]]:
    """The frontier: others moved, people left without a place, people told another one."""
    return [
        (point["additional"], sum(point["unplaced"].values()), point["counts"]["moved"]["people"])
        for point in answer["frontier"]
    ]


def test_the_answer_is_what_the_document_declares(server: httpx2.Client) -> None:
    """Frontier, certificate and ledger of an inline dataset, readable as it is described."""
    body = {"dataset": content_of(chain()), "disruptions": [CLOSED], "max_additional": 3}
    response = server.post("/v1/repairs", json=body)
    assert response.status_code == 200
    answer = response.json()
    assert points(answer) == [(0, 1, 0), (2, 0, 3)]
    assert [point["proven"] for point in answer["frontier"]] == [True, True]
    rows = {row["appointment_id"]: row for row in answer["frontier"][1]["ledger"]}
    assert rows["bob"]["gave_way"]["to"] == ["ann"]
    assert rows["ann"]["forced"] == {"reason": "no_session", "detail": "lost", "event": 0}
    assert rows["cid"]["before"]["start"] < rows["cid"]["after"]["start"]
    assert answer.pop("warnings") == []
    adapter(RepairDocument).validate_python(answer)


def test_menus_are_answered_where_they_are_asked_for(server: httpx2.Client) -> None:
    """Three places at most for everybody who is moved; cells of who moves are not free."""
    clinic = Clinic().session("09:00", "09:15", id="lost").session("09:00", "10:00", 1)
    clinic.request("ann").appointment("09:00", "09:15", request="ann", id="ann")
    body = {"dataset": content_of(clinic), "disruptions": [CLOSED], "menus": 3}
    (point,) = server.post("/v1/repairs", json=body).json()["frontier"]
    (menu,) = point["menus"]
    assert [row["number"] for row in menu["options"]] == [1, 2, 3]
    assert [row["is_planned"] for row in menu["options"]] == [True, False, False]
    assert errors(server.post("/v1/repairs", json=body | {"menus": 21})) == {
        ("out_of_range", "/menus")
    }


def test_the_dataset_held_is_repaired_where_none_is_sent(server: httpx2.Client) -> None:
    """And it stays as it is: asked again, the answer is the same."""
    body = {"disruptions": [CLOSED], "max_additional": 3, "limits": {"deterministic": True}}
    first = server.post("/v1/repairs", json=body).json()
    assert points(first) == [(0, 1, 0), (2, 0, 3)]
    again = server.post("/v1/repairs", json=body).json()
    assert [point["ledger"] for point in again["frontier"]] == [
        point["ledger"] for point in first["frontier"]
    ]
    assert points(server.post("/v1/repairs", json={"disruptions": [CLOSED]}).json()) == [(0, 1, 0)]


def test_where_nothing_happened_nobody_moves(server: httpx2.Client) -> None:
    """Zero is proven, on every level."""
    answer = server.post("/v1/repairs", json={"max_additional": 2}).json()
    assert points(answer) == [(0, 0, 0)]
    levels = answer["frontier"][0]["certificate"]["levels"]
    assert {(level["value"], level["bound"]) for level in levels} == {(0, 0)}


def test_rows_of_a_plan_are_appointments(server: httpx2.Client) -> None:
    """What a match answered is repaired without being stored anywhere."""
    clinic = Clinic().session("09:00", "09:15", id="lost").session("09:00", "09:30", 1)
    dataset = content_of(clinic.request("ann"))
    plan = server.post("/v1/match", json={"dataset": dataset}).json()["plan"]
    body = {"dataset": dataset, "plan": plan, "disruptions": [CLOSED]}
    assert points(server.post("/v1/repairs", json=body).json()) == [(0, 0, 1)]
    assert points(server.post("/v1/repairs", json=body | {"plan": None}).json()) == [(0, 0, 0)]


def errors(response: httpx2.Response) -> set[tuple[str, str]]:
    """Code and path of everything a refusal names."""
    assert response.status_code == 422, response.text
    assert response.headers["content-type"] == "application/problem+json"
    return {(row["code"], row["path"]) for row in response.json()["errors"]}


ABSENT = {"kind": "doctor_absent", "start": "2026-03-03T00:00:00Z", "end": "2026-03-04T00:00:00Z"}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (
            {"disruptions": [ABSENT | {"doctor_id": MARK}]},
            {("dangling_reference", "/disruptions/0/doctor_id")},
        ),
        (
            {"disruptions": [CLOSED, ABSENT | {"doctor_id": "dr", "end": ABSENT["start"]}]},
            {("empty_interval", "/disruptions/1/end")},
        ),
        ({"disruptions": [{"kind": MARK}]}, {("wrong_value", "/disruptions/0/kind")}),
        ({"disruptions": {}}, {("wrong_type", "/disruptions")}),
        (
            {"disruptions": [3], "max_additional": -1, "depth": 0, "limits": {"seconds": MARK}},
            {
                ("wrong_type", "/disruptions/0"),
                ("out_of_range", "/max_additional"),
                ("out_of_range", "/depth"),
                ("wrong_type", "/limits/seconds"),
            },
        ),
        ({"plan": 3}, {("wrong_type", "/plan")}),
        (
            {"plan": [{"request_id": MARK, "state": "kept"}]},
            {
                ("dangling_reference", "/plan/0/request_id"),
                ("missing_request", "/plan"),
            },
        ),
        ({"policy": {"rules": {MARK: {}}}}, {("unknown_rule", "/policy/rules/*")}),
        ({MARK: 1}, {("unknown_field", "/*")}),
    ],
)
def test_everything_wrong_is_told_and_nothing_repeated(
    server: httpx2.Client, body: dict[str, Any], found: set[tuple[str, str]]
) -> None:
    """Codes and paths of our own names; no value."""
    response = server.post("/v1/repairs", json=body)
    assert errors(response) == found
    assert MARK not in response.text


def test_a_plan_that_gives_somebody_a_second_place_is_refused(server: httpx2.Client) -> None:
    """The rows say that somebody is placed who holds an appointment."""
    free = content_of(Clinic().session("09:00", "09:30").request("ann"))
    plan = server.post("/v1/match", json={"dataset": free}).json()["plan"]
    booked = Clinic().session("09:00", "09:30").request("ann")
    booked.appointment("09:15", "09:30", request="ann")
    body = {"dataset": content_of(booked), "plan": plan}
    assert errors(server.post("/v1/repairs", json=body)) == {("two_places", "/plan")}


def test_what_may_take_long_is_a_job(server: httpx2.Client) -> None:
    """By wish or by its limits; with the same answer."""
    body = {"disruptions": [CLOSED], "max_additional": 3}
    for headers, limits in ((ASYNC, {"seconds": 5}), ({}, {"seconds": 31})):
        response = server.post("/v1/repairs", json=body | {"limits": limits}, headers=headers)
        assert response.status_code == 202
        for _ in range(300):
            job = server.get(response.headers["location"]).json()
            if job["state"] == "done":
                break
            time.sleep(0.1)
        assert job["kind"] == "repair"
        assert points(job["result"]) == [(0, 1, 0), (2, 0, 3)]
    refused = server.post("/v1/repairs", json={"disruptions": [3]}, headers=ASYNC)
    job = server.get(refused.headers["location"]).json()
    while job["state"] in ("queued", "running"):
        job = server.get(refused.headers["location"]).json()
    assert job["state"] == "failed"
    assert job["problem"]["errors"][0]["path"] == "/disruptions/0"


def test_a_service_without_a_dataset_needs_one() -> None:
    """The field is named."""
    with served(create_app(Settings(workers=1))) as client:
        response = client.post("/v1/repairs", json={"disruptions": [CLOSED]})
    assert errors(response) == {("missing_field", "/dataset")}


def test_the_document_describes_it(server: httpx2.Client) -> None:
    """Every reference resolves, and the example is answered as it is described."""
    document = server.get("/openapi.json").json()
    operation = document["paths"]["/v1/repairs"]["post"]
    assert {"200", "202", "413", "422", "500", "503"} <= set(operation["responses"])
    assert {"RepairRequest", "RepairDocument", "RepairResponse"} <= set(
        document["components"]["schemas"]
    )
    (example,) = operation["requestBody"]["content"]["application/json"]["examples"].values()
    assert operation["summary"] == REPAIR_DOCS["summary"]
    answer = server.post("/v1/repairs", json=example["value"]).json()
    assert points(answer) == [(0, 0, 1)]


def test_hostile_bodies_are_refused_without_an_echo(server: httpx2.Client) -> None:
    """In events, rows of a plan and numbers; and no process fails or dies by them."""
    event = ABSENT | {"doctor_id": "dr"}
    row = {"request_id": "ann", "state": "kept", "role_id": "one"}
    body = {
        "dataset": example_dataset(),
        "disruptions": [event],
        "plan": [row],
        "max_additional": 1,
        "limits": {"seconds": 1},
    }
    places = ["disruptions", "disruptions/0/doctor_id", "plan/0/request_id", "max_additional"]
    number = 0
    for name, raw in bodies(body, places, ["disruptions/0/start"]):
        number += 1
        response = server.post("/v1/repairs", content=raw)
        assert 400 <= response.status_code < 500, name
        assert MARK not in response.text + str(response.headers), name
    assert number >= 100
    counted = server.get("/metrics").text
    assert 'slotmatch_tasks_total{kind="repair",outcome="proven"}' in counted
    assert 'outcome="failed"' not in counted
    assert 'outcome="killed"' not in counted
