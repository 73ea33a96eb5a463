"""Single records over HTTP, each with its version."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
from clinic import at
from live import Desk, problem, told
from ward import place


def put(desk: Desk, path: str, body: dict[str, Any], **headers: str) -> httpx2.Response:
    """Write a record; underscores in the names of headers are dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return desk.client.put(path, json=body, headers=named)


def test_a_new_record_and_its_next_version(desk: Desk) -> None:
    """The first is asked for with If-None-Match, the next with the tag that was read."""
    path, body = "/v1/patients/zoe", {"birth_date": "1990-01-01"}
    made = put(desk, path, body, If_None_Match="*")
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    assert made.headers["location"] == path
    problem(put(desk, path, body, If_None_Match="*"), "stale-version")
    read = desk.client.get(path)
    assert (read.json(), read.headers["etag"]) == ({"id": "zoe"} | body, '"1"')
    changed = put(desk, path, read.json() | {"birth_date": "1991-01-01"}, If_Match='"1"')
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert changed.json() == {"version": 2, "collisions": []}
    same = put(desk, path, {"birth_date": "1991-01-01"}, If_Match='"2"')
    assert (same.status_code, same.headers["etag"]) == (200, '"2"')


def test_a_record_needs_its_version(desk: Desk) -> None:
    """Without one, or with one that is not understood, nothing is written."""
    path = "/v1/doctors/dr"
    before = desk.client.get(path)
    problem(put(desk, path, {}), "missing-precondition")
    for headers in (
        {"If_Match": "*"},
        {"If_Match": '"1", "2"'},
        {"If_Match": '"1"', "If_None_Match": "*"},
        {"If_None_Match": '"1"'},
    ):
        problem(put(desk, path, {}, **headers), "bad-precondition")
    for tag in ('"7"', 'W/"1"', '"0"', '"one"'):
        problem(put(desk, path, {}, If_Match=tag), "stale-version")
    assert desk.client.get(path).content == before.content


def test_of_two_who_change_a_record_one_reads_it_again(desk: Desk) -> None:
    """No change is lost: exactly one of each round is written."""
    path = "/v1/doctors/dr"
    tag = desk.client.get(path).headers["etag"]
    with ThreadPoolExecutor(4) as pool:
        for turn in range(5):
            bodies = [{"name": f"{turn} {writer}"} for writer in range(4)]
            asked = [pool.submit(put, desk, path, body, If_Match=tag) for body in bodies]
            answers = [future.result() for future in asked]
            assert sorted(row.status_code for row in answers) == [200, 412, 412, 412]
            tag = next(row.headers["etag"] for row in answers if row.status_code == 200)
    assert tag == '"6"'


def test_next_weeks_session_is_found_and_booked(desk: Desk) -> None:
    """A record that comes is in the next find."""
    path = "/v1/sessions/later"
    later = [at("09:00", 7).isoformat(), at("10:00", 7).isoformat()]
    body = {"role_id": "role", "start": later[0], "end": later[1], "cell_minutes": 15}
    before = desk.found("ann-visit", 100)
    assert put(desk, path, body, If_None_Match="*").status_code == 201
    found = desk.found("ann-visit", 100)
    assert len(found) == len(before) + 4
    assert {row["session_id"] for row in found} == {row["session_id"] for row in before} | {"later"}
    assert desk.hold("ann-visit", place(start="09:00")).status_code == 201


def test_a_change_that_breaks_promises(desk: Desk) -> None:
    """Is refused with the appointments, unless it is meant."""
    desk.booked("ann-visit", place("wide"))
    second = desk.booked("bob-visit", place("wide"))
    read = desk.client.get("/v1/sessions/two")
    smaller, tag = read.json() | {"capacity": 1}, read.headers["etag"]
    refused = problem(put(desk, "/v1/sessions/two", smaller, If_Match=tag), "would-break")
    assert {row["appointment_id"] for row in refused["collisions"]} == {second["id"]}
    problem(put(desk, "/v1/sessions/two?broken=1", smaller, If_Match=tag), "bad-request")
    done = put(desk, "/v1/sessions/two?breaking=true", smaller, If_Match=tag)
    assert done.status_code == 200
    assert done.json()["collisions"] == refused["collisions"]
    one = desk.client.get(f"/v1/appointments/{second['id']}").json()
    assert one["status"] == "conflicted"


def test_a_session_that_is_shortened_breaks_promises(desk: Desk) -> None:
    """Whoever is in what is cut off is told, with nobody to collide with; afterwards the place is
    no place, and another one is booked by a move.
    """
    made = desk.booked("ann-visit", place(start="10:30"))
    path, read = "/v1/sessions/one", desk.client.get("/v1/sessions/one")
    shorter, tag = read.json() | {"end": at("10:30").isoformat()}, read.headers["etag"]
    refused = problem(put(desk, path, shorter, If_Match=tag), "would-break")
    (row,) = refused["collisions"]
    assert (row["appointment_id"], row["kind"], row["with"]) == (made["id"], "session", [])
    done = put(desk, f"{path}?breaking=true", shorter, If_Match=tag)
    assert done.json()["collisions"] == [row]
    one = f"/v1/appointments/{made['id']}"
    assert desk.client.get(one).json()["status"] == "conflicted"
    problem(desk.post(f"{one}/move", place=told(place(start="10:30"))), "invalid-request")
    moved = desk.post(f"{one}/move", place=told(place(start="10:15"))).json()
    assert moved["status"] == "booked"


def test_a_new_request_is_found_for(desk: Desk) -> None:
    """With a new patient; the index hears of both."""
    desk.found("ann-visit")
    assert put(desk, "/v1/patients/zoe", {}, If_None_Match="*").status_code == 201
    body = desk.client.get("/v1/requests/ann-visit").json() | {"patient_id": "zoe"}
    del body["id"]
    assert put(desk, "/v1/requests/zoe-visit", body, If_None_Match="*").status_code == 201
    assert desk.found("zoe-visit") == desk.found("ann-visit")
    assert desk.booked("zoe-visit", place())["request_id"] == "zoe-visit"
    again = desk.client.get("/v1/requests/zoe-visit")
    assert again.json() == {"id": "zoe-visit"} | body


BAD_RECORDS: list[tuple[str, dict[str, Any], set[tuple[str, str]]]] = [
    ("patients", {"id": "other"}, {("wrong_value", "/id")}),
    ("patients", {"birth": 1}, {("unknown_field", "/*")}),
    ("requests", {"patient_id": "nobody", "visit_type_id": "visit",
                  "created": "2026-03-01T00:00:00Z"}, {("dangling_reference", "/patient_id")}),
    ("sessions", {"role_id": "role", "start": "2026-03-03T09:00:00-05:00", "cell_minutes": 15,
                  "end": "2026-03-03T08:00:00-05:00"}, {("empty_interval", "/end")}),
]  # fmt: skip


def test_records_that_break_a_rule(desk: Desk) -> None:
    """Of their own, or beside what they name."""
    for kind, body, found in BAD_RECORDS:
        refused = put(desk, f"/v1/{kind}/new", body, If_None_Match="*")
        content = problem(refused, "invalid-request")
        assert {(row["code"], row["path"]) for row in content["errors"]} == found
        problem(desk.client.get(f"/v1/{kind}/new"), "no-such-record")


def test_a_key_is_heeded_where_one_is_sent(desk: Desk) -> None:
    """The replay is not refused for its old version."""
    headers = {"If_None_Match": "*", "Idempotency_Key": "once"}
    first = put(desk, "/v1/patients/zoe", {}, **headers)
    again = put(desk, "/v1/patients/zoe", {}, **headers)
    assert first.status_code == again.status_code == 201
    assert again.headers["idempotency-replayed"] == "true"
    problem(put(desk, "/v1/patients/zoe", {"id": "zoe"}, **headers), "idempotency-key-reused")


def test_ids_with_signs_of_addresses(desk: Desk) -> None:
    """Slashes, blanks and letters of any alphabet are escaped, and come back."""
    path = "/v1/patients/" + "a%2Fb%20%C3%A4"
    made = put(desk, path, {}, If_None_Match="*")
    assert made.headers["location"] == path
    assert desk.client.get(path).json() == {"id": "a/b ä"}


def test_kinds_that_come_with_a_dataset_alone(desk: Desk) -> None:
    """They are no addresses."""
    assert desk.client.get("/v1/locations/office").status_code == 404
