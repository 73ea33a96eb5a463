"""``POST /v1/repairs`` answers what it declares: a real server, real solver processes."""

from __future__ import annotations

import httpx2
from clinic import Clinic
from repair_bodies import CLOSED, content_of, points
from repairs import chain, three_ways
from serving import errors

from api.http.operations import REPAIR_DOCS
from engine.interchange.validation import adapter
from engine.repair.document import RepairDocument


def test_the_answer_is_what_the_document_declares(chain_server: httpx2.Client) -> None:
    """Frontier, certificate and ledger of an inline dataset, readable as it is described."""
    body = {"dataset": content_of(chain()), "disruptions": [CLOSED], "max_additional": 3}
    response = chain_server.post("/v1/repairs", json=body)
    assert response.status_code == 200
    answer = response.json()
    assert points(answer) == [(0, 1, 0), (2, 0, 3)]
    assert [point["proven"] for point in answer["frontier"]] == [True, True]
    rows = {row["appointment_id"]: row for row in answer["frontier"][1]["ledger"]}
    assert rows["bob"]["gave_way"]["to"] == ["ann"]
    assert rows["ann"]["forced"] == {"reason": "no_session", "detail": "lost", "event": 0}
    assert rows["cid"]["before"]["start"] < rows["cid"]["after"]["start"]
    assert [point["measures"]["additional_people"] for point in answer["frontier"]] == [0, 2]
    assert answer.pop("warnings") == []
    adapter(RepairDocument).validate_python(answer)


def test_menus_are_answered_where_they_are_asked_for(chain_server: httpx2.Client) -> None:
    """Three places at most for everybody who is moved; cells of who moves are not free."""
    clinic = Clinic().session("09:00", "09:15", id="lost").session("09:00", "10:00", 1)
    clinic.request("ann").appointment("09:00", "09:15", request="ann", id="ann")
    body = {"dataset": content_of(clinic), "disruptions": [CLOSED], "menus": 3}
    (point,) = chain_server.post("/v1/repairs", json=body).json()["frontier"]
    (menu,) = point["menus"]
    assert [row["number"] for row in menu["options"]] == [1, 2, 3]
    assert [row["is_planned"] for row in menu["options"]] == [True, False, False]
    assert errors(chain_server.post("/v1/repairs", json=body | {"menus": 21})) == {
        ("out_of_range", "/menus")
    }


def test_plans_that_differ_are_answered_where_they_are_asked_for(
    chain_server: httpx2.Client,
) -> None:
    """Each with its aim, certificate, ledger and menus; which aims share one is said."""
    dataset = content_of(three_ways())
    body = {"dataset": dataset, "disruptions": [CLOSED], "plans": True, "menus": 2}
    answer = chain_server.post("/v1/repairs", json=body).json()
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
    without = chain_server.post("/v1/repairs", json=body | {"plans": False}).json()
    assert "plans" not in without
    assert errors(chain_server.post("/v1/repairs", json=body | {"plans": 3})) == {
        ("wrong_type", "/plans")
    }


def test_where_nothing_happened_nobody_moves(chain_server: httpx2.Client) -> None:
    """Zero is proven, on every level."""
    answer = chain_server.post("/v1/repairs", json={"max_additional": 2}).json()
    assert points(answer) == [(0, 0, 0)]
    levels = answer["frontier"][0]["certificate"]["levels"]
    assert {(level["value"], level["bound"]) for level in levels} == {(0, 0)}


def test_the_document_describes_it(chain_server: httpx2.Client) -> None:
    """Every reference resolves, and the example is answered as it is described."""
    document = chain_server.get("/openapi.json").json()
    operation = document["paths"]["/v1/repairs"]["post"]
    assert {"200", "202", "413", "422", "500", "503"} <= set(operation["responses"])
    assert {"RepairRequest", "RepairResponse"} <= set(document["components"]["schemas"])
    (example,) = operation["requestBody"]["content"]["application/json"]["examples"].values()
    assert operation["summary"] == REPAIR_DOCS["summary"]
    answer = chain_server.post("/v1/repairs", json=example["value"]).json()
    assert points(answer) == [(0, 0, 1)]
