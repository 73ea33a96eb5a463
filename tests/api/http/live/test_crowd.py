"""Sixty-four clients at real server processes, all after the same places."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import pytest
from crowd import Client, Told, assert_once_for_every_key, at_once
from live import told
from processes import Process

from api.store import auditing
from api.store.opening import open_database
from api.store.placing import Place
from api.store.store import Store
from benchmarks.practice import AS_OF, Practice
from engine.events.overfull import Sweep
from engine.policy import Policy
from engine.snapshot import take_snapshot

CLIENTS = 64
PLACES = int(os.environ.get("CROWD_PLACES", "60"))
"""A thousand on demand."""

_A_DAY = 20
_SERVERS = {"sqlite": 1, "postgres": 2}


def practice() -> Practice:
    """So many places, half as many again who want one; visits take doctor, patient and room."""
    doctors = PLACES // _A_DAY
    return Practice(doctors, days=1, cells=_A_DAY, asking=PLACES * 3 // 2, rooms=doctors)


@pytest.fixture
def store(empty_url: str) -> Iterator[Store]:
    """The practice, in a store that others serve."""
    database = open_database(empty_url)
    made = Store(database)
    made.load(practice().dataset())
    yield made
    database.close()


@pytest.fixture
def servers(store: Store, empty_url: str, tmp_path: Path) -> Iterator[list[Process]]:
    """Whom to ask: two processes where there may be several."""
    assert store.last_change()
    number = _SERVERS["postgres" if empty_url.startswith("postgresql") else "sqlite"]
    made = [Process(empty_url, AS_OF.isoformat(), tmp_path / f"log-{n}") for n in range(number)]
    try:
        for process in made:
            process.begin()
        for process in made:
            process.await_ready()
        yield made
    finally:
        for process in made:
            process.kill()


def place_of(row: dict[str, Any]) -> tuple[str, datetime]:
    """Where a row says that somebody is."""
    return row["role_id"], datetime.fromisoformat(row["start"])


class Seeker:
    """Wants places for one request after the other, and takes what is offered instead."""

    def __init__(self, client: Client, wanted: SimpleQueue[tuple[str, Place]]) -> None:
        self.client = client
        self.lost: list[tuple[str, Place, Told]] = []
        self.booked: dict[str, dict[str, Any]] = {}
        self._wanted = wanted

    def run(self) -> None:
        """Until nobody is left."""
        while True:
            try:
                request, place = self._wanted.get_nowait()
            except Empty:
                self.client.close()
                return
            self._seek(request, place)

    def _seek(self, request: str, place: Place) -> None:
        answer = self.client.ask(
            "/v1/holds", request_id=request, ttl_seconds=600, place=told(place)
        )
        hold = answer.content
        if answer.status == 409:
            self.lost.append((request, place, answer))
            hold = hold.get("hold")
            if hold is None:
                return
        else:
            assert answer.status == 201, hold
            assert place_of(hold) == (place.role_id, place.start)
        made = self.client.ask("/v1/appointments", hold_id=hold["id"])
        assert made.status == 201, made.content
        assert place_of(made.content) == place_of(hold)
        self.booked[request] = made.content


def test_every_place_is_booked_once_and_every_answer_is_true(
    servers: list[Process], store: Store
) -> None:
    """Clients that send twice, are cut off and ask again: one booking for every place, one effect
    for every key, substitutes for whoever lost as long as there is a place.
    """
    wanted: SimpleQueue[tuple[str, Place]] = SimpleQueue()
    places = list(practice().places())
    for number, request in enumerate(practice().requests()):
        wanted.put((request, places[number % (2 * len(places) // 3)]))
    seekers = []
    for number in range(CLIENTS):
        port = servers[number % len(servers)].port
        client = Client(f"client-{number}", lambda port=port: port, number)
        seekers.append(Seeker(client, wanted))
    at_once([seeker.run for seeker in seekers])
    history = [asked for seeker in seekers for asked in seeker.client.history]
    assert_once_for_every_key(history)
    assert sum(asked.lost for asked in history) > 0
    assert not [row for row in history if row.answer.status >= 500]
    assert_true(seekers, store, {(row.role_id, row.start) for row in places})


def assert_true(seekers: list[Seeker], store: Store, places: set[tuple[str, datetime]]) -> None:
    """What was told, what the store holds, and what its audit says, are the same."""
    rows = {row.record.id: row for row in store.appointments(limit=10_000).rows}
    assert {row.status for row in rows.values()} == {"booked"}
    there = Counter((row.record.role_id, row.record.start) for row in rows.values())
    assert there == dict.fromkeys(places, 1)
    booked = {request: row for seeker in seekers for request, row in seeker.booked.items()}
    assert {row["id"] for row in booked.values()} == set(rows)
    for request, row in booked.items():
        kept = rows[row["id"]]
        assert (kept.record.request_id, kept.version) == (request, row["version"])
        assert place_of(row) == (kept.record.role_id, kept.record.start)
    assert_losers_were_told_the_truth(seekers)
    assert Sweep(take_snapshot(store.dataset()), Policy.default()).stretches() == []
    assert store.database.check() == []
    verdict = auditing.verify(store.database)
    assert verdict.faults == []
    assert verdict.head.number == 1 + 2 * len(rows)  # the load; a hold and a booking each


def assert_losers_were_told_the_truth(seekers: list[Seeker]) -> None:
    """Somebody else had asked for the place before they were refused; and they were offered
    another, unless somebody had asked for every one.
    """
    first: dict[tuple[str, datetime], float] = {}
    winner: dict[tuple[str, datetime], str] = {}
    for seeker in seekers:
        for asked in seeker.client.history:
            content = asked.answer.content
            hold = content if asked.answer.status == 201 else content.get("hold")
            if asked.path == "/v1/holds" and hold is not None:
                where = place_of(hold)
                first[where] = min(asked.began, first.get(where, asked.began))
                winner[where] = hold["request_id"]
    lost = [row for seeker in seekers for row in seeker.lost]
    assert lost
    for request, place, answer in lost:
        where = place.role_id, place.start
        assert winner[where] != request
        assert first[where] < answer.at
        offered = answer.content["substitutes"]
        free = [row for row in first.values() if row > answer.at]
        assert offered or not free, (request, answer.content)
        if offered:
            assert place_of(offered[0]) == place_of(answer.content["hold"])
