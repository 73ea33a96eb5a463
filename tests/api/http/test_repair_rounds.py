"""Earlier rounds of a negotiation come with every request, and change what is offered."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest
from hostile import MARK
from repair_bodies import CLOSED, content_of
from repairs import after_the_loss, two_lost
from serving import errors

from engine.interchange.validation import adapter
from engine.repair.document import RepairDocument


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
    chain_server: httpx2.Client, by_event: bool
) -> None:
    """Bob declines, then accepts; Ann accepts, and is called no more. Every request holds all that
    was said; where Bob's appointment is missing, it is there again with what he accepted.
    """
    clinic, happened = two_lost(), {"disruptions": [CLOSED]}
    if not by_event:
        clinic, happened = after_the_loss(), {"before": content_of(two_lost())}
    body = {"dataset": content_of(clinic), "menus": 2, **happened}
    body["limits"] = {"deterministic": True}
    first = chain_server.post("/v1/repairs", json=body).json()
    assert "answered" not in first
    no = {"kind": "declined", "appointment_id": "bob"}
    rounds = [said(first, no, {"kind": "accepted", "appointment_id": "ann", "option": 2})]
    second = chain_server.post("/v1/repairs", json=body | {"earlier": rounds}).json()
    assert second["answered"] == {"accepted": ["ann"], "waiting": []}
    assert calls(second).keys() == {"bob"}
    assert not {*calls(second)["bob"]} & {*calls(first)["bob"], calls(first)["ann"][1]}
    rounds.append(said(second, {"kind": "accepted", "appointment_id": "bob", "option": 1}))
    third = chain_server.post("/v1/repairs", json=body | {"earlier": rounds}).json()
    assert third["answered"] == {"accepted": ["ann", "bob"], "waiting": []}
    assert third["frontier"][-1]["ledger"] == []
    third.pop("warnings")
    adapter(RepairDocument).validate_python(third)


def test_who_waits_for_others_is_answered(chain_server: httpx2.Client) -> None:
    """Ann accepts the place that Bob has yet to give up; of the plan, its ledger and menus are
    enough.
    """
    body = {"disruptions": [CLOSED], "max_additional": 3, "menus": 1}
    first = chain_server.post("/v1/repairs", json=body).json()
    plan = {name: first["frontier"][-1][name] for name in ("ledger", "menus")}
    ann = {"kind": "accepted", "appointment_id": "ann", "option": 1}
    rounds = [{"offered": plan, "answers": [ann]}]
    second = chain_server.post("/v1/repairs", json=body | {"earlier": rounds}).json()
    assert second["answered"] == {
        "accepted": [],
        "waiting": [{"appointment_id": "ann", "for_ids": ["bob"]}],
    }
    assert chain_server.post("/v1/repairs", json=body | {"earlier": []}).json()["frontier"]


def test_everything_wrong_with_earlier_answers_is_told_at_once(chain_server: httpx2.Client) -> None:
    """First what cannot be read, then what fits nothing, beside events that name nothing; and
    nothing is repeated.
    """
    body = {"disruptions": [CLOSED], "max_additional": 3, "menus": 1}
    first = chain_server.post("/v1/repairs", json=body).json()
    plan = first["frontier"][-1]
    unreadable = [{"answers": [{"kind": MARK}], MARK: 1}, 3, {"offered": {}, "answers": 1}]
    response = chain_server.post("/v1/repairs", json=body | {"earlier": unreadable, "depth": 0})
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
    response = chain_server.post("/v1/repairs", json=body | events | {"earlier": rounds})
    assert {row for row in errors(response) if not row[1].endswith("places/0/role_id")} == {
        ("wrong_value", "/earlier/0/answers/0/kind"),
        ("dangling_reference", "/earlier/1/answers/0/appointment_id"),
        ("dangling_reference", "/disruptions/0/session_id"),
    }
    assert response.json()["errors"][0]["path"].startswith("/earlier/0/offered/menus/")
    assert MARK not in response.text
    assert errors(chain_server.post("/v1/repairs", json=body | {"earlier": {}})) == {
        ("wrong_type", "/earlier")
    }
