"""The store does what a dictionary would do, whatever happens in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from clinic import at
from examples import FEWER
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle as Drawn
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from promises import Promises
from ward import let_time_pass, place, ward

from api.store.database import Database
from api.store.errors import RefusalError
from api.store.placing import Place
from api.store.store import Store
from engine.domain import Dataset
from engine.events.overfull import Sweep
from engine.policy import Policy
from engine.snapshot import take_snapshot

REQUESTS = [f"{name}-{what}" for name in ("ann", "bob", "cyd", "dot") for what in ("visit", "scan")]
TTL, LONGER = 1_000, 100_000
"""Seconds of holds; steps of time between them are so long that the real clock does not matter."""

requests = st.sampled_from(REQUESTS)
roles = st.sampled_from(["role", "wide", "wide", "far"])
quarters = st.sampled_from(range(540, 660, 15))
keys = st.sampled_from(["key", "key", "key", "another"])
POLICY = Policy.default()
WARD: Dataset = ward().dataset()


def at_minute(role: str, minute: int) -> Place:
    """A place of the ward."""
    return place(role, f"{minute // 60:02}:{minute % 60:02}")


def refused(work: Callable[[], object]) -> str | None:
    """Code of the refusal."""
    try:
        work()
    except RefusalError as error:
        return error.code
    return None


class Desk(RuleBasedStateMachine):
    """Somebody at a desk, a store, and the dictionary beside it."""

    made = Drawn("made")

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.store = Store(database)
        self.store.load(WARD, "replace")
        self.promises = Promises()

    @rule(
        target=made,
        request=requests,
        role=roles,
        minute=quarters,
        seconds=st.sampled_from([TTL, LONGER]),
    )
    def hold(self, request: str, role: str, minute: int, seconds: int) -> object:
        """A place is held, or there is the same reason why not."""
        expected = self.promises.hold(request, role, minute, seconds, "key")
        held: list[str] = []
        where = at_minute(role, minute)
        code = refused(
            lambda: held.append(self.store.hold(request, where, seconds, "key").record.id)
        )
        assert code == (expected if isinstance(expected, str) else None)
        if isinstance(expected, str):
            return multiple()
        self.promises.kept[held[0]] = expected
        return held[0]

    @rule(name=made, key=keys)
    def book(self, name: str, key: str) -> None:
        """A hold becomes an appointment."""
        self._same(self.promises.book(name, key), refused(lambda: self.store.book(name, key)))

    @rule(name=made, key=keys, role=roles, minute=quarters)
    def move(self, name: str, key: str, role: str, minute: int) -> None:
        """An appointment, or a hold, gets another place."""
        found = refused(lambda: self.store.move(name, at_minute(role, minute), key))
        self._same(self.promises.move(name, role, minute, key), found)

    @rule(name=made, key=keys)
    def cancel(self, name: str, key: str) -> None:
        """A place is given back."""
        found = refused(lambda: self.store.cancel(name, "pat", key))
        self._same(self.promises.cancel(name, key), found)

    @rule()
    def time_passes(self) -> None:
        """After the third time a short hold is over."""
        self.promises.pass_time(400)
        let_time_pass(self.store, 400)

    @rule()
    def sweep(self) -> None:
        """What is over is forgotten."""
        self.store.expire()
        self.promises.sweep()

    @rule(seats=st.integers(1, 2))
    def session_changes(self, seats: int) -> None:
        """A session of one doctor has fewer seats, or more."""
        session = self.store.record("sessions", "two").record
        self.store.put("sessions", replace(session, capacity=seats), breaking=True)
        self.promises.set_seats("wide", seats)

    @rule()
    def leave_and_return(self) -> None:
        """All comes out, and goes in again the same."""
        out = self.store.dataset()
        loaded = self.store.load(out, "replace")
        assert (loaded.collisions, loaded.lost, loaded.let_go) == ((), (), ())
        assert self.store.dataset() == out

    @invariant()
    def keeps_its_promises(self) -> None:
        """What is promised is what is there, and no two have the same."""
        dataset = self.store.dataset()
        there = {row.id: (row.request_id, row.role_id, row.start, row.status)
                 for row in dataset.appointments}  # fmt: skip
        for name, row in self.promises.kept.items():
            if row.status != "held" or row.left > 0:
                told = at(f"{row.start // 60:02}:{row.start % 60:02}")
                assert there[name] == (row.request, row.role, told, row.status)
        assert there.keys() <= self.promises.kept.keys()
        settled = tuple(row for row in dataset.appointments if row.status == "booked")
        snapshot = take_snapshot(replace(dataset, appointments=settled))
        assert Sweep(snapshot, POLICY).stretches() == []

    def _same(self, expected: str | None, found: str | None) -> None:
        """The same refusal; of a hold that is over, it may be forgotten already."""
        if expected == "not_held" and found == "not_there":
            return
        assert found == expected


@pytest.mark.hypothesis
def test_it_does_what_a_dictionary_would_do(database: Database) -> None:
    """Holds, bookings, moves, sessions that change, time that passes, restarts."""
    run_state_machine_as_test(
        lambda: Desk(database), settings=settings(FEWER, stateful_step_count=30)
    )
