"""Threads that want the same at once: one of them gets it, and nobody waits for ever."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from clinic import at
from ward import place

from api.store.errors import BusyError, RefusalError, TakenError
from api.store.placing import Place
from api.store.store import Store
from engine.events.overfull import Sweep
from engine.policy import Policy
from engine.snapshot import take_snapshot

KEY = "key"
PEOPLE = ("ann", "bob", "cyd", "dot", "eve", "fay")
REQUESTS = [f"{name}-{what}" for name in PEOPLE for what in ("visit", "scan")]


def at_once(works: Sequence[Callable[[], object]]) -> list[object]:
    """What each work gave, or raised, when all began together."""
    begin = threading.Barrier(len(works))
    found: list[object] = [None] * len(works)

    def run(index: int) -> None:
        begin.wait(10)
        try:
            found[index] = works[index]()
        except Exception as error:  # noqa: BLE001 it is what is asked for
            found[index] = error

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    return found


def kinds(found: Sequence[object]) -> Counter[str]:
    """How often each kind of thing came."""
    return Counter(type(row).__name__ for row in found)


def assert_nothing_overfull(store: Store) -> None:
    """No double booking by the engine's own judgement."""
    snapshot = take_snapshot(store.dataset())
    assert Sweep(snapshot, Policy.default()).stretches() == []


def test_one_of_many_gets_a_place(store: Store) -> None:
    """All others are told that it is taken, and by whom."""
    for start in ("09:00", "10:00"):
        held = [
            lambda name=name, start=start: store.hold(f"{name}-visit", place(start=start), 300, KEY)
            for name in PEOPLE
        ]
        found = at_once(held)
        assert kinds(found) == {"Promised": 1, "TakenError": 5}
        (won,) = (row for row in found if not isinstance(row, TakenError))
        (row,) = store.appointments(status="held").rows
        assert row == won
        assert {r.collisions[0].with_ids for r in found if isinstance(r, TakenError)} == {
            (row.record.id,)
        }
        store.cancel(row.record.id, "pat", KEY)
    assert_nothing_overfull(store)


def test_a_hold_is_booked_or_cancelled_once(store: Store) -> None:
    """Of all who try, one does it."""
    held = store.hold("ann-visit", place(), 300, KEY).record.id
    found = at_once(
        [
            *(lambda: store.book(held, KEY) for _ in range(4)),
            *(lambda: store.cancel(held, "pat", KEY, expected=1) for _ in range(3)),
        ]
    )
    assert kinds(found)["Promised"] == 1


def test_a_request_gets_one_place(store: Store) -> None:
    """However many of its holds come at once."""
    starts = ("09:00", "09:15", "09:30", "09:45")
    found = at_once(
        [lambda start=s: store.hold("ann-visit", place(start=start), 300, KEY) for s in starts]
    )
    assert kinds(found) == {"Promised": 1, "UnfitError": 3}


def test_one_of_two_writes_a_version(store: Store) -> None:
    """The other one is told to look again."""
    before = store.record("patients", "ann")
    found = at_once(
        [
            lambda state=state: store.put("patients", replace(before.record, state=state), 1)
            for state in ("NJ", "CT", "PA", "MA")
        ]
    )
    assert kinds(found) == {"tuple": 1, "OtherVersionError": 3}


def test_doctor_patient_and_room_at_once_without_a_deadlock(store: Store) -> None:
    """Threads hold, book, move and cancel visits that share doctors, patients and scanners in
    every order: nobody is in nobody's way for long, and nothing is promised twice.
    """

    def work(seed: int) -> Counter[str]:
        dice, mine, outcomes = random.Random(seed), list[str](), Counter[str]()  # noqa: S311
        for _ in range(12):
            role = dice.choice(("role", "wide", "far"))
            where = place(role, f"{dice.choice((9, 10)):02}:{dice.choice((0, 15, 30, 45)):02}")
            try:
                outcomes[_act(store, dice, mine, where)] += 1
            except BusyError:
                raise
            except RefusalError as error:
                outcomes[error.code] += 1
        return outcomes

    found = at_once([lambda seed=seed: work(seed) for seed in range(8)])
    assert kinds(found) == {"Counter": 8}, found
    total = sum((row for row in found if isinstance(row, Counter)), Counter[str]())
    assert min(total[name] for name in ("held", "taken", "moved")) > 0, total
    assert_nothing_overfull(store)


def _act(store: Store, dice: random.Random, mine: list[str], where: Place) -> str:
    """Do one thing of those that somebody at a desk does."""
    if not mine or dice.random() < 0.5:
        held = store.hold(dice.choice(REQUESTS), where, 300, KEY).record.id
        mine.append(held)
        return "held"
    chosen = dice.choice(mine)
    match dice.choice(("book", "move", "move", "cancel")):
        case "book":
            store.book(chosen, KEY)
            return "booked"
        case "move":
            store.move(chosen, where, KEY)
            return "moved"
    store.cancel(chosen, "pat", KEY)
    mine.remove(chosen)
    return "cancelled"


def test_a_session_that_shrinks_while_people_come(store: Store) -> None:
    """Whoever holds a seat that goes is let go or refused; nobody has one that is not there."""
    session = store.record("sessions", "two").record
    held = [
        lambda name=name: store.hold(f"{name}-visit", place("wide"), 300, KEY)
        for name in PEOPLE[:4]
    ]
    fewer = replace(session, capacity=1)
    later = replace(session, start=at("09:15"))
    at_once(
        [
            *held,
            lambda: store.put("sessions", fewer, breaking=True),
            lambda: store.put("sessions", later, breaking=True),
        ]
    )
    assert_nothing_overfull(store)


def test_readers_miss_no_change(store: Store) -> None:
    """Whoever reads on from where they were sees every change once, while others commit."""
    since = store.last_change()
    seen: list[str] = []
    stop = threading.Event()

    def follow() -> None:
        last, is_over = since, False
        while not is_over:
            is_over = stop.is_set()
            for row in store.changes(last):
                assert row.sequence > last
                last = row.sequence
                seen.append(row.id)

    reader = threading.Thread(target=follow)
    reader.start()

    def write(name: str) -> None:
        for state in ("NJ", "CT", "PA"):
            store.put("patients", replace(store.record("patients", name).record, state=state))

    found = at_once([lambda name=name: write(name) for name in PEOPLE])
    stop.set()
    reader.join(30)
    assert kinds(found) == {"NoneType": 6}
    assert Counter(seen) == dict.fromkeys(PEOPLE, 3)
