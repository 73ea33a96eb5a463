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
from long_repair import long_repair
from repairs import chain, two_lost
from serving import errors, served, until

from api.http.app import create_app
from api.http.operations import REPAIR_DOCS, example_dataset
from api.http.settings import Settings
from engine.interchange.dataset import write_document
from engine.interchange.validation import adapter
from engine.policy import Policy
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


def test_plans_that_differ_are_answered_where_they_are_asked_for(server: httpx2.Client) -> None:
    """Each with its aim, certificate, ledger and menus; which aims share one is said."""
    clinic = Clinic(days=30).doctor("two").role("two", doctor_id="two")
    clinic.session("09:00", "09:15", 3, "lost").session("09:00", "09:15", 6, "own")
    clinic.session("09:00", "09:15", 4, "other", role_id="two")
    clinic.request("ann").appointment("09:00", "09:15", 3, "ann", id="ann")
    body = {"dataset": content_of(clinic), "disruptions": [CLOSED], "plans": True, "menus": 2}
    answer = server.post("/v1/repairs", json=body).json()
    first, second = answer["plans"]["plans"]
    assert (first["aim"], second["aim"]) == ("least_disruption", "soonest")
    assert first == answer["frontier"][-1] | {"aim": "least_disruption"}
    (row,) = second["ledger"]
    assert row["after"]["doctor_id"] == "two"
    assert (second["days_later"], second["counts"]["other_doctor"]["people"]) == (1, 1)
    assert second["proven"] is second["certificate"]["proven"] is True
    assert second["menus"][0]["options"][0]["places"][0]["role_id"] == "two"
    assert answer["plans"]["same_as"] == {"same_doctor": "least_disruption"}
    assert answer["plans"]["unfinished"] == []
    assert answer.pop("warnings") == []
    adapter(RepairDocument).validate_python(answer)
    without = server.post("/v1/repairs", json=body | {"plans": False}).json()
    assert "plans" not in without
    assert errors(server.post("/v1/repairs", json=body | {"plans": 3})) == {
        ("wrong_type", "/plans")
    }


def after_the_loss() -> Clinic:
    """The same, where the session is gone, and Bob's appointment with it."""
    clinic = two_lost()
    clinic.sessions = [row for row in clinic.sessions if row.id != "lost"]
    clinic.appointments = [row for row in clinic.appointments if row.id != "bob"]
    return clinic


def test_two_datasets_say_what_was_lost(server: httpx2.Client) -> None:
    """How the world was stands for all events, and nothing else may stand beside it."""
    body = {"dataset": content_of(after_the_loss()), "before": content_of(two_lost())}
    answer = server.post("/v1/repairs", json=body).json()
    forced = {row["appointment_id"]: row["reason"] for row in answer["aftermath"]["forced"]}
    assert forced == {"ann": "no_session", "bob": "missing"}
    assert points(answer) == [(0, 0, 2)]
    nothing = server.post("/v1/repairs", json=body | {"disruptions": [], "plan": None}).json()
    assert points(nothing) == [(0, 0, 2)]
    assert points(server.post("/v1/repairs", json=body | {"before": None}).json()) == [(0, 0, 0)]
    more = {"disruptions": [CLOSED], "plan": [{"request_id": "ann", "state": "kept"}]}
    assert errors(server.post("/v1/repairs", json=body | more)) == {
        ("not_exactly_one", "/before"),
        ("not_exactly_one", "/plan"),
        ("not_exactly_one", "/disruptions"),
    }


def test_the_dataset_of_before_is_read_as_every_other(server: httpx2.Client) -> None:
    """What is wrong with it is told beside what is wrong with the rest, at its own paths."""
    wrong = content_of(two_lost())
    wrong["appointments"][0]["role_id"] = MARK
    body = {"dataset": content_of(after_the_loss()), "before": wrong, "menus": -1}
    response = server.post("/v1/repairs", json=body)
    assert errors(response) == {
        ("dangling_reference", "/before/appointments/0/role_id"),
        ("out_of_range", "/menus"),
    }
    assert MARK not in response.text
    assert errors(server.post("/v1/repairs", json=body | {"before": 3, "menus": 0})) == {
        ("wrong_type", "/before")
    }


def calls(answer: dict[str, Any]) -> dict[str, list[str]]:
    """What each person of the last plan can be offered: when, by appointment."""
    return {
        name: [place["start"] for option in menu["options"] for place in option["places"]]
        for menu in answer["frontier"][-1]["menus"]
        for name in menu["appointment_ids"]
    }


def said(answer: dict[str, Any], *answers: dict[str, Any]) -> dict[str, Any]:
    """A round: the last plan that was offered, and what people said."""
    return {"offered": answer["frontier"][-1], "answers": list(answers)}


@pytest.mark.parametrize("by_event", [True, False])
def test_a_negotiation_keeps_nothing_between_its_rounds(
    server: httpx2.Client, by_event: bool
) -> None:
    """Bob declines, then accepts; Ann accepts, and is called no more. Every request holds all that
    was said; where Bob's appointment is missing, it is there again with what he accepted.
    """
    clinic, happened = two_lost(), {"disruptions": [CLOSED]}
    if not by_event:
        clinic, happened = after_the_loss(), {"before": content_of(two_lost())}
    body = {"dataset": content_of(clinic), "menus": 2, **happened}
    body["limits"] = {"deterministic": True}
    first = server.post("/v1/repairs", json=body).json()
    assert "answered" not in first
    no = {"kind": "declined", "appointment_id": "bob"}
    rounds = [said(first, no, {"kind": "accepted", "appointment_id": "ann", "option": 2})]
    second = server.post("/v1/repairs", json=body | {"earlier": rounds}).json()
    assert second["answered"] == {"accepted": ["ann"], "waiting": []}
    assert calls(second).keys() == {"bob"}
    assert not {*calls(second)["bob"]} & {*calls(first)["bob"], calls(first)["ann"][1]}
    rounds.append(said(second, {"kind": "accepted", "appointment_id": "bob", "option": 1}))
    third = server.post("/v1/repairs", json=body | {"earlier": rounds}).json()
    assert third["answered"] == {"accepted": ["ann", "bob"], "waiting": []}
    assert third["frontier"][-1]["ledger"] == []
    third.pop("warnings")
    adapter(RepairDocument).validate_python(third)


def test_who_waits_for_others_is_answered(server: httpx2.Client) -> None:
    """Ann accepts the place that Bob has yet to give up; of the plan, its ledger and menus are
    enough.
    """
    body = {"disruptions": [CLOSED], "max_additional": 3, "menus": 1}
    first = server.post("/v1/repairs", json=body).json()
    plan = {name: first["frontier"][-1][name] for name in ("ledger", "menus")}
    ann = {"kind": "accepted", "appointment_id": "ann", "option": 1}
    rounds = [{"offered": plan, "answers": [ann]}]
    second = server.post("/v1/repairs", json=body | {"earlier": rounds}).json()
    assert second["answered"] == {
        "accepted": [],
        "waiting": [{"appointment_id": "ann", "for_ids": ["bob"]}],
    }
    assert server.post("/v1/repairs", json=body | {"earlier": []}).json()["frontier"]


def test_everything_wrong_with_earlier_answers_is_told_at_once(server: httpx2.Client) -> None:
    """First what cannot be read, then what fits nothing, beside events that name nothing; and
    nothing is repeated.
    """
    body = {"disruptions": [CLOSED], "max_additional": 3, "menus": 1}
    first = server.post("/v1/repairs", json=body).json()
    plan = first["frontier"][-1]
    unreadable = [{"answers": [{"kind": MARK}], MARK: 1}, 3, {"offered": {}, "answers": 1}]
    response = server.post("/v1/repairs", json=body | {"earlier": unreadable, "depth": 0})
    assert errors(response) == {
        ("unknown_field", "/earlier/0/*"),
        ("missing_field", "/earlier/0/offered"),
        ("wrong_value", "/earlier/0/answers/0/kind"),
        ("wrong_type", "/earlier/1"),
        ("missing_field", "/earlier/2/offered/ledger"),
        ("wrong_type", "/earlier/2/answers"),
        ("out_of_range", "/depth"),
    }
    assert MARK not in response.text
    stranger = json.loads(json.dumps(plan).replace('"role_id": "two"', f'"role_id": "{MARK}"'))
    rounds = [
        {"offered": stranger, "answers": [{"kind": "stays", "appointment_id": "ann"}]},
        {"offered": plan, "answers": [{"kind": "declined", "appointment_id": MARK}]},
    ]
    events = {"disruptions": [{"kind": "session_closed", "session_id": MARK}]}
    response = server.post("/v1/repairs", json=body | events | {"earlier": rounds})
    assert {row for row in errors(response) if not row[1].endswith("places/0/role_id")} == {
        ("wrong_value", "/earlier/0/answers/0/kind"),
        ("dangling_reference", "/earlier/1/answers/0/appointment_id"),
        ("dangling_reference", "/disruptions/0/session_id"),
    }
    assert response.json()["errors"][0]["path"].startswith("/earlier/0/offered/menus/")
    assert MARK not in response.text
    assert errors(server.post("/v1/repairs", json=body | {"earlier": {}})) == {
        ("wrong_type", "/earlier")
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
        job = until(server, response.headers["location"], "done")
        assert job["kind"] == "repair"
        assert points(job["result"]) == [(0, 1, 0), (2, 0, 3)]
    refused = server.post("/v1/repairs", json={"disruptions": [3]}, headers=ASYNC)
    job = until(server, refused.headers["location"], "failed")
    assert job["problem"]["errors"][0]["path"] == "/disruptions/0"


def test_a_job_that_is_cancelled_has_the_best_so_far(server: httpx2.Client) -> None:
    """Half an hour was asked for; it tells how far it is, and soon after the wish to stop there are
    verified plans, and it is said of those that differ which were not found.
    """
    body = long_repair() | {"plans": True, "limits": {"seconds": 1800}}
    response = server.post("/v1/repairs", json=body)
    assert response.status_code == 202
    address = response.headers["location"]
    assert until(server, address, "running")["kind"] == "repair"
    progress = progress_of(server, address)
    assert [row["name"] for row in progress["levels"]] == list(
        Policy.default().for_repair(0).levels
    )
    assert server.delete(address).status_code in (200, 202)  # 202: it takes more than a moment
    job = until(server, address, "cancelled")
    plans = job["result"]["plans"]
    assert (job["result"]["proven"], job["result"]["stopped"]) == (False, "cancelled")
    assert [row["aim"] for row in plans["plans"]] == ["least_disruption"]
    assert plans["unfinished"] == ["soonest", "same_doctor"]
    assert 'kind="repair",outcome="cancelled"' in server.get("/metrics").text


def progress_of(server: httpx2.Client, address: str) -> dict[str, Any]:
    """What a job tells of a search that is not proven yet."""
    for _ in range(600):
        progress: dict[str, Any] | None = server.get(address).json().get("progress")
        if progress is not None and progress["components_proven"] < progress["components"]:
            return progress
        time.sleep(0.1)
    raise AssertionError("no progress")


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
