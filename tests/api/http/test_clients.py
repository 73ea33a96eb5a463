"""Who asks: keys that change, and strangers."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from time import monotonic
from typing import Any

import httpx2
import pytest
from keyed import answer, asked, bearer, is_problem, service

from api.http import clients
from api.http.problems import PROBLEM_TYPES
from api.http.settings import Settings
from api.store.errors import BusyError
from api.store.keys import Keys
from api.store.secret import id_of


def test_a_revoked_key_opens_nothing_seconds_later(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys are read at most every two seconds, and are five seconds old at most."""
    key = keys.create("one", ["read"])
    app, reads = service(keys), []
    clock = [monotonic()]
    monkeypatch.setattr(clients, "monotonic", lambda: clock[0])
    every = Keys.all

    def counted(self: Keys) -> Any:
        reads.append(1)
        return every(self)

    monkeypatch.setattr(Keys, "all", counted)

    async def statuses(client: httpx2.AsyncClient) -> list[int]:
        found = []
        for seconds in (0, 1.9, 3.2):
            clock[0] += seconds
            head = bearer(key)
            found += [(await client.post("/v1/find", headers=head)).status_code for _ in range(20)]
            await asyncio.sleep(0.1)
            if not seconds:
                keys.revoke(str(id_of(key)))
        return found

    assert asked(app, statuses) == [200] * 40 + [401] * 20
    assert len(reads) == 2


def test_a_key_ends_by_the_databases_clock(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two reads of it too; the clock of this machine is not asked."""
    key = keys.create("one", ["read"], timedelta(days=1))
    _, (known,) = keys.all()
    assert known.expires is not None
    nearly = known.expires - timedelta(seconds=0.3)
    monkeypatch.setattr(Keys, "all", lambda _: (nearly, (known,)))
    app = service(keys)

    async def statuses(client: httpx2.AsyncClient) -> list[int]:
        found = []
        for seconds in (0, 0.4):
            await asyncio.sleep(seconds)
            found.append((await client.post("/v1/find", headers=bearer(key))).status_code)
        return found

    assert asked(app, statuses) == [200, 401]


def test_a_store_that_cannot_be_read_lets_nobody_in(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever was known is for seconds more; then it is 503, and never open."""
    key, every, broken = keys.create("one", ["read"]), Keys.all, []

    def read(self: Keys) -> Any:
        if broken:
            raise BusyError("08006")
        return every(self)

    monkeypatch.setattr(Keys, "all", read)
    clock = [monotonic()]
    monkeypatch.setattr(clients, "monotonic", lambda: clock[0])
    app = service(keys)

    async def replies(client: httpx2.AsyncClient) -> list[int]:
        found = []
        for seconds in (0, 3, 9):
            clock[0] += seconds
            found.append((await client.post("/v1/find", headers=bearer(key))).status_code)
            broken.append(1)
        return found

    assert asked(app, replies) == [200, 200, 503]
    broken.append(1)
    assert is_problem(answer(service(keys), "POST", "/v1/find"), "keys-unreadable")


def test_strangers_are_counted_by_address_and_do_not_stop_keys(keys: Keys) -> None:
    """Who guesses is soon refused; who has a key there is not."""
    key = keys.create("one", ["read"])
    app = service(keys, Settings(workers=1, stranger_requests_per_second=0.1, stranger_burst=3))
    wrong = bearer(f"sm_{id_of(key)}_{'0' * 40}")

    async def replies(client: httpx2.AsyncClient) -> list[httpx2.Response]:
        return [await client.post("/v1/find", headers=wrong) for _ in range(5)]

    found = asked(app, replies)
    assert [reply.status_code for reply in found] == [401] * 3 + [429] * 2
    assert int(found[-1].headers["retry-after"]) >= 1
    assert is_problem(found[-1], "too-many-requests")
    assert answer(app, "POST", "/v1/find", headers=bearer(key), content=b"{}").status_code == 200


def test_addresses_of_one_neighbourhood_are_one() -> None:
    """Whoever has a network of IPv6 has addresses without end."""
    app = service(None)

    def of(host: str) -> str:
        from fastapi import Request

        return clients._address(Request({"type": "http", "client": (host, 1), "app": app}))

    assert of("2001:db8:1:2:3:4:5:6") == of("2001:db8:1:2:ffff::1")
    assert of("192.0.2.1") != of("192.0.2.2")


def test_problems_of_keys_are_in_the_table() -> None:
    """Each with the status that clients know."""
    names = {"unauthorized": 401, "forbidden": 403, "too-many-requests": 429}
    assert {name: PROBLEM_TYPES[name].status for name in names} == names
