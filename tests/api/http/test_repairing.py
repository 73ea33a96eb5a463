"""What a repair over HTTP starts from is read, or refused with everything that is wrong."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from clinic import Clinic
from hostile import MARK
from repair_bodies import ABSENT, CLOSED, content_of, points
from repairs import after_the_loss, two_lost
from serving import errors, served

from api.http.app import create_app
from api.http.settings import Settings


def test_two_datasets_say_what_was_lost(chain_server: httpx2.Client) -> None:
    """How the world was stands for all events, and nothing else may stand beside it."""
    body = {"dataset": content_of(after_the_loss()), "before": content_of(two_lost())}
    answer = chain_server.post("/v1/repairs", json=body).json()
    forced = {row["appointment_id"]: row["reason"] for row in answer["aftermath"]["forced"]}
    assert forced == {"ann": "no_session", "bob": "missing"}
    assert points(answer) == [(0, 0, 2)]
    nothing = chain_server.post("/v1/repairs", json=body | {"disruptions": [], "plan": None}).json()
    assert points(nothing) == [(0, 0, 2)]
    alone = chain_server.post("/v1/repairs", json=body | {"before": None}).json()
    assert points(alone) == [(0, 0, 0)]
    more = {"disruptions": [CLOSED], "plan": [{"request_id": "ann", "state": "kept"}]}
    assert errors(chain_server.post("/v1/repairs", json=body | more)) == {
        ("not_exactly_one", "/before"),
        ("not_exactly_one", "/plan"),
        ("not_exactly_one", "/disruptions"),
    }


def test_the_dataset_of_before_is_read_as_every_other(chain_server: httpx2.Client) -> None:
    """What is wrong with it is told beside what is wrong with the rest, at its own paths."""
    wrong = content_of(two_lost())
    wrong["appointments"][0]["role_id"] = MARK
    body = {"dataset": content_of(after_the_loss()), "before": wrong, "menus": -1}
    response = chain_server.post("/v1/repairs", json=body)
    assert errors(response) == {
        ("dangling_reference", "/before/appointments/0/role_id"),
        ("out_of_range", "/menus"),
    }
    assert MARK not in response.text
    assert errors(chain_server.post("/v1/repairs", json=body | {"before": 3, "menus": 0})) == {
        ("wrong_type", "/before")
    }


def test_the_dataset_held_is_repaired_where_none_is_sent(chain_server: httpx2.Client) -> None:
    """And it stays as it is: asked again, the answer is the same."""
    body = {"disruptions": [CLOSED], "max_additional": 3, "limits": {"deterministic": True}}
    first = chain_server.post("/v1/repairs", json=body).json()
    assert points(first) == [(0, 1, 0), (2, 0, 3)]
    again = chain_server.post("/v1/repairs", json=body).json()
    assert [point["ledger"] for point in again["frontier"]] == [
        point["ledger"] for point in first["frontier"]
    ]
    nobody_else = chain_server.post("/v1/repairs", json={"disruptions": [CLOSED]}).json()
    assert points(nobody_else) == [(0, 1, 0)]


def test_a_service_without_a_dataset_needs_one() -> None:
    """The field is named."""
    with served(create_app(Settings(workers=1))) as client:
        response = client.post("/v1/repairs", json={"disruptions": [CLOSED]})
    assert errors(response) == {("missing_field", "/dataset")}


def test_rows_of_a_plan_are_appointments(chain_server: httpx2.Client) -> None:
    """What a match answered is repaired without being stored anywhere."""
    clinic = Clinic().session("09:00", "09:15", id="lost").session("09:00", "09:30", 1)
    dataset = content_of(clinic.request("ann"))
    plan = chain_server.post("/v1/match", json={"dataset": dataset}).json()["plan"]
    body = {"dataset": dataset, "plan": plan, "disruptions": [CLOSED]}
    assert points(chain_server.post("/v1/repairs", json=body).json()) == [(0, 0, 1)]
    without = chain_server.post("/v1/repairs", json=body | {"plan": None}).json()
    assert points(without) == [(0, 0, 0)]


def test_a_plan_that_gives_somebody_a_second_place_is_refused(chain_server: httpx2.Client) -> None:
    """The rows say that somebody is placed who holds an appointment."""
    free = content_of(Clinic().session("09:00", "09:30").request("ann"))
    plan = chain_server.post("/v1/match", json={"dataset": free}).json()["plan"]
    booked = Clinic().session("09:00", "09:30").request("ann")
    booked.appointment("09:15", "09:30", request="ann")
    body = {"dataset": content_of(booked), "plan": plan}
    assert errors(chain_server.post("/v1/repairs", json=body)) == {("two_places", "/plan")}


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
    chain_server: httpx2.Client, body: dict[str, Any], found: set[tuple[str, str]]
) -> None:
    """Codes and paths of our own names; no value."""
    response = chain_server.post("/v1/repairs", json=body)
    assert errors(response) == found
    assert MARK not in response.text
