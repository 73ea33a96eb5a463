"""Finds in a dataset that a process keeps, called without a process."""

from __future__ import annotations

import json
from typing import Any

import pytest
from clinic import Clinic, at

from api.http.finding import Held, find_in
from engine.errors import InvalidInputError
from engine.found import Found


def held() -> Held:
    """Four cells, of which one is booked."""
    clinic = Clinic().session("09:00", "10:00").request("booked").request("open")
    return Held(clinic.appointment("09:00", "09:15", request="booked").dataset())


def find(held: Held, **body: Any) -> Found:
    """Ask."""
    return find_in(held, json.dumps(body).encode())


def request(id: str) -> dict[str, Any]:
    """A request for the clinic's visit by the patient of the open one."""
    created = at("00:00").isoformat()
    return {"id": id, "patient_id": "open", "visit_type_id": "visit", "created": created}


def test_an_id_that_holds_an_appointment_is_taken() -> None:
    """One that is open stands for the request that comes along."""
    with pytest.raises(InvalidInputError) as caught:
        find(held(), request=request("booked"))
    assert [(row.code, row.path) for row in caught.value.problems] == [
        ("duplicate_id", "/request/id")
    ]
    assert len(find(held(), request=request("open")).places) == 3


def test_arrays_are_made_once_per_policy_and_few_are_kept() -> None:
    """The third policy takes the place of the first."""
    kept = held()
    kept.prepare()
    policies = [
        {},
        {"rules": {"travel": {"free_km": 1.0}}},
        {"rules": {"travel": {"free_km": 2.0}}},
    ]
    first = dict(kept._finders)
    for policy in policies:
        assert len(find(kept, request_id="open", policy=policy).places) == 3
    assert len(kept._finders) == 2
    assert not set(first) & set(kept._finders)
