"""Finds on a store: in step with everything that is promised."""

from __future__ import annotations

import time
from concurrent.futures import Future
from datetime import timedelta
from typing import Any

import pytest
from clinic import MONDAY, Clinic, at
from live import Desk, live, problem
from sqlalchemy import update
from ward import place, ward

from api.http.live.built import Built
from api.http.live.index import Index
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


def test_an_index_is_ready_before_anybody_has_asked(store: Store) -> None:
    """Whoever looks whether the service is ready sends it nothing until it is."""
    index = Index(store, MONDAY)
    index.start()
    deadline = time.monotonic() + 30
    while not index.is_ready and time.monotonic() < deadline:
        time.sleep(0.01)
    index.close()
    assert index.is_ready
