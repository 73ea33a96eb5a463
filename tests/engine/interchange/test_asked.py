"""Requests asked of a dataset that somebody holds."""

from __future__ import annotations

from typing import Any

import pytest
from clinic import Clinic, at

from engine.domain import Dataset
from engine.errors import DatasetError
from engine.interchange.asked import asked_of
from engine.match import match


def request(id: str, patient: str, **more: Any) -> dict[str, Any]:
    """A request for the clinic's visit, as JSON."""
    created = at("00:00").isoformat()
    return {"id": id, "patient_id": patient, "visit_type_id": "visit", "created": created} | more


def held() -> Dataset:
    """Four cells; one is booked, one request is open, one hold has expired."""
    return (
        Clinic(as_of=at("08:00"))
        .session("09:00", "10:00")
        .request("booked")
        .request("open")
        .request("expired")
        .request("partner")
        .appointment("09:00", "09:15", request="booked")
        .appointment("09:15", "09:30", request="expired", status="held", held_until=at("07:00"))
        .link("open", "partner", same_day=True)
        .dataset()
    )


def test_the_datasets_open_requests_make_room_for_those_asked() -> None:
    """What is booked stays; what was open, with its links and expired holds, takes no part."""
    dataset, _ = asked_of(held(), {"requests": [request("mine", "open")]})
    assert [row.id for row in dataset.requests] == ["booked", "mine"]
    assert [row.id for row in dataset.appointments] == ["a1"]
    assert dataset.links == ()
    result = match(dataset)
    assert result.plan.state.tolist() == [2, 1]


def test_patients_and_links_may_come_with_the_requests() -> None:
    """A family that the dataset does not know, back to back."""
    content = {
        "patients": [{"id": "ann"}, {"id": "ben"}],
        "requests": [request("r1", "ann"), request("r2", "ben"), request("open", "ann")],
        "links": [{"id": "family", "request_ids": ["r1", "r2"], "all_or_none": True}],
    }
    dataset, report = asked_of(held(), content)
    assert {row.id for row in dataset.patients} >= {"ann", "ben", "booked"}
    assert [row.id for row in dataset.links] == ["family"]
    assert {(row.code, row.path) for row in report.problems} == {
        ("home_unknown", "/patients/0/home"),
        ("home_unknown", "/patients/1/home"),
    }


def test_everything_wrong_is_found_at_its_place_in_the_body() -> None:
    """Unknown patients, ids that are taken, wrong fields: in one pass."""
    content = {
        "patients": [{"id": "booked"}],
        "requests": [
            request("r1", "nobody"),
            request("booked", "open"),
            request("r2", "open", created="yesterday"),
            request("r3", "open", urgency="whenever"),
        ],
        "links": 3,
    }
    with pytest.raises(DatasetError) as caught:
        asked_of(held(), content, {"routine"})
    assert {(row.code, row.path) for row in caught.value.problems} >= {
        ("duplicate_id", "/patients/0/id"),
        ("dangling_reference", "/requests/0/patient_id"),
        ("duplicate_id", "/requests/1/id"),
        ("bad_instant", "/requests/2/created"),
        ("unknown_urgency", "/requests/3/urgency"),
        ("wrong_type", "/links"),
    }
    assert not any(row.path.startswith("held") for row in caught.value.problems)
