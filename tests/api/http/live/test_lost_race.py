"""Who is too late gets substitutes, and the best of them is held."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from datetime import datetime

import httpx2
import pytest
from clinic import Clinic
from live import Desk, live, problem, told
from sqlalchemy import delete, update
from ward import place

from api.http.live.substitutes import Offer
from api.store.chart import Chart
from api.store.database import Database
from api.store.errors import TakenError
from api.store.placing import Place
from api.store.store import Store
from api.store.tables import appointment
from engine.found import FoundPlace


def let_time_pass(store: Store, seconds: int) -> None:
    """Every hold is so much older."""
    earlier = appointment.c.held_until - seconds
    old = update(appointment).where(appointment.c.status == "held").values(held_until=earlier)
    store.database.write(lambda connection: connection.execute(old))


def test_a_place_that_is_taken(desk: Desk, store: Store) -> None:
    """Ranked places that are free, and a hold of the first for a minute by the database's clock."""
    desk.booked("ann-visit", place())
    ranked = desk.found("bob-visit", 6)
    before = store.now()
    lost = problem(desk.hold("bob-visit", place()), "place-taken")
    assert lost["taken"] == ["doctor", "session"] or lost["taken"] == ["session"]
    assert [row["rank"] for row in lost["substitutes"]] == [1, 2, 3, 4, 5]
    assert [row["start"] for row in lost["substitutes"]] == [row["start"] for row in ranked[:5]]
    best, hold = lost["substitutes"][0], lost["hold"]
    assert (hold["request_id"], hold["status"]) == ("bob-visit", "held")
    assert (hold["role_id"], hold["start"]) == (best["role_id"], best["start"])
    held = store.appointment(hold["id"]).record
    assert held.held_until is not None
    assert 59 <= (held.held_until - before).total_seconds() <= 62
    assert desk.book(hold["id"]).status_code == 201


def test_what_the_database_alone_forbids_is_a_lost_race(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Though nobody was seen there: another place is held, the answer is kept, and the log says it,
    for it was counted wrongly.
    """
    made = desk.booked("ann-visit", place(start="09:30"))
    monkeypatch.setattr(Chart, "collisions", lambda *_: [])
    lost = problem(desk.hold("bob-visit", place("far", "09:30"), "late"), "place-taken")
    assert (lost["taken"], lost["hold"]["status"]) == ([], "held")
    again = desk.hold("bob-visit", place("far", "09:30"), "late")
    assert (again.json(), again.headers["idempotency-replayed"]) == (lost, "true")
    assert "counted as free" in capsys.readouterr().out
    booked = desk.booked("cyd-visit", place("far", "10:15"))
    path = f"/v1/appointments/{booked['id']}/move"
    lost = problem(desk.post(path, place=told(place("far", "09:30"))), "place-taken")
    assert "hold" not in lost
    assert desk.client.get(f"/v1/appointments/{made['id']}").json() == made


def test_the_answer_of_a_lost_race_is_kept(desk: Desk, store: Store) -> None:
    """Asked again it is the same to the byte, and nothing more is held."""
    desk.booked("ann-visit", place())
    first, again = desk.hold("bob-visit", place(), "late"), desk.hold("bob-visit", place(), "late")
    assert first.status_code == 409
    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    assert len(store.appointments(status="held").rows) == 1


@pytest.mark.parametrize(("num_services", "num_clients"), [(1, 32), (2, 12)])
def test_many_want_one_place(database: Database, num_services: int, num_clients: int) -> None:
    """One gets it; every other one can book what is held for them, and nobody meets anybody:
    at one service, where losers wait for each other, and at two, where they do not.
    """
    clinic = Clinic().session("08:00", "17:00")
    for number in range(num_clients):
        clinic.request(f"visit-{number}")
    store = Store(database)
    store.load(clinic.dataset())
    with ExitStack() as open_services, ThreadPoolExecutor(num_clients) as pool:
        desks = [open_services.enter_context(live(store)) for _ in range(num_services)]

        def hold(number: int) -> httpx2.Response:
            desk = desks[number % num_services]
            return desk.hold(f"visit-{number}", place(start="10:00"))

        answers = list(pool.map(hold, range(num_clients)))
        assert sorted(row.status_code for row in answers) == [201] + [409] * (num_clients - 1)
        holds = []
        for answered in answers:
            content = answered.json()
            holds.append(content["hold"]["id"] if answered.status_code == 409 else content["id"])
            assert answered.status_code == 201 or content["substitutes"]
        booked = list(pool.map(desks[0].book, holds))
    assert {row.status_code for row in booked} == {201}
    rows = store.appointments(limit=2 * num_clients).rows
    assert {row.status for row in rows} == {"booked"}
    assert len({row.record.start for row in rows}) == num_clients


def test_a_hold_that_is_over(desk: Desk, store: Store) -> None:
    """It cannot be booked; where its place is free still, that is held anew, whatever its rank."""
    hold = desk.hold("ann-visit", place(start="10:15"), ttl_seconds=1).json()
    while store.now() < datetime.fromisoformat(hold["held_until"]):
        time.sleep(0.1)
    lost = problem(desk.book(hold["id"]), "hold-over")
    assert lost["hold"]["start"] == hold["start"] == lost["substitutes"][0]["start"]
    assert lost["hold"]["id"] != hold["id"]
    assert desk.book(lost["hold"]["id"]).status_code == 201


def test_a_hold_that_is_over_and_somebody_elses_now(desk: Desk, store: Store) -> None:
    """It is cleared away already; whose it was is known from what was answered."""
    hold = desk.hold("ann-visit", place()).json()
    let_time_pass(store, 301)
    store.expire()
    desk.booked("bob-visit", place())
    lost = problem(desk.book(hold["id"]), "hold-over")
    assert lost["hold"]["request_id"] == "ann-visit"
    assert lost["hold"]["start"] != hold["start"]
    let_time_pass(store, 61)
    store.expire()
    again = problem(desk.book(lost["hold"]["id"]), "hold-over")
    assert desk.book(again["hold"]["id"]).status_code == 201


def test_a_hold_is_booked_once(desk: Desk) -> None:
    """With another key it is none any more, and there is nothing to make up for."""
    made = desk.booked("ann-visit", place())
    again = problem(desk.book(made["id"]), "not-held")
    assert "substitutes" not in again


def test_another_clients_hold(desk: Desk, store: Store) -> None:
    """Cannot be booked, moved or given back."""
    other = store.hold("ann-visit", place(), 300, "somebody").record.id
    problem(desk.book(other), "not-held")
    one = f"/v1/appointments/{other}"
    problem(desk.post(f"{one}/cancel", reason="pat"), "not-held")
    problem(desk.post(f"{one}/move", place=told(place(start="10:00"))), "not-held")


def test_a_move_that_comes_too_late(desk: Desk) -> None:
    """The appointment is where it was; substitutes are named, and none is held."""
    mine = desk.booked("ann-visit", place())
    desk.booked("bob-visit", place(start="10:00"))
    one = f"/v1/appointments/{mine['id']}"
    lost = problem(desk.post(f"{one}/move", place=told(place(start="10:00"))), "place-taken")
    assert "hold" not in lost
    assert desk.client.get(one).json() == mine
    best = lost["substitutes"][0]
    where = {name: best[name] for name in ("role_id", "start", "end", "session_id")}
    assert desk.post(f"{one}/move", place=where).status_code == 200


def test_nothing_else_is_free(database: Database) -> None:
    """There are no substitutes, and nothing is held."""
    clinic = Clinic().session("09:00", "09:15").request("one").request("two")
    store = Store(database)
    store.load(clinic.dataset())
    with live(store) as desk:
        desk.booked("one", place())
        lost = problem(desk.hold("two", place()), "place-taken")
    assert lost["substitutes"] == []
    assert "hold" not in lost


@pytest.mark.parametrize("times", [1, 9])
def test_what_is_taken_meanwhile(
    desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """By another process, after it was found: others are found; in the end there are none."""
    desk.booked("ann-visit", place())
    places, found = Offer._places, []

    def too_late(offer: Offer) -> list[FoundPlace]:
        found.append(places(offer))
        where = found[-1][0].where
        if len(found) == 1:
            taken = Place(where.role_id, where.start, where.end, where.session_id)
            for request in ("cyd-visit", "dot-visit"):  # it may have two seats
                with suppress(TakenError):
                    store.hold(request, taken, 300, "other")
        return found[0][:1] if len(found) <= times else found[-1]

    monkeypatch.setattr(Offer, "_places", too_late)
    lost = problem(desk.hold("bob-visit", place()), "place-taken")
    if times == 1:
        assert desk.book(lost["hold"]["id"]).status_code == 201
        assert len(found) == 2
    else:
        assert lost["substitutes"] == []
        assert "hold" not in lost


def test_a_client_holds_so_much_and_no_more(store: Store) -> None:
    """Then it is refused, for now: with the same key it is done when there is room again."""
    with live(store, max_holds=1) as desk:
        first = desk.hold("ann-visit", place()).json()
        refused = desk.hold("bob-visit", place(start="09:15"), "later")
        problem(refused, "too-many-holds")
        assert refused.headers["retry-after"] == "60"
        assert desk.book(first["id"]).status_code == 201
        second = desk.hold("bob-visit", place(start="09:15"), "later")
        assert second.status_code == 201
        let_time_pass(store, 301)
        assert desk.hold("cyd-visit", place(start="10:00")).status_code == 201
        lost = problem(desk.book(second.json()["id"]), "hold-over")
        assert lost["substitutes"]
        assert "hold" not in lost


def test_holds_that_are_over_are_cleared_away(store: Store) -> None:
    """By the service itself, in a while."""
    with live(store, sweep_seconds=0.05) as desk:
        desk.hold("ann-visit", place())
        let_time_pass(store, 301)
        for _ in range(200):
            if not store.appointments().rows:
                break
            desk.client.get("/livez")
        assert not store.appointments().rows


def test_who_is_gone_meanwhile_gets_no_hold(desk: Desk, store: Store) -> None:
    """The request of a hold that is over has a place by now: there is nothing to hold."""
    hold = desk.hold("ann-visit", place()).json()
    let_time_pass(store, 301)
    store.expire()
    desk.booked("ann-visit", place(start="10:00"))
    lost = problem(desk.book(hold["id"]), "hold-over")
    assert "hold" not in lost
    store.database.write(lambda c: c.execute(delete(appointment)))
