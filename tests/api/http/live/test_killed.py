"""Servers that are killed at any moment while people book: nothing is lost, or half done."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from crowd import Asked, Client, assert_once_for_every_key, at_once
from live import told
from postgres_server import PostgresServer, running
from processes import Process

from api.store import auditing
from api.store.opening import open_database
from api.store.store import Store
from benchmarks.practice import AS_OF, Practice
from engine.events.overfull import Sweep
from engine.policy import Policy
from engine.snapshot import take_snapshot

OPERATIONS = int(os.environ.get("CROWD_OPERATIONS", "160"))
"""Two thousand on demand."""

MOST_TROUBLES = 3 * OPERATIONS // 160
"""Servers take seconds to start, and people come faster than that."""

CLIENTS = 8
_SHORT = 1
PRACTICE = Practice(doctors=8, days=1 + OPERATIONS // 300, cells=24, asking=OPERATIONS)
PLACES = list(PRACTICE.places())


@dataclass
class Kept:
    """What a client knows of an appointment: every state that it may be in.

    More than one where nobody told how the last wish ended.
    """

    id: str
    request: str
    states: list[tuple[str, tuple[str, datetime]]]
    left: bool = False


class Desk:
    """Holds, books, moves and cancels for requests of its own, anywhere."""

    def __init__(self, client: Client, requests: list[str], operations: int, seed: int) -> None:
        self.client = client
        self.kept: dict[str, Kept] = {}
        self._requests = requests
        self._operations = operations
        self._dice = random.Random(seed)  # noqa: S311 luck, not a secret

    def run(self) -> None:
        """So many operations."""
        while self._operations > len(self.client.history):
            self._one()
        self.client.close()

    def _one(self) -> None:
        firm = [row for row in self.kept.values() if not row.left]
        if not firm or (self._requests and self._dice.random() < 0.3):
            self._hold()
            return
        chosen = self._dice.choice(firm)
        state, where = chosen.states[-1]
        path = f"/v1/appointments/{chosen.id}"
        if state == "held":
            self._wish(chosen, "/v1/appointments", {"hold_id": chosen.id}, ("booked", where))
        elif self._dice.random() < 0.7:
            place = self._dice.choice(PLACES)
            new = "booked", (place.role_id, place.start)
            self._wish(chosen, f"{path}/move", {"place": told(place)}, new)
        else:
            self._wish(chosen, f"{path}/cancel", {"reason": "pat"}, ("cancelled", where))

    def _hold(self) -> None:
        request, place = self._requests.pop(), self._dice.choice(PLACES)
        seconds = _SHORT if self._dice.random() < 0.1 else 600
        answer = self.client.ask(
            "/v1/holds", request_id=request, ttl_seconds=seconds, place=told(place)
        )
        content = answer.content
        hold = content if answer.status == 201 else content.get("hold")
        assert answer.status in (201, 409), content
        if hold is not None and (answer.status == 409 or seconds == _SHORT):
            held_until = "short" if seconds == _SHORT and answer.status == 201 else "substitute"
            self.kept[hold["id"]] = Kept(hold["id"], request, [(held_until, _of(hold))], left=True)
        elif hold is not None:
            self.kept[hold["id"]] = Kept(hold["id"], request, [("held", _of(hold))])

    def _wish(
        self, kept: Kept, path: str, body: dict[str, Any], new: tuple[str, tuple[str, datetime]]
    ) -> None:
        """Want another state; now and then without waiting for the answer, nor asking again."""
        if self._dice.random() < 0.1:
            self.client.leave(path, **body)
            kept.states.append(new)
            kept.left = True
            return
        answer = self.client.ask(path, **body)
        if answer.status == 409:
            assert path.endswith("/move"), answer.content
            return
        assert answer.status in (200, 201), (path, answer.content)
        kept.states = [new]
        kept.left = new[0] == "cancelled"


def _of(row: dict[str, Any]) -> tuple[str, datetime]:
    return row["role_id"], datetime.fromisoformat(row["start"])


@contextmanager
def trouble(
    make: Callable[[], None], between: tuple[float, float], seed: int
) -> Iterator[list[float]]:
    """Make trouble again and again, at random moments; when it was made."""
    stop, dice, made = threading.Event(), random.Random(seed), list[float]()  # noqa: S311 luck

    def run() -> None:
        while len(made) < MOST_TROUBLES and not stop.wait(dice.uniform(*between)):
            make()
            made.append(time.monotonic())

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield made
    finally:
        stop.set()
        thread.join(120)


def booked_through(
    process: Process, make: Callable[[], None], between: tuple[float, float]
) -> list[Desk]:
    """A crowd that books while trouble is made."""
    names, desks = PRACTICE.requests(), []
    for number in range(CLIENTS):
        client = Client(f"desk-{number}", lambda: process.port, number)
        each = OPERATIONS // CLIENTS
        desks.append(Desk(client, names[number::CLIENTS], each, number))
    with trouble(make, between, seed=1) as made:
        at_once([desk.run for desk in desks])
    assert made
    return desks


def assert_kept(desks: list[Desk], store: Store) -> None:
    """Whatever was acknowledged is there; what was not is there as a whole or not at all."""
    history: list[Asked] = [asked for desk in desks for asked in desk.client.history]
    assert_once_for_every_key(history)
    assert sum(asked.lost for asked in history) > 0
    time.sleep(_SHORT + 1)
    store.expire()
    rows = {row.record.id: row for row in store.appointments(limit=10_000).rows}
    known = {kept.id: kept for desk in desks for kept in desk.kept.values()}
    assert set(rows) <= set(known)
    now = store.now()
    for kept in known.values():
        row = rows.get(kept.id)
        states = [state for state, _ in kept.states]
        if row is None:
            assert states in (["short"], ["substitute"]), kept
            continue
        assert row.record.request_id == kept.request
        assert "short" not in states, kept
        status = "substitute" if states == ["substitute"] else row.status
        where = row.record.role_id, row.record.start
        assert (status, where) in kept.states, (kept, row)
        assert row.status != "held" or row.record.held_until > now
    assert Sweep(take_snapshot(store.dataset()), Policy.default()).stretches() == []
    assert store.database.check() == []
    assert auditing.verify(store.database).faults == []


def test_a_server_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    """SQLite: killed at random moments, started again on the same file."""
    url = f"sqlite:///{tmp_path}/store.db"
    database = open_database(url)
    Store(database).load(PRACTICE.dataset())
    database.close()
    process = Process(url, AS_OF.isoformat(), tmp_path / "log")
    process.start()

    def kill() -> None:
        process.kill()
        process.start()

    try:
        desks = booked_through(process, kill, (0.2, 2.0))
    finally:
        process.kill()
    database = open_database(url)
    assert_kept(desks, Store(database))
    database.close()


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A cluster that may be crashed: nobody else uses it."""
    with running() as server:
        yield server


def test_a_database_that_is_killed_loses_nothing(
    own_postgres: PostgresServer, tmp_path: Path
) -> None:
    """PostgreSQL: restarted at once, or one of its processes killed; or the service is."""
    name = own_postgres.new_database()
    url = own_postgres.url(name)
    database = open_database(url)
    store = Store(database)
    store.load(PRACTICE.dataset())
    process = Process(url, AS_OF.isoformat(), tmp_path / "log")
    process.start()
    dice, turns = random.Random(2), iter(range(10_000))  # noqa: S311 luck, not a secret

    def make() -> None:
        if next(turns) % 4 == 2:
            process.kill()
            process.start()
        elif dice.random() < 0.5:
            own_postgres.crash()
        else:
            own_postgres.kill_a_backend(name)

    try:
        desks = booked_through(process, make, (0.2, 1.5))
    finally:
        process.kill()
    assert_kept(desks, store)
    database.close()
