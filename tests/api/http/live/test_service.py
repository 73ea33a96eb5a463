"""The live service as a whole: all or nothing, bounded, and quick where it is asked little."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
from clinic import MONDAY
from fastapi import FastAPI
from live import Desk, live_app, problem, told
from serving import served
from ward import place

from api.http.live.service import Live, LiveSettings
from api.http.live.threads import Threads
from api.store.answering import Answering
from api.store.database import Database
from api.store.errors import BusyError, DatabaseError, FullError
from api.store.store import Store


def test_a_fault_before_the_answer_is_kept_leaves_nothing(
    desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a hold nor a used key: the same request is done when it is sent again."""

    def fail(*_: Any) -> None:
        raise DatabaseError("some")

    with monkeypatch.context() as patched:
        patched.setattr(Answering, "_keep", fail)
        failed = desk.hold("ann-visit", place(), "crash")
        problem(failed, "store-failed")
        assert failed.headers["retry-after"]
    assert not store.appointments().rows
    assert not store.changes(store.last_change())
    done = desk.hold("ann-visit", place(), "crash")
    assert done.status_code == 201
    assert "idempotency-replayed" not in done.headers


def test_a_commit_that_nobody_heard_of_is_not_said_to_be_nothing(
    desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection is lost while it commits: whoever asks again with the key is told what came
    of it.
    """
    write = store.database.write

    def lose(*work: Any, **more: Any) -> None:
        write(*work, **more)
        raise DatabaseError("08006")

    with monkeypatch.context() as patched:
        patched.setattr(store.database, "write", lose)
        failed = problem(desk.hold("ann-visit", place(), "lost"), "store-failed")
    assert "nothing was changed" not in failed["detail"]
    (row,) = store.appointments().rows
    done = desk.hold("ann-visit", place(), "lost")
    assert (done.status_code, done.json()["id"]) == (201, row.record.id)


@pytest.mark.parametrize(("error", "name"), [(BusyError, "store-busy"), (FullError, "store-full")])
def test_failures_of_the_database_are_told_apart(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: type[DatabaseError], name: str
) -> None:
    """Each with a name and the wish to come back, and without the database's own words."""

    def fail(*_: Any) -> None:
        raise error("FAILING ROW")

    monkeypatch.setattr(Answering, "_keep", fail)
    refused = desk.hold("ann-visit", place())
    problem(refused, name)
    assert "FAILING ROW" not in refused.text


def test_the_process_lives_while_the_store_is_locked(desk: Desk, store: Store) -> None:
    """Twelve holds wait for somebody else's transaction; ``/livez`` waits for none of them."""
    locked, go_on = threading.Event(), threading.Event()

    def keep_waiting(connection: Any) -> None:
        store.database.lock(connection, ["records"])
        locked.set()
        go_on.wait(5)

    starts = [f"{hour:02}:{minute:02}" for hour in (9, 10) for minute in (0, 15, 30, 45)]
    with ThreadPoolExecutor(10) as pool:
        pool.submit(store.database.write, keep_waiting)
        assert locked.wait(5)
        asked = [pool.submit(desk.hold, "ann-visit", place(start=start)) for start in starts]
        time.sleep(0.1)
        for _ in range(5):
            began = time.perf_counter()
            assert desk.client.get("/livez").status_code == 200
            assert time.perf_counter() - began < 0.5
        assert not any(future.done() for future in asked)
        go_on.set()
        answers = [future.result() for future in asked]
    assert sorted(row.status_code for row in answers) == [201] + [409] * 7


def test_only_so_many_wait() -> None:
    """More are refused at once; there is room again when one is done."""

    async def ask() -> None:
        threads, go_on = Threads(1, 1), threading.Event()
        first = asyncio.create_task(threads.run(go_on.wait))
        second = asyncio.create_task(threads.run(go_on.wait))
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await threads.run(go_on.wait)
        go_on.set()
        assert await asyncio.gather(first, second) == [True, True]
        assert await threads.run(go_on.wait)
        threads.close()

    asyncio.run(ask())


def test_without_a_store_it_is_said(store: Store) -> None:
    """Every live address is there, and says what is missing."""
    app: FastAPI = live_app(store)
    with served(app) as client:
        app.state.live.close()
        app.state.live = None
        desk = Desk(client)
        for answered in (
            desk.hold("ann-visit", place()),
            desk.book("one"),
            desk.post("/v1/appointments/one/move", place=told(place())),
            desk.post("/v1/appointments/one/cancel", reason="pat"),
            client.get("/v1/appointments"),
            client.get("/v1/appointments/one"),
            client.get("/v1/requests", params={"state": "waiting"}),
            client.get("/v1/doctors/dr"),
            client.put("/v1/doctors/dr", json={}, headers={"If-None-Match": "*"}),
        ):
            problem(answered, "no-store")


def test_the_document_describes_what_is_answered(desk: Desk) -> None:
    """Of a hold, in all the ways it can end here."""
    operation = desk.client.get("/openapi.json").json()["paths"]["/v1/holds"]["post"]
    described = set(operation["responses"])
    desk.booked("ann-visit", place())
    for answered in (
        desk.hold("bob-visit", place(start="09:15")),
        desk.hold("cyd-visit", place()),
        desk.hold("dot-visit", place(), None),
        desk.hold("nobody", place()),
        desk.post("/v1/holds"),
    ):
        assert isinstance(answered, httpx2.Response)
        assert str(answered.status_code) in described


def test_it_is_ready_before_anybody_finds(store: Store) -> None:
    """Whoever sends requests only to who is ready would else wait for ever."""
    live = Live(store, LiveSettings(as_of=MONDAY))
    assert not live.index.is_ready
    live.index.start()
    for _ in range(1_000):
        if live.index.is_ready:
            break
        time.sleep(0.01)
    assert live.index.is_ready
    live.close()


def test_it_is_not_ready_where_there_is_nothing_to_find_in(database: Database) -> None:
    """An index that could not be made is none."""
    live = Live(Store(database))
    live.index.start()
    live.index.close()
    assert not live.index.is_ready
    live.close()
