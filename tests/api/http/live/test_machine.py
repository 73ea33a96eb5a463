"""The live service does what a dictionary would do, whatever is asked in whatever order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from asking import Told, asked
from canaries import logged
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle as Drawn
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from night import BACK, FORWARD, HOURS, LATER, MORE, NAMES, Night
from night_service import NightService
from postgres_server import PostgresServer
from promises import CELL, Promise, Promises

from api.http.live import index
from api.http.live.shown import record_content
from engine.events.overfull import Sweep
from engine.policy import Policy
from engine.snapshot import take_snapshot

REQUESTS = [f"{name}-{what}" for name in (*NAMES, LATER) for what in ("visit", "scan")]
DAY = 24 * 3600
CHANGE = 120
"""Minutes since midnight when the clocks change."""
BEGINNING = 45
"""When people begin to ask; early sessions begin a quarter of an hour later."""

requests = st.sampled_from(REQUESTS)
roles = st.sampled_from(["role", "wide", "wide", "far"])
minutes = st.sampled_from([*range(45, 255, CELL), 600])
seconds = st.sampled_from([600, 3_600])
clients = st.sampled_from(["one", "one", "one", "two"])
picks = st.integers(0, 999)

# For either night, on either database.
IS_LONG = settings.default.max_examples > 1_000
LENGTH = settings(max_examples=5_000 if IS_LONG else 100, stateful_step_count=50)


@dataclass(frozen=True)
class Once:
    """A request with a key, and what was answered."""

    method: str
    address: str
    body: dict[str, Any]
    headers: dict[str, str]
    told: Told
    at: int


class Desk(RuleBasedStateMachine):
    """People at a desk, a service, and the dictionary beside it."""

    made = Drawn("made")

    def __init__(self, world: NightService, night: Night) -> None:
        super().__init__()
        self.world, self.night = world, night
        self.once: list[Once] = []
        self.versions: dict[str, int] = {}

    @initialize()
    def begin(self) -> None:
        """Nothing is promised."""
        self.midnight = int(self.night.at(0).timestamp())
        self.promises = Promises(HOURS, REQUESTS[:-2], BEGINNING * 60)
        self.world.clock.seconds = self.midnight + self.promises.now
        self.world.stop()
        self.world.store.load(self.night.dataset(), "replace")
        forget = "DELETE FROM answer"
        self.world.store.database.write(lambda c: c.exec_driver_sql(forget))
        self.world.restart(anew=False)

    @rule(target=made, request=requests, pick=picks, seconds=seconds, client=clients)
    def find(self, request: str, pick: int, seconds: int, client: str) -> object:
        """What is found is what is free, and nothing else; and it can be held."""
        found = self._found(request)
        if not found or self.promises.has_place(request):
            return multiple()
        role, minute = found[pick % len(found)]
        name = self._hold(request, role, minute, seconds, client)
        assert self.promises.kept[name[0]].role == role
        return name[0]

    @rule(
        target=made, request=requests, role=roles, minute=minutes, seconds=seconds, client=clients
    )
    def hold(self, request: str, role: str, minute: int, seconds: int, client: str) -> object:
        """A place is held, or there is the same reason why not; who is late may have another."""
        return multiple(*self._hold(request, role, minute, seconds, client))

    @rule(target=made, name=made, client=clients)
    def book(self, name: str, client: str) -> object:
        """A hold becomes an appointment; where it is over, another one may be held."""
        before = self.promises.kept.get(name)
        expected = self.promises.book(name, client)
        told = self._ask("POST", "/v1/appointments", {"hold_id": name}, client)
        if told.problem == "hold-over":
            assert expected in ("not-held", "no-such-record")
            assert before is None or (before.status, before.key) == ("held", client)
            wanted = None if before is None else (before.role, before.start)
            return multiple(*self._offered(told, client, before and before.request, wanted))
        assert before is None or not self._is_over(before, client)
        self._same(expected, told)
        return multiple()

    @rule(name=made, role=roles, minute=minutes, client=clients)
    def move(self, name: str, role: str, minute: int, client: str) -> None:
        """An appointment, or a hold, gets another place."""
        before = self.promises.kept.get(name)
        expected = self.promises.move(name, role, minute, client)
        body = {"place": self._place(role, minute)}
        told = self._ask("POST", f"/v1/appointments/{name}/move", body, client)
        if before is None or self.promises._is_live(before) or expected != "invalid-request":
            self._same(expected, told)
        else:  # a hold that is over may be forgotten, and then its place is not looked at
            assert told.problem in (expected, "no-such-record")
        assert "hold" not in told.content

    @rule(name=made, client=clients)
    def cancel(self, name: str, client: str) -> None:
        """A place is given back."""
        expected = self.promises.cancel(name, client)
        self._same(expected, self._ask("POST", f"/v1/appointments/{name}/cancel",
                                       {"reason": "pat"}, client))  # fmt: skip

    @rule(minutes=st.sampled_from([1, 9, 9, 30]), is_jump=st.booleans())
    def time_passes(self, minutes: int, is_jump: bool) -> None:
        """Holds are over, places lie in the past; or time jumps to where clocks change."""
        now = self.promises.now
        if is_jump and now < CHANGE * 60:
            now = max(now, (CHANGE - 2) * 60)
        self.promises.now = now + minutes * 60
        self.world.clock.seconds = self.midnight + self.promises.now

    @rule(seats=st.integers(1, 2), breaking=st.booleans(), is_late=st.booleans())
    def session_changes(self, seats: int, breaking: bool, is_late: bool) -> None:
        """A session has fewer seats, or more; not where somebody has changed it since."""
        session = self.night.session("wide0", "wide", HOURS["wide"][0], capacity=seats)
        version = self._version("sessions", "wide0")
        if is_late:
            assert self._put("sessions", session, version + 1).problem == "stale-version"
            return
        changes = self.promises.seats["wide"] != seats
        done = self.promises.set_seats("wide", seats, breaking=breaking)
        told = self._put("sessions", session, version, breaking=breaking)
        assert told.problem == (None if done else "would-break")
        self.versions["sessions/wide0"] = version + (changes and done)

    @rule(what=st.sampled_from(["session", "patient", "request"]), number=st.integers(0, 3))
    def records_come(self, what: str, number: int) -> None:
        """More room, somebody whom nobody knows, a request that changes."""
        if what == "session" and "sessions/more" not in self.versions:
            self._more_room()
        elif what == "patient" and REQUESTS[-1] not in self.promises.requests:
            self._somebody_comes()
        else:
            self._request_changes(number)

    @rule(what=st.sampled_from(["sweep", "sweep", "restart", "reopen", "load"]))
    def upkeep(self, what: str) -> None:
        """What is over is forgotten; the service begins again, perhaps with its database; all comes
        out, and goes in again.
        """
        if what == "sweep":
            self.world.app.state.live._sweep_once()
            self.promises.sweep()
        elif what == "load":
            self._leave_and_return()
        else:
            self.world.restart(anew=what == "reopen")

    @rule(pick=picks)
    def ask_again(self, pick: int) -> None:
        """With the same key the answer is the same to the byte, and nothing is done."""
        recent = [row for row in self.once if self.promises.now - row.at < DAY]
        if not recent:
            return
        row = recent[pick % len(recent)]
        told = self._asked(row.method, row.address, row.body, row.headers)
        assert told.body == row.told.body
        assert told.headers.pop("idempotency-replayed") == "true"
        for headers in (told.headers, row.told.headers):
            headers.pop("x-request-id", None)
        assert (told.status, told.headers) == (row.told.status, row.told.headers)
        if row.address == "/v1/appointments":
            told = self._asked(row.method, row.address, {"hold_id": "other"}, row.headers)
            assert told.problem == "idempotency-key-reused"

    @invariant()
    def keeps_its_promises(self) -> None:
        """What is promised is what is there."""
        there = {}
        for row in self.world.store.appointments(limit=1_000).rows:
            if row.status != "cancelled":
                start = self.night.minute(row.record.start.isoformat())
                there[row.record.id] = (
                    row.record.request_id,
                    row.record.role_id,
                    start,
                    row.status,
                )
        for name, kept in self.promises.kept.items():
            if self.promises._is_live(kept):
                assert there[name] == (kept.request, kept.role, kept.start, kept.status)
        assert there.keys() <= self.promises.kept.keys()

    def teardown(self) -> None:
        """By the engine's own measure, nobody meets anybody."""
        dataset = self.world.store.dataset()
        settled = tuple(row for row in dataset.appointments if row.status == "booked")
        snapshot = take_snapshot(replace(dataset, appointments=settled))
        assert Sweep(snapshot, Policy.default()).stretches() == []

    def _more_room(self) -> None:
        role, hours = MORE
        assert self._put("sessions", self.night.session("more", role, hours), 0).status == 201
        self.promises.hours[role].append(hours)
        self.versions["sessions/more"] = 1

    def _somebody_comes(self) -> None:
        """A patient whom nobody knows, with two requests."""
        like = self.night.dataset()
        assert self._put("patients", replace(like.patients[0], id=LATER), 0).status == 201
        for row in like.requests[:2]:
            what = row.id.partition("-")[2]
            request = replace(row, id=f"{LATER}-{what}", patient_id=LATER)
            assert self._put("requests", request, 0).status == 201
            self.promises.requests.add(request.id)

    def _request_changes(self, number: int) -> None:
        """In what makes no difference here."""
        row = self.night.dataset().requests[number]
        version = self._version("requests", row.id)
        changed = replace(row, max_travel_km=float(20 + version % 2))
        told = self._put("requests", changed, version)
        assert told.problem is None
        assert told.content["version"] - version in (0, 1)
        self.versions[f"requests/{row.id}"] = told.content["version"]

    def _leave_and_return(self) -> None:
        store = self.world.store
        out = store.dataset()
        loaded = store.load(out, "replace")
        assert (loaded.collisions, loaded.lost, loaded.let_go) == ((), (), ())
        assert store.dataset() == out

    def _found(self, request: str) -> list[tuple[str, int]]:
        body = {"request_id": request, "k": 1_000}
        told = self._asked("POST", "/v1/find", body, {"name": "one"})
        if request not in self.promises.requests:
            assert told.problem == "invalid-request"
            return []
        assert told.problem is None
        assert "find-behind" not in told.headers
        places = [(row["role_id"], self.night.minute(row["start"])) for row in
                  told.content["places"]]  # fmt: skip
        assert set(places) == self.promises.free(request)
        return places

    def _hold(self, request: str, role: str, minute: int, seconds: int, client: str) -> list[str]:
        expected = self.promises.hold(request, role, minute, seconds, client)
        body = {"request_id": request, "place": self._place(role, minute), "ttl_seconds": seconds}
        told = self._ask("POST", "/v1/holds", body, client)
        if isinstance(expected, Promise):
            assert told.status == 201, told.body
            self.promises.kept[told.content["id"]] = expected
            return [told.content["id"]]
        assert told.problem == expected
        return self._offered(told, client, request, None) if expected == "place-taken" else []

    def _offered(
        self, told: Told, client: str, request: str | None, wanted: tuple[str, int] | None
    ) -> list[str]:
        """What is held for who was late is what is free, and nothing is held only where none is."""
        content = told.content
        named = [(row["role_id"], self.night.minute(row["start"])) for row in
                 content["substitutes"]]  # fmt: skip
        if request is not None:
            assert set(named) <= self.promises.free(request)
        held = content.get("hold")
        if held is None:
            assert request is None or self.promises.has_place(request) or not named
            return []
        where = (held["role_id"], self.night.minute(held["start"]))
        assert where == named[0]
        assert wanted not in self.promises.free(held["request_id"]) or where == wanted
        made = self.promises.hold(held["request_id"], *where, 60, client)
        assert isinstance(made, Promise)
        self.promises.kept[held["id"]] = made
        return [held["id"]]

    def _is_over(self, row: Promise, client: str) -> bool:
        return row.status == "held" and row.key == client and not self.promises._is_live(row)

    def _same(self, expected: str | None, told: Told) -> None:
        """The same refusal; of a hold that is over, it may be forgotten already."""
        if {expected, told.problem} <= {"not-held", "no-such-record"}:
            return
        assert told.problem == expected, told.body

    def _version(self, kind: str, id: str) -> int:
        """Of a record; only the store knows what it was at the beginning."""
        name = f"{kind}/{id}"
        if name not in self.versions:
            self.versions[name] = self.world.store.record(kind, id).version
        return self.versions[name]

    def _place(self, role: str, minute: int) -> dict[str, str]:
        start, end = self.night.at(minute), self.night.at(minute + CELL)
        return {"role_id": role, "start": start.isoformat(), "end": end.isoformat()}

    def _put(self, kind: str, record: Any, version: int, *, breaking: bool = False) -> Told:
        tag = {"if_match": f'"{version}"'} if version else {"if_none_match": "*"}
        address = f"/v1/{kind}/{record.id}?breaking={str(breaking).lower()}"
        return self._asked("PUT", address, record_content(record), {"name": "one"} | tag)

    def _ask(self, method: str, address: str, body: dict[str, Any], client: str) -> Told:
        """Ask with a new key."""
        headers = {"name": client, "idempotency_key": f"key-{len(self.once)}"}
        told = self._asked(method, address, body, headers)
        self.once.append(Once(method, address, body, headers, told, self.promises.now))
        return told

    def _asked(self, method: str, address: str, body: dict[str, Any], head: dict[str, str]) -> Told:
        told = asked(self.world.loop, self.world.app, method, address, body, **head)
        assert told.status < 500, told.body
        if told.status >= 400 and told.problem not in ("place-taken", "hold-over", "would-break"):
            assert b"cnry" not in told.body.lower()
        return told


@pytest.fixture(params=["sqlite", "postgres"])
def world(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[NightService]:
    """A database of either kind: a file, in memory where there is a place for that."""
    monkeypatch.setattr(index, "PATIENCE_SECONDS", 60.0)
    if request.param == "sqlite":
        made = NightService(f"sqlite:///{tmp_path / 'night.db'}")
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        made = NightService(server.url(server.new_database()))
    yield made
    made.close()


@pytest.mark.takes_long
@pytest.mark.hypothesis
@pytest.mark.parametrize("day", [FORWARD, BACK])
def test_it_does_what_a_dictionary_would_do(world: NightService, day: date) -> None:
    """Finds, holds, bookings, moves, cancellations, records that come and change, requests that are
    sent again, restarts, and the nights in which clocks change; nothing of it is logged.
    """
    with logged() as lines:
        run_state_machine_as_test(lambda: Desk(world, Night(day)), settings=LENGTH)
    assert lines.getvalue().count("\n") > 1_000
    assert "cnry" not in lines.getvalue().lower()
