"""Appointments over HTTP: moved, cancelled, read, listed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from live import Desk, live, new_key, problem, told
from ward import DAY, place, ward

from api.http.live.bodies import CANCELLATION_REASONS
from api.store.database import Database
from api.store.store import Store


def test_hold_book_move_cancel(desk: Desk) -> None:
    """One appointment, from the first to the last, with a version for each."""
    held = desk.hold("ann-visit", place(), ttl_seconds=120)
    made = held.json()
    one = f"/v1/appointments/{made['id']}"
    assert (held.status_code, held.headers["location"], held.headers["etag"]) == (201, one, '"1"')
    assert (made["status"], made["version"]) == ("held", 1)
    booked = desk.book(made["id"])
    assert (booked.status_code, booked.headers["etag"]) == (201, '"2"')
    assert "held_until" not in booked.json()
    moved = desk.post(f"{one}/move", place=told(place(start="10:15")))
    assert (moved.status_code, moved.headers["etag"]) == (200, '"3"')
    assert moved.json()["start"] == told(place(start="10:15"))["start"]
    cancelled = desk.post(f"{one}/cancel", reason="pat-fb")
    assert (cancelled.json()["status"], cancelled.json()["reason"]) == ("cancelled", "pat-fb")
    read = desk.client.get(one)
    assert read.json() == cancelled.json()
    assert read.headers["etag"] == '"4"'
    problem(desk.post(f"{one}/cancel", reason="pat"), "no-such-record")
    assert desk.hold("bob-visit", place(start="10:15")).status_code == 201


def test_a_hold_is_moved_and_given_back(desk: Desk) -> None:
    """By whom it is, without being booked first."""
    made = desk.hold("ann-visit", place()).json()
    one = f"/v1/appointments/{made['id']}"
    moved = desk.post(f"{one}/move", place=told(place(start="10:15"))).json()
    assert (moved["status"], moved["held_until"]) == ("held", made["held_until"])
    assert desk.post(f"{one}/cancel", reason="pat").json()["status"] == "cancelled"
    problem(desk.book(made["id"]), "no-such-record")


@pytest.mark.parametrize("action", ["move", "cancel"])
def test_a_version_that_was_read(desk: Desk, action: str) -> None:
    """If-Match is heeded where it is sent: who read an older one changes nothing."""
    made = desk.booked("ann-visit", place())
    path = f"/v1/appointments/{made['id']}/{action}"
    body = {"place": told(place(start="10:15"))} if action == "move" else {"reason": "pat"}

    def ask(tag: str) -> Any:
        headers = {"Idempotency-Key": new_key(), "If-Match": tag}
        return desk.client.post(path, json=body, headers=headers)

    assert problem(ask('"1"'), "stale-version")["version"] == 2
    problem(ask('W/"2"'), "stale-version")
    problem(ask("*"), "bad-precondition")
    assert ask('"2"').status_code == 200


def test_reasons_are_a_closed_list(desk: Desk) -> None:
    """All 32 of FHIR's, and no text: that could say anything of anybody."""
    made = desk.booked("ann-visit", place())
    refused = desk.post(f"/v1/appointments/{made['id']}/cancel", reason="she called")
    content = problem(refused, "invalid-request")
    assert [(row["code"], row["path"]) for row in content["errors"]] == [("wrong_value", "/reason")]
    assert "she called" not in refused.text
    assert len(set(CANCELLATION_REASONS)) == 32


BAD_BODIES: list[tuple[dict[str, Any], set[tuple[str, str]]]] = [
    ({}, {("missing_field", "/request_id"), ("missing_field", "/place")}),
    ({"request_id": "x", "place": 3}, {("wrong_type", "/place")}),
    ({"ttl_seconds": 0}, {("out_of_range", "/ttl_seconds")}),
    ({"ttl_seconds": 3601}, {("out_of_range", "/ttl_seconds")}),
    ({"secret": 1}, {("unknown_field", "/*")}),
    ({"place": {"role_id": "role", "start": "now", "end": 1}},
     {("bad_instant", "/place/start"), ("bad_instant", "/place/end")}),
]  # fmt: skip


def test_bodies_that_cannot_be_used(desk: Desk) -> None:
    """Everything wrong is named, by rule and place, and no value is."""
    good = {"request_id": "ann-visit", "place": told(place())}
    for body, found in BAD_BODIES:
        sent = body if not body or "request_id" in body else good | body
        content = problem(desk.post("/v1/holds", **sent), "invalid-request")
        assert {(row["code"], row["path"]) for row in content["errors"]} == found


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (place(start="07:00"), ("not_a_place", "/place")),
        (place(start="09:30", end="09:15"), ("empty_interval", "/place/end")),
    ],
)
def test_a_place_that_is_none(desk: Desk, where: Any, found: tuple[str, str]) -> None:
    """No session has it."""
    content = problem(desk.hold("ann-visit", where), "invalid-request")
    assert [(row["code"], row["path"]) for row in content["errors"]] == [found]


def test_what_is_no_json(desk: Desk) -> None:
    """Nor an object."""
    headers = {"Idempotency-Key": "x"}
    for raw in (b"{", b"[]", b"\xff", b'{"a": NaN}', b'{"a": 1, "a": 2}', b"[" * 100_000):
        refused = desk.client.post("/v1/holds", content=raw, headers=headers)
        problem(refused, "invalid-request")
    large = desk.client.post("/v1/holds", content=b" " * (1 << 20 | 1), headers=headers)
    problem(large, "body-too-large")


def test_ids_that_nobody_has(desk: Desk) -> None:
    """A role, a request, an appointment, and what could be no id at all."""
    problem(desk.hold("nobody", place()), "no-such-record")
    problem(desk.hold("ann-visit", place("nowhere")), "no-such-record")
    for name in ("none", "%00", "a" * 201):
        problem(desk.client.get(f"/v1/appointments/{name}"), "no-such-record")
        problem(desk.post(f"/v1/appointments/{name}/cancel", reason="pat"), "no-such-record")


def pages(desk: Desk, path: str, name: str, **query: Any) -> list[list[str]]:
    """Ids on every page of a list."""
    found, cursor = [], {}
    while True:
        answer = desk.client.get(path, params=query | cursor)
        assert answer.status_code == 200, answer.text
        found.append([row["id"] for row in answer.json()[name]])
        if "next" not in answer.json():
            return found
        cursor = {"cursor": answer.json()["next"]}


def test_pages_are_all_there_is_and_nothing_twice(desk: Desk) -> None:
    """Also while others come: before where it is they are not seen, behind it they are."""
    names = ("ann", "bob", "cyd", "dot")
    starts = ("09:00", "09:15", "09:30", "09:45")
    for name, start in zip(names, starts, strict=True):
        desk.booked(f"{name}-visit", place(start=start))
    (every,) = pages(desk, "/v1/appointments", "appointments")
    assert every == sorted(every)
    assert pages(desk, "/v1/appointments", "appointments", limit=3) == [every[:3], every[3:]]
    first = desk.client.get("/v1/appointments", params={"limit": 2}).json()
    new = desk.hold("eve-visit", place(start="10:00")).json()["id"]
    rest = pages(desk, "/v1/appointments", "appointments", limit=2, cursor=first["next"])
    seen = [row["id"] for row in first["appointments"]] + [name for page in rest for name in page]
    assert len(seen) == len(set(seen))
    assert set(seen) == set(every) | ({new} if new > every[1] else set())
    held = desk.client.get("/v1/appointments", params={"status": "held"}).json()
    assert [row["id"] for row in held["appointments"]] == [new]


def test_a_cursor_is_for_its_own_list(desk: Desk) -> None:
    """Not for another filter, another list, nor after it was tampered with."""
    for name, start in (("ann", "09:00"), ("bob", "09:15")):
        desk.booked(f"{name}-visit", place(start=start))
    cursor = desk.client.get("/v1/appointments", params={"limit": 1}).json()["next"]
    for path, query in (
        ("/v1/appointments", {"cursor": cursor, "status": "booked"}),
        ("/v1/requests", {"cursor": cursor, "state": "waiting"}),
        ("/v1/appointments", {"cursor": cursor[:-3] + "AAA"}),
        ("/v1/appointments", {"cursor": cursor + "="}),
        ("/v1/appointments", {"cursor": "ä"}),
        ("/v1/appointments", {"cursor": ""}),
    ):
        problem(desk.client.get(path, params=query), "bad-cursor")


def test_what_a_list_cannot_be_asked(desk: Desk) -> None:
    """Limits outside of their range, and filters that there are not."""
    for query in ("limit=0", "limit=1001", "limit=x", "status=new", "name=ann"):
        problem(desk.client.get(f"/v1/appointments?{query}"), "invalid-request")


def test_requests_that_wait(desk: Desk) -> None:
    """Those without a place, and for which none is held now."""
    (every,) = pages(desk, "/v1/requests", "requests", state="waiting")
    assert len(every) == 12
    made = desk.booked("ann-visit", place())
    desk.hold("bob-visit", place(start="09:15"))
    left = [name for name in every if name not in ("ann-visit", "bob-visit")]
    assert pages(desk, "/v1/requests", "requests", state="waiting", limit=4) == [
        left[:4],
        left[4:8],
        left[8:],
    ]
    desk.post(f"/v1/appointments/{made['id']}/cancel", reason="prov")
    (now,) = pages(desk, "/v1/requests", "requests", state="waiting")
    assert now == sorted([*left, "ann-visit"])
    problem(desk.client.get("/v1/requests"), "invalid-request")


def test_a_place_that_no_find_would_name_is_not_held(database: Database) -> None:
    """It is free and lies in a session, and the doctor sees only children, or the visit is longer:
    refused, kept under its key, and nothing is held; a place that is taken is a lost race first.
    """
    clinic = ward()
    clinic.role("wide", doctor_id="other", age_max=17)
    store = Store(database)
    store.load(clinic.dataset())
    with live(store) as desk:
        for where in (place("wide"), place(end="09:10")):
            content = problem(desk.hold("ann-visit", where, where.role_id), "invalid-request")
            assert [row["code"] for row in content["errors"]] == ["not_eligible"]
        again = desk.hold("ann-visit", place("wide"), "wide")
        assert again.headers["idempotency-replayed"] == "true"
        assert not store.appointments().rows
        desk.booked("bob-visit", place())
        problem(desk.hold("ann-visit", place()), "place-taken")


def test_a_session_that_is_named_is_the_one_that_is_looked_at(database: Database) -> None:
    """Two day sessions have one time, and one of them is for scans: a visit is not held there."""
    clinic = ward()
    more = {"kind": "day", "cell_minutes": None, "visit_type_ids": ("scan",)}
    clinic.session("08:00", "16:00", id="scans", role_id="chair", **more)
    store = Store(database)
    store.load(clinic.dataset())
    with live(store) as desk:
        for name in ("scans", "one", "nothing"):
            content = problem(
                desk.hold("ann-visit", replace(DAY, session_id=name)), "invalid-request"
            )
            assert [row["code"] for row in content["errors"]] == ["not_eligible"]
        assert desk.hold("ann-visit", replace(DAY, session_id="day")).status_code == 201


def test_day_sessions_that_are_alike_are_one_to_whoever_asks(database: Database) -> None:
    """An appointment does not say in which of them it is: whichever a find names, and whichever is
    named, as many may come as there are seats in both.
    """
    clinic = ward()
    clinic.session("08:00", "16:00", id="twin", role_id="chair", kind="day", cell_minutes=None)
    store = Store(database)
    store.load(clinic.dataset())
    with live(store) as desk:
        for request in ("ann-visit", "bob-visit", "cyd-visit"):
            assert any(row["role_id"] == "chair" for row in desk.found(request, 100))
            assert desk.hold(request, replace(DAY, session_id="twin")).status_code == 201
        assert not any(row["role_id"] == "chair" for row in desk.found("dot-visit", 100))
        problem(desk.hold("dot-visit", replace(DAY, session_id="twin")), "place-taken")


def test_a_move_goes_only_where_a_find_could_send_the_patient(database: Database) -> None:
    """As a hold does: refused where only children are seen, or for a shorter visit, and the answer
    is kept; what overlaps the old place, or is the old place, is open to the move. Of a hold too.
    """
    clinic = ward().visit_type("visit", minutes=30)
    clinic.role("wide", doctor_id="other", age_max=17)
    store = Store(database)
    store.load(clinic.dataset())
    with live(store) as desk:
        held = desk.hold("bob-visit", place(start="10:00", end="10:30")).json()
        booked = desk.booked("ann-visit", place(end="09:30"))
        for made, start, end in ((held, "10:15", "10:45"), (booked, "09:15", "09:45")):
            path = f"/v1/appointments/{made['id']}/move"
            for where in (place("wide", end="09:30"), place(start="10:45")):
                refused = desk.post(path, f"{made['id']}-{where.role_id}", place=told(where))
                (row,) = problem(refused, "invalid-request")["errors"]
                assert (row["code"], row["path"]) == ("not_eligible", "/place")
            again = desk.post(path, f"{made['id']}-wide", place=told(place("wide", end="09:30")))
            assert again.headers["idempotency-replayed"] == "true"
            for version in (1, 2):
                moved = desk.post(path, place=told(place(start=start, end=end)))
                assert (moved.status_code, moved.json()["version"]) == (
                    200,
                    made["version"] + version,
                )
        problem(desk.post(path, place=told(place(start="10:00", end="10:30"))), "place-taken")
        problem(desk.post("/v1/appointments/none/move", place=told(place())), "no-such-record")
