"""Finds on a store: in step with everything that is promised."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from clinic import MONDAY, Clinic, at
from live import Desk, live, problem
from sqlalchemy import update
from ward import place, ward

from api.http.live.built import Built
from api.http.live.index import Index
from api.http.live.shown import record_content
from api.store.database import Database
from api.store.store import Store
from api.store.tables import appointment
from engine.domain import Doctor
from engine.find import find as find_in_dataset
from engine.interchange.found_places import found_content


def starts(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Role and start of places."""
    return [(row["role_id"], row["start"]) for row in rows]


def test_the_answer_is_that_of_a_dataset(desk: Desk, store: Store) -> None:
    """The same document, with the same places at the same prices."""
    desk.booked("bob-visit", place())
    answer = desk.client.post("/v1/find", json={"request_id": "ann-visit", "k": 7}).json()
    content = found_content(find_in_dataset(store.dataset(), "ann-visit", 7))
    assert answer.keys() == content.keys()
    assert answer["places"] == content["places"]
    assert answer["considered"] == content["considered"]


def test_places_that_are_promised_are_passed_over(desk: Desk, store: Store) -> None:
    """Held, booked and moved ones; cancelled ones, and holds that are over, are back."""
    every = starts(desk.found("ann-visit", 100))
    hold = desk.hold("bob-visit", place()).json()
    left = starts(desk.found("ann-visit", 100))
    assert ("role", hold["start"]) in every
    assert ("role", hold["start"]) not in left
    desk.book(hold["id"])
    assert starts(desk.found("ann-visit", 100)) == left
    desk.post(f"/v1/appointments/{hold['id']}/cancel", reason="pat")
    assert starts(desk.found("ann-visit", 100)) == every
    desk.hold("bob-visit", place())
    earlier = update(appointment).where(appointment.c.status == "held")
    old = earlier.values(held_until=appointment.c.held_until - 301)
    store.database.write(lambda connection: connection.execute(old))
    store.expire()
    assert starts(desk.found("ann-visit", 100)) == every


def test_a_hold_ends_without_a_change(store: Store) -> None:
    """By the database's clock, also where nobody has cleared it away; a booking does not."""
    store.book(store.hold("cyd-visit", place(start="10:00"), 1, "key").record.id, "key")
    store.hold("bob-visit", place(), 2, "key")
    built = Built.of(store, MONDAY - store.now())
    during = built.find("ann-visit", 100)
    store.hold("dot-visit", place(start="09:15"), 2, "key")
    assert built.follow()
    assert len(built.find("ann-visit", 100).places) == len(during.places) - 1
    built._end_holds(store.now() + timedelta(seconds=10))
    ended = built.find("ann-visit", 100)
    assert len(ended.places) == len(during.places) + 1


def test_who_else_writes_is_heard_of(desk: Desk, store: Store) -> None:
    """Another process on the same store: its holds are known at once, its load too."""
    before = starts(desk.found("ann-visit", 100))
    store.hold("bob-visit", place(), 300, "other")
    assert len(desk.found("ann-visit", 100)) == len(before) - 1
    store.load(ward().dataset(), "replace")
    assert starts(desk.found("ann-visit", 100)) == before


def test_an_unknown_request(desk: Desk) -> None:
    """And other bodies that cannot be used."""
    for body in ({"request_id": "nobody"}, {}, {"request_id": "ann-visit", "k": 0}):
        problem(desk.client.post("/v1/find", json=body), "invalid-request")


def test_a_short_list_says_why(desk: Desk, store: Store) -> None:
    """What every rule leaves, and with nothing in the window the next place; not where told not
    to.
    """
    request = next(row for row in store.dataset().requests if row.id == "ann-visit")
    store.put("requests", replace(request, id="hasty", latest=MONDAY))
    answer = desk.find(request_id="hasty").json()
    assert answer["places"] == []
    assert answer["counts"][answer["ruled_out_by"]] == 0
    first = desk.find(request_id="ann-visit", k=1, next_available=True).json()
    assert answer["next_available"] == first["next_available"]
    assert "counts" not in first
    assert "counts" in desk.find(request_id="ann-visit", k=1, counts=True).json()
    bare = desk.find(request_id="hasty", next_available=False, counts=False).json()
    assert bare.keys() & {"next_available", "counts"} == set()


def test_places_by_day_and_by_doctor(desk: Desk) -> None:
    """Instead of the list; how many is said by groups and per_group."""
    best = desk.found("ann-visit", 1)[0]
    for by, name in (("day", best["start"][:10]), ("doctor", best["service_id"])):
        content = desk.find(request_id="ann-visit", group_by=by, per_group=2).json()
        assert "places" not in content
        assert name in content["groups"][0].values()
        assert content["groups"][0]["places"][0] == best
        assert max(len(group["places"]) for group in content["groups"]) == 2
    for wrong, path in (
        ({"k": 3, "group_by": "day"}, "/k"),
        ({"per_group": 3}, "/per_group"),
        ({"group_by": "day", "groups": 100, "per_group": 100}, "/per_group"),
        ({"group_by": "week"}, "/group_by"),
    ):
        told = problem(desk.find(request_id="ann-visit", **wrong), "invalid-request")
        assert [row["path"] for row in told["errors"]] == [path]


def test_a_request_that_comes_along_is_answered_and_not_written(desk: Desk, store: Store) -> None:
    """By a patient of the store, or one who comes along too: the places of the like it holds."""
    dataset, before = store.dataset(), desk.found("ann-visit", 50)
    like = next(row for row in dataset.requests if row.id == "ann-visit")
    patient = next(row for row in dataset.patients if row.id == like.patient_id)
    mine = record_content(replace(like, id="mine"))
    assert desk.find(request=mine, k=50).json()["places"] == before
    theirs = mine | {"patient_id": "stranger"}
    stranger = record_content(replace(patient, id="stranger"))
    assert desk.find(request=theirs, patient=stranger, k=50).json()["places"] == before
    assert store.dataset() == dataset
    for body, code, path in (
        ({"request": mine, "request_id": "ann-visit"}, "not_exactly_one", "/request"),
        ({"request_id": "ann-visit", "patient": stranger}, "not_exactly_one", "/patient"),
        ({"request": mine | {"id": "ann-visit"}}, "duplicate_id", "/request/id"),
        ({"request": theirs}, "dangling_reference", "/request/patient_id"),
        ({"request": mine, "patient": stranger}, "dangling_reference", "/request/patient_id"),
        ({"request": mine, "patient": record_content(patient)}, "duplicate_id", "/patient/id"),
        ({"request": mine | {"urgency": "whenever"}}, "unknown_urgency", "/request/urgency"),
        ({"request": mine | {"id": 3}}, "wrong_type", "/request/id"),
    ):
        told = problem(desk.find(**body), "invalid-request")
        assert [(row["code"], row["path"]) for row in told["errors"]] == [(code, path)]


def test_an_empty_store(database: Database) -> None:
    """There is nothing to find in, and it is said."""
    with live(Store(database)) as desk:
        asked = desk.client.post("/v1/find", json={"request_id": "ann-visit"})
        problem(asked, "no-dataset")


@pytest.fixture
def small(database: Database) -> Store:
    """An hour, and two who want a place."""
    store = Store(database)
    store.load(Clinic().session("09:00", "10:00").request("one").request("two").dataset())
    return store


def test_time_passes(small: Store) -> None:
    """What lies in the past is not offered."""
    built = Built.of(small, at("08:50") - small.now())
    assert len(built.find("one", 10).places) == 4
    built._let_pass(at("09:20"))
    assert len(built.find("one", 10).places) == 2
    built._let_pass(at("09:00"))
    assert len(built.find("one", 10).places) == 2


def test_what_takes_long_is_said(small: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """While arrays are made anew, what was known answers, and says that it is behind."""
    index = Index(small, MONDAY)
    try:
        index.start()
        assert not index.find("one", 5)[1]
        monkeypatch.setattr("api.http.live.index.PATIENCE_SECONDS", 0.0)
        monkeypatch.setattr(index._maker, "submit", lambda *_: Future())
        small.put("doctors", Doctor(id="new"))
        found, is_behind = index.find("one", 5)
        assert is_behind
        assert len(found.places) == 4
    finally:
        index.close()


def test_it_is_ready_before_anybody_asks(small: Store) -> None:
    """Whoever sends requests only to what is ready would else never send one."""
    index = Index(small, MONDAY)
    try:
        assert not index.is_ready
        index.start()
        assert index._making is not None
        index._making.result()
        assert index.is_ready
    finally:
        index.close()


def test_what_was_heard_in_part_is_made_anew(small: Store) -> None:
    """A fault while changes are taken over is not passed over afterwards."""
    built = Built.of(small, MONDAY - small.now())
    small.hold("two", place(), 300, "key")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(built._finder, "taken", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            built.follow()
    assert not built.follow()
    assert len(Built.of(small, MONDAY - small.now()).find("one", 9).places) == 3
