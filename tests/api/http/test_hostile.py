"""Hostile bodies: refused as problem details, without a fault, without an echo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from hostile import MARK, bodies
from repair_bodies import ABSENT
from serving import served

from api.http.app import create_app
from api.http.operations import example_dataset
from api.http.settings import Settings
from engine.interchange.dataset import dataset_from
from engine.interchange.policy_file import policy_content
from engine.policy import Policy

MATCH = {
    "dataset": example_dataset(),
    "policy": policy_content(Policy.default()),
    "limits": {"seconds": 0, "workers": 1},
}
PLACES = [
    "dataset",
    "dataset/header/time_zone",
    "dataset/patients/0/id",
    "dataset/patients/0/home",
    "dataset/requests/0/patient_id",
    "dataset/requests/0/urgency",
    "dataset/sessions/0/cell_minutes",
    "dataset/roles/0/networks",
    "policy/rules/travel/free_km",
    "limits/seconds",
]
TIMES = ["dataset/header/as_of", "dataset/requests/0/created", "dataset/sessions/0/start"]


@pytest.fixture(scope="module")
def server() -> Iterator[httpx2.Client]:
    """A service that holds a dataset."""
    held, _ = dataset_from(example_dataset())
    with served(create_app(Settings(workers=1), held)) as client:
        yield client


def assert_refused(server: httpx2.Client, address: str, hostile: Iterator[Any], least: int) -> None:
    """Every body is refused for what it is, in problem details that do not repeat it."""
    number = 0
    for name, raw in hostile:
        number += 1
        response = server.post(address, content=raw)
        assert 400 <= response.status_code < 500, name
        assert response.headers["content-type"] == "application/problem+json", name
        assert response.json()["type"].startswith("urn:slotmatch:problem:"), name
        answer = response.text + str(response.headers)
        assert MARK not in answer, name
        assert "\\u" not in answer, name
    assert number >= least


def test_two_hundred_hostile_matches(server: httpx2.Client) -> None:
    """Halves of surrogates, NUL, NaN, 1e400, years 1 and 9999, depths of 100,000, keys that
    stand twice, UTF-16: never a fault, never an echo; and the service is as it was.
    """
    assert server.post("/v1/match", json=MATCH).status_code == 200
    assert_refused(server, "/v1/match", bodies(MATCH, PLACES, TIMES), 200)
    assert server.post("/v1/match", json=MATCH).status_code == 200
    counted = server.get("/metrics").text
    assert 'outcome="failed"' not in counted
    assert 'outcome="killed"' not in counted
    assert MARK not in counted


def test_two_hundred_hostile_requests_against_the_dataset_held(server: httpx2.Client) -> None:
    """The same in requests that come alone, to be matched or to find a place."""
    clinic = example_dataset()
    alone = {"requests": clinic["requests"][:1], "limits": {"seconds": 0}}
    find = {"request": clinic["requests"][0] | {"id": "new"}, "k": 3}
    assert server.post("/v1/match", json=alone).status_code == 200
    assert server.post("/v1/find", json=find).status_code == 200
    of_match = bodies(alone, ["requests", "requests/0/id", "limits"], ["requests/0/created"])
    assert_refused(server, "/v1/match", of_match, 90)
    places = ["request", "request/urgency", "request/patient_id", "k"]
    assert_refused(server, "/v1/find", bodies(find, places, ["request/created"]), 110)
    assert server.post("/v1/find", json=find).status_code == 200


def test_hostile_bodies_are_refused_without_an_echo(server: httpx2.Client) -> None:
    """In events, rows of a plan and numbers; and no process fails or dies by them."""
    event = ABSENT | {"doctor_id": "dr"}
    row = {"request_id": "ann", "state": "kept", "role_id": "one"}
    told = {"role_id": "r", "start": ABSENT["start"], "end": ABSENT["end"]}
    place = told | {"appointment_id": "a", "request_id": "ann", "price": 1, "parts": {"moved": 1}}
    option = {"number": 1, "is_planned": True, "places": [place | {"days_late": 0}]}
    offered = {"ledger": [], "menus": [{"appointment_ids": ["a"], "options": [option]}]}
    said = {"kind": "accepted", "appointment_id": "a", "option": 1}
    body = {
        "dataset": example_dataset(),
        "disruptions": [event],
        "earlier": [{"offered": offered, "answers": [said]}],
        "plan": [row],
        "max_additional": 1,
        "limits": {"seconds": 1},
    }
    places = ["disruptions", "disruptions/0/doctor_id", "plan/0/request_id", "max_additional"]
    option_path = "earlier/0/offered/menus/0/options/0"
    places += ["earlier", "earlier/0/answers/0/option", f"{option_path}/places/0/role_id"]
    times = ["disruptions/0/start", f"{option_path}/places/0/start"]
    number = 0
    sound = {key: body[key] for key in ("dataset", "max_additional", "limits")}
    assert server.post("/v1/repairs", json=sound).status_code == 200
    for name, raw in bodies(body, places, times):
        number += 1
        response = server.post("/v1/repairs", content=raw)
        assert 400 <= response.status_code < 500, name
        assert MARK not in response.text + str(response.headers), name
    assert number >= 100
    counted = server.get("/metrics").text
    assert 'slotmatch_tasks_total{kind="repair",outcome="proven"}' in counted
    assert 'outcome="failed"' not in counted
    assert 'outcome="killed"' not in counted
