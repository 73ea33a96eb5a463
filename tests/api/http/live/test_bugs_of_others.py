"""What went wrong in other booking systems, tried here; numbers are of their issue trackers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx2
from clinic import Clinic, at
from live import Desk, live, problem, told
from ward import let_time_pass, place

from api.store.database import Database
from api.store.placing import Place
from api.store.store import Store
from engine.events.overfull import Sweep
from engine.policy import Policy
from engine.snapshot import take_snapshot

NAMES = ("ann", "bob", "cyd", "dot", "eve", "fay")


def at_once(works: Sequence[Callable[[], httpx2.Response]]) -> list[httpx2.Response]:
    """What each was answered, when all began together."""
    begin = Barrier(len(works))

    def run(work: Callable[[], httpx2.Response]) -> httpx2.Response:
        begin.wait(10)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def holds_at_once(desk: Desk, where: Place, names: Sequence[str] = NAMES) -> list[httpx2.Response]:
    """Everybody wants one place at the same time."""
    return at_once([lambda name=name: desk.hold(f"{name}-visit", where) for name in names])


def place_of(found: dict[str, Any]) -> dict[str, Any]:
    """A place that was found, to be asked for."""
    return {name: found[name] for name in ("role_id", "start", "end", "session_id")}


def statuses(answers: Sequence[httpx2.Response]) -> Counter[int]:
    """How often each."""
    return Counter(row.status_code for row in answers)


def assert_nobody_meets_anybody(store: Store) -> None:
    """By the engine's own measure."""
    assert Sweep(take_snapshot(store.dataset()), Policy.default()).stretches() == []


def test_cal_13397(desk: Desk, store: Store) -> None:
    """Cal.com #13397: hundreds of lines without a lock lay between looking and writing, so that all
    who had looked wrote.
    """
    for name in NAMES:
        found = desk.found(f"{name}-visit")
        assert told(place())["start"] in {row["start"] for row in found}
    assert statuses(holds_at_once(desk, place())) == {201: 1, 409: 5}
    assert_nobody_meets_anybody(store)


def test_cal_5820(desk: Desk, store: Store) -> None:
    """Cal.com #5820: a slot for one was confirmed to two or three who booked it from several
    devices at the same moment.
    """

    def hold_and_book(name: str) -> httpx2.Response:
        hold = desk.hold(f"{name}-visit", place())
        return desk.book(hold.json()["id"]) if hold.status_code == 201 else hold

    answers = at_once([lambda name=name: hold_and_book(name) for name in NAMES])
    assert statuses(answers) == {201: 1, 409: 5}
    rows = store.appointments(status="booked").rows
    assert [row.record.start for row in rows] == [place().start]


def test_cal_10789(desk: Desk, store: Store) -> None:
    """Cal.com #10789: of two requests for one slot that waited for a confirmation, both could be
    confirmed, one after the other: the second confirmation did not look again.
    """
    first = desk.hold("ann-visit", place()).json()
    let_time_pass(store, 301)
    second = desk.hold("bob-visit", place()).json()
    assert desk.book(second["id"]).status_code == 201
    lost = problem(desk.book(first["id"]), "hold-over")
    assert lost["hold"]["start"] != first["start"]
    assert_nobody_meets_anybody(store)


def test_cal_29958(desk: Desk, store: Store) -> None:
    """Cal.com #29958: two confirmations at the same time both found the booking pending, and both
    confirmed.
    """
    hold = desk.hold("ann-visit", place()).json()["id"]
    answers = at_once([lambda: desk.book(hold)] * 6)
    assert statuses(answers) == {201: 1, 409: 5}
    assert store.appointment(hold).version == 2


def test_cal_13360(desk: Desk, store: Store) -> None:
    """Cal.com #13360: two who took seats of an event at about the same time got an event each, so
    that more came than there were seats.
    """
    for start in ("09:00", "10:00"):
        where = place("wide", start)
        answers = holds_at_once(desk, where)
        assert statuses(answers) == {201: 2, 409: 4}
        assert len({(row.json()["role_id"], row.json()["start"]) for row in answers
                    if row.status_code == 201}) == 1  # fmt: skip
        for row in store.appointments(status="held").rows:
            desk.post(f"/v1/appointments/{row.record.id}/cancel", reason="pat")
    assert_nobody_meets_anybody(store)


def test_cal_22801(database: Database) -> None:
    """Cal.com #22801: a series was booked after a look at its first dates alone, over what stood at
    the later ones.
    """
    clinic, days = Clinic(), (0, 1, 2, 3)
    for day in days:
        clinic.session("09:00", "11:00", day=day)
        clinic.request(f"ann-{day}", "ann").request(f"bob-{day}", "bob")
    clinic.request("cyd")
    store = Store(database)
    store.load(clinic.dataset())
    wanted = [Place("role", at("09:00", day), at("09:15", day)) for day in days]
    with live(store) as desk:
        desk.booked("cyd", wanted[2])
        answers = at_once(
            [
                lambda name=name, day=day: desk.hold(f"{name}-{day}", wanted[day])
                for name in ("ann", "bob")
                for day in days
            ]
        )
    assert statuses(answers) == {201: 3, 409: 5}
    assert_nobody_meets_anybody(store)


def test_cal_21710(desk: Desk) -> None:
    """Cal.com PR #21710: a key made of the slot refused whoever booked it again after it had been
    given to somebody else and back.
    """
    for name in ("ann", "bob", "ann"):
        made = desk.booked(f"{name}-visit", place())
        moved = desk.post(f"/v1/appointments/{made['id']}/move", place=told(place("wide")))
        assert moved.status_code == 200
        back = desk.post(f"/v1/appointments/{made['id']}/move", place=told(place()))
        assert back.status_code == 200
        assert desk.post(f"/v1/appointments/{made['id']}/cancel", reason="pat").status_code == 200


def test_cal_23222(desk: Desk, store: Store) -> None:
    """Cal.com PR #23222: a session was full only when exactly as many were there as may come, and
    holds that were over were counted: so it had room beyond the last seat, or none before.
    """
    where = place("wide")
    assert desk.hold("ann-visit", where).status_code == 201
    let_time_pass(store, 301)
    for name in ("bob", "cyd"):
        assert told(where)["start"] in {
            row["start"] for row in desk.found(f"{name}-visit", 50) if row["role_id"] == "wide"
        }
        assert desk.hold(f"{name}-visit", where).status_code == 201
    for name in ("dot", "eve", "fay"):
        problem(desk.hold(f"{name}-visit", where), "place-taken")


def test_easy_31(desk: Desk) -> None:
    """Easy!Appointments #31: two windows showed one free slot, and whoever pressed the button
    second was booked too.
    """
    windows = [
        next(row for row in desk.found(f"{name}-visit", 50) if row["role_id"] == "role")
        for name in ("ann", "bob")
    ]
    assert windows[0]["start"] == windows[1]["start"]
    first, second = (
        desk.post("/v1/holds", request_id=f"{name}-visit", place=place_of(row))
        for name, row in zip(("ann", "bob"), windows, strict=True)
    )
    assert first.status_code == 201
    problem(second, "place-taken")


def test_easy_845(desk: Desk, store: Store) -> None:
    """Easy!Appointments #845: with any provider some 40 were booked twice in a week, since who was
    chosen was not looked at again.
    """

    def take_the_best(name: str) -> httpx2.Response:
        best = desk.found(f"{name}-visit", 1)[0]
        answer = desk.post("/v1/holds", request_id=f"{name}-visit", place=place_of(best))
        content = answer.json()
        hold = content if answer.status_code == 201 else content["hold"]
        return desk.book(hold["id"])

    answers = at_once([lambda name=name: take_the_best(name) for name in NAMES])
    assert statuses(answers) == {201: 6}
    assert len(store.appointments(status="booked").rows) == 6
    assert_nobody_meets_anybody(store)


def test_easy_982(desk: Desk, store: Store) -> None:
    """Easy!Appointments #982: where two providers had the same number of appointments that day, any
    provider could mean the one who was busy then.
    """
    desk.booked("ann-visit", place("role", "09:00"))
    desk.booked("bob-visit", place("far", "10:00"))
    desk.booked("cyd-visit", place("wide", "09:00"))
    desk.booked("dot-visit", place("wide", "09:00"))
    for found in desk.found("eve-visit", 100):
        held = desk.post("/v1/holds", request_id="eve-visit", place=place_of(found))
        assert held.status_code == 201, found
        desk.post(f"/v1/appointments/{held.json()['id']}/cancel", reason="pat")
    assert_nobody_meets_anybody(store)


def test_easy_1783(desk: Desk, store: Store) -> None:
    """Easy!Appointments #1783: whoever entered a second appointment at one provider and time, or
    moved one there, was not stopped.
    """
    desk.booked("ann-visit", place())
    problem(desk.hold("bob-visit", place()), "place-taken")
    other = desk.booked("cyd-visit", place(start="10:00"))
    where = told(place())
    problem(desk.post(f"/v1/appointments/{other['id']}/move", place=where), "place-taken")
    assert_nobody_meets_anybody(store)


def test_libre_147(desk: Desk, store: Store) -> None:
    """LibreBooking #147: all who reserved at the same moment saw a confirmation, and the last one
    had it; a random pause of seconds made it rarer.
    """
    answers = holds_at_once(desk, place())
    confirmed = [row.json()["id"] for row in answers if row.status_code == 201]
    offered = [row.json()["hold"]["id"] for row in answers if row.status_code == 409]
    assert len(confirmed) == 1
    assert {row.record.id for row in store.appointments(status="held").rows} == {
        *confirmed,
        *offered,
    }
    assert store.appointment(confirmed[0]).record.start == place().start
