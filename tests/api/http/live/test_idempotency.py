"""A key makes a request one request, however often it is sent."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
from live import Desk, problem, told
from sqlalchemy import func, select, update
from ward import place

from api.store.store import Store
from api.store.tables import answer, appointment


def num_appointments(store: Store) -> int:
    """How many rows there are."""
    with store.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(appointment)).scalar_one())


def test_every_write_needs_a_key(desk: Desk) -> None:
    """Without one nothing is done."""
    made = desk.booked("ann-visit", place())
    one = f"/v1/appointments/{made['id']}"
    for answered in (
        desk.hold("bob-visit", place(start="09:15"), None),
        desk.book("none", None),
        desk.post(f"{one}/move", None, place=told(place(start="09:30"))),
        desk.post(f"{one}/cancel", None, reason="pat"),
    ):
        problem(answered, "missing-idempotency-key")
    assert desk.client.get(one).json() == made


def test_a_key_that_is_none_is_refused(desk: Desk) -> None:
    """Too long, empty, with blanks, or with quotes that do not close."""
    body = {"request_id": "ann-visit", "place": told(place())}
    for key in ('""', '"', '"open', "k" * 256, "two words", "ä", '"a\\b"'):
        headers = {"Idempotency-Key": key.encode()}
        refused = desk.client.post("/v1/holds", json=body, headers=headers)
        problem(refused, "bad-idempotency-key")


def test_two_keys_are_none(desk: Desk) -> None:
    """Nobody can say which one counts."""
    headers = [("Idempotency-Key", "one"), ("Idempotency-Key", "two")]
    problem(desk.client.post("/v1/holds", json={}, headers=headers), "bad-idempotency-key")


def test_a_replay_is_the_first_answer_to_the_byte(desk: Desk, store: Store) -> None:
    """Of a hold, a booking, a move and a cancellation; with quotes the key is the same."""
    hold = desk.hold("ann-visit", place(), "first").json()["id"]
    one = f"/v1/appointments/{hold}"
    asked: list[tuple[str, dict[str, Any]]] = [
        ("/v1/holds", {"request_id": "bob-visit", "place": told(place(start="09:15"))}),
        ("/v1/appointments", {"hold_id": hold}),
        (f"{one}/move", {"place": told(place(start="10:00"))}),
        (f"{one}/cancel", {"reason": "prov"}),
    ]
    for path, body in asked:
        first = desk.post(path, "same", **body)
        again = desk.post(path, '"same"', **body)
        assert first.status_code in (200, 201), first.text
        assert "idempotency-replayed" not in first.headers
        assert again.headers["idempotency-replayed"] == "true"
        assert (again.status_code, again.content) == (first.status_code, first.content)
        for name in ("content-type", "etag", "location"):
            assert again.headers.get(name) == first.headers.get(name)
    assert num_appointments(store) == 2


def test_the_layout_of_a_body_does_not_matter(desk: Desk) -> None:
    """Members in another order, and blanks, are the same request."""
    row = told(place())
    texts = [
        f'{{"request_id": "ann-visit", "place": {{"role_id": "role", "start": "{row["start"]}", '
        f'"end": "{row["end"]}"}}}}',
        f'{{"place":{{"end":"{row["end"]}","start":"{row["start"]}","role_id":"role"}},'
        '"request_id":"ann-visit"}',
    ]
    headers = {"Idempotency-Key": "layout"}
    first, again = (desk.client.post("/v1/holds", content=t, headers=headers) for t in texts)
    assert first.status_code == 201
    assert again.content == first.content


def test_a_key_is_for_one_request(desk: Desk, store: Store) -> None:
    """Another body, or another appointment, is refused; on another route it is another key."""
    hold = desk.hold("ann-visit", place(), "key").json()["id"]
    problem(desk.hold("bob-visit", place(), "key"), "idempotency-key-reused")
    other = desk.hold("bob-visit", place(start="09:15"), "other").json()["id"]
    cancelled = desk.post(f"/v1/appointments/{hold}/cancel", "key", reason="pat")
    assert cancelled.status_code == 200
    again = desk.post(f"/v1/appointments/{other}/cancel", "key", reason="pat")
    problem(again, "idempotency-key-reused")
    assert store.appointment(other).status == "held"


def test_a_refusal_is_kept_too(desk: Desk) -> None:
    """Even when the request would be granted by now."""
    missing = desk.book("no-such-hold", "refused")
    problem(missing, "no-such-record")
    hold = desk.hold("ann-visit", place()).json()
    two = desk.hold("ann-visit", place(start="10:00"), "two")
    problem(two, "has-a-place")
    desk.post(f"/v1/appointments/{hold['id']}/cancel", reason="pat")
    again = desk.hold("ann-visit", place(start="10:00"), "two")
    assert again.content == two.content
    assert again.headers["idempotency-replayed"] == "true"


def test_what_cannot_be_read_uses_no_key_up(desk: Desk) -> None:
    """A body that is mended may be sent with the same key."""
    assert desk.post("/v1/holds", "mended", request_id="ann-visit").status_code == 422
    assert desk.hold("ann-visit", place(), "mended").status_code == 201


def test_the_same_key_at_the_same_time_has_one_effect(desk: Desk, store: Store) -> None:
    """All wait for the first, and are told the same."""
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(desk.hold, "ann-visit", place(), "at-once") for _ in range(8)]
        answers = [future.result() for future in asked]
    assert {row.status_code for row in answers} == {201}
    assert len({row.content for row in answers}) == 1
    assert sum("idempotency-replayed" not in row.headers for row in answers) == 1
    assert num_appointments(store) == 1


def test_an_old_answer_is_forgotten_by_the_databases_clock(desk: Desk, store: Store) -> None:
    """After a day the key is new, and the request is another one."""
    hold = desk.hold("ann-visit", place(), "yesterday").json()
    desk.post(f"/v1/appointments/{hold['id']}/cancel", reason="pat")
    old = update(answer).where(answer.c.key == "yesterday").values(kept_until=store.database.now)
    store.database.write(lambda connection: connection.execute(old))
    anew = desk.hold("ann-visit", place(), "yesterday")
    assert anew.status_code == 201
    assert anew.json()["id"] != hold["id"]


def test_whoever_was_cut_off_asks_again(desk: Desk, store: Store) -> None:
    """The connection is closed before the answer: the hold is there once, and told again."""
    url = httpx2.URL(desk.client.base_url)
    body = desk.client.build_request(
        "POST", "/v1/holds", json={"request_id": "ann-visit", "place": told(place())}
    ).read()
    head = (
        f"POST /v1/holds HTTP/1.1\r\nHost: {url.host}\r\nIdempotency-Key: cut\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    for _ in range(3):
        with socket.create_connection((str(url.host), int(url.port or 0))) as connection:
            connection.sendall(head.encode() + body)
    told_again = desk.hold("ann-visit", place(), "cut")
    assert told_again.status_code == 201
    assert num_appointments(store) == 1
    assert store.appointment(told_again.json()["id"]).status == "held"
