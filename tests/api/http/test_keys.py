"""Who may ask what: keys, their scopes, and how often."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import update
from starlette.routing import Route

from api.http import clients, logs
from api.http.allowed import NEEDED
from api.http.app import create_app
from api.http.channel import Channel
from api.http.clients import Needs
from api.http.jobs import Job, JobStore
from api.http.problems import PROBLEM_TYPES, urn
from api.http.rates import Rates, TooOftenError
from api.http.settings import Settings
from api.http.solving import Outcome, Task
from api.scopes import SCOPES, Scope, allows
from api.store.access_tables import access_key
from api.store.errors import BusyError
from api.store.keys import Keys
from api.store.opening import open_database
from api.store.secret import id_of

LIMITS = Settings(workers=1, max_jobs=4, max_waiting=3)
OPEN = sorted(key for key, scope in NEEDED.items() if scope is None)
ASKED = {key: scope for key, scope in NEEDED.items() if scope is not None}


class EasyPool:
    """Answers at once, or after a while."""

    running = waiting = 0
    is_ready = True

    def __init__(self, seconds: float = 0) -> None:
        self._seconds = seconds

    def require_room(self) -> None:
        """There always is."""

    async def ask(self, _task: Task, _gone: object) -> Outcome:
        """Answer."""
        await asyncio.sleep(self._seconds)
        return Outcome("done", body=b"{}")


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Keys]:
    """A store of keys, in which there are none."""
    database = open_database(f"sqlite:///{tmp_path / 'keys.db'}")
    yield Keys(database)
    database.close()


def service(keys: Keys | None, settings: Settings = LIMITS, seconds: float = 0) -> FastAPI:
    """A service that asks for them, without processes."""
    app = create_app(settings, keys=keys)
    app.state.pool = app.state.finders = EasyPool(seconds)
    app.state.jobs = JobStore(app.state.pool, settings, app.state.metrics.ended)
    return app


Asking = Callable[[httpx2.AsyncClient], Coroutine[Any, Any, Any]]


def asked(app: FastAPI, work: Asking) -> Any:
    """What comes of asking it."""

    async def ask() -> Any:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://service") as client:
            return await work(client)

    return asyncio.run(ask())


def bearer(key: str) -> dict[str, str]:
    """The head of a request with a key."""
    return {"Authorization": f"Bearer {key}"}


def answer(app: FastAPI, method: str, path: str, **more: Any) -> httpx2.Response:
    """One answer."""
    found: httpx2.Response = asked(app, lambda client: client.request(method, path, **more))
    return found


def is_problem(response: httpx2.Response, name: str) -> bool:
    """Whether an answer is that problem."""
    is_typed = response.headers["content-type"] == "application/problem+json"
    return is_typed and response.json()["type"] == urn(name)


# Scopes


def test_every_route_is_in_the_table_and_asks_for_what_it_says() -> None:
    """And the table has no other."""
    found = {}
    for route in create_app().routes:
        if isinstance(route, Route):
            needs = [row.dependency for row in getattr(route, "dependencies", ())]
            scopes = [row.scope for row in needs if isinstance(row, Needs)]
            for method in route.methods or ():
                if method != "HEAD":
                    found[method, route.path] = scopes[0] if scopes else None
                    assert isinstance(route, APIRoute) or not scopes
    assert found == NEEDED


@pytest.mark.parametrize("has", SCOPES)
def test_a_key_opens_what_its_scope_allows_and_nothing_else(keys: Keys, has: Scope) -> None:
    """Every route with every scope: 403 exactly where the table says so."""
    key = keys.create("one", [has])
    app = service(keys)
    for (method, path), needed in ASKED.items():
        response = answer(app, method, path, headers=bearer(key), content=b"{}")
        assert is_problem(response, "forbidden") is not allows([has], needed), (method, path)
        if response.status_code == 403:
            assert f'scope="{needed}"' in response.headers["www-authenticate"]


@pytest.mark.parametrize(("method", "path"), ASKED)
def test_who_is_unknown_gets_one_and_the_same_answer(keys: Keys, method: str, path: str) -> None:
    """No key, a wrong one, one that is revoked, over, shown twice or by another scheme."""
    good, revoked, over = (keys.create(name, ["admin"]) for name in ("good", "revoked", "over"))
    keys.revoke(str(id_of(revoked)))
    ended = update(access_key).where(access_key.c.id == id_of(over)).values(expires=1)
    keys.database.write(lambda connection: connection.execute(ended))
    app = service(keys)
    heads: list[Any] = [
        {},
        bearer(""),
        bearer("x" * 5_000),
        bearer(good[:-1] + ("0" if good[-1] != "0" else "1")),
        bearer(f"sm_{id_of(good)}_{'0' * 40}"),
        bearer(f"sm_000000000000_{'0' * 40}"),
        bearer(revoked),
        bearer(over),
        {"Authorization": "Bearer schlüssel".encode("latin-1")},
        {"Authorization": f"Basic {good}"},
        {"Authorization": good},
        {"X-API-Key": revoked},
        [("Authorization", f"Bearer {good}"), ("X-API-Key", good)],
        [("X-API-Key", good), ("X-API-Key", good)],
    ]
    found = {
        (reply.status_code, reply.text, reply.headers["www-authenticate"])
        for reply in (answer(app, method, path, headers=head, content=b"{}") for head in heads)
    }
    assert len(found) == 1
    ((status, text, stated),) = found
    assert (status, stated) == (401, 'Bearer realm="slotmatch"')
    assert "unauthorized" in text


def test_what_is_open_is_open(keys: Keys) -> None:
    """Whether the service lives, and what it can do, needs no key."""
    keys.create("one", ["read"])
    app = service(keys)
    for method, path in OPEN:
        assert answer(app, method, path).status_code == 200, path


def test_without_keys_anybody_may_ask() -> None:
    """And a key that is shown all the same is not looked at."""
    app = service(None)
    for head in ({}, bearer("whatever")):
        assert answer(app, "POST", "/v1/match", headers=head, content=b"{}").status_code == 200


def test_a_key_is_shown_by_either_head(keys: Keys) -> None:
    """``Authorization: Bearer`` in any case, or ``X-API-Key``."""
    key = keys.create("one", ["operate"])
    app = service(keys)
    for head in (bearer(key), {"authorization": f"bearer {key}"}, {"X-API-Key": key}):
        assert answer(app, "POST", "/v1/match", headers=head, content=b"{}").status_code == 200


def test_no_body_is_read_of_who_may_not_ask(keys: Keys) -> None:
    """It is refused from its head alone."""
    read = []

    async def body() -> Any:
        read.append(1)
        yield b"{}"

    assert answer(service(keys), "POST", "/v1/match", content=body()).status_code == 401
    assert read == []


def test_keys_are_in_no_log_and_the_document_says_how_to_show_one(keys: Keys) -> None:
    """Neither right nor wrong ones."""
    out = io.StringIO()
    logs.configure(out)
    key = keys.create("one", ["read"])
    app = service(keys)
    wrong = f"sm_{id_of(key)}_{'a1b2c3d4e5' * 4}"
    for shown in (key, wrong):
        answer(app, "POST", "/v1/find", headers=bearer(shown), content=b"{}")
        answer(app, "GET", f"/v1/jobs/{shown}", headers={"X-API-Key": shown})
    metrics = answer(app, "GET", "/metrics").text
    for text in (key, wrong):
        assert text.rpartition("_")[2] not in out.getvalue() + metrics
    described = app.openapi()
    assert set(described["components"]["securitySchemes"]) == {"bearer", "api_key"}
    for (method, path), scope in ASKED.items():
        operation = described["paths"][path.replace(":path", "")][method.lower()]
        assert {"401", "403", "429"} <= operation["responses"].keys()
        assert f"Scope `{scope}`" in operation["description"]
        assert operation["security"] == [{"bearer": []}, {"api_key": []}]


# Keys that change


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


# Jobs


def test_a_job_is_there_for_its_own_key_alone(keys: Keys, tmp_path: Path) -> None:
    """Another key finds none, as if the id were wrong."""
    own, other = keys.create("own", ["operate"]), keys.create("other", ["admin"])
    app = service(keys)
    jobs = app.state.jobs
    job = Job("j", "match", None, Channel(tmp_path), datetime.now(UTC), owner=str(id_of(own)))
    job.state, job.ended = "failed", job.created
    job.over.set()
    jobs._jobs["j"] = job
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/events")):
        assert answer(app, method, f"/v1/jobs/j{path}", headers=bearer(own)).status_code == 200
        mine = answer(app, method, f"/v1/jobs/j{path}", headers=bearer(other))
        none = answer(app, method, f"/v1/jobs/none{path}", headers=bearer(other))
        assert (mine.status_code, mine.text) == (404, none.text)


def test_a_key_takes_half_of_the_jobs_and_of_the_places(keys: Keys, tmp_path: Path) -> None:
    """The other half is left to others, who do not hear of it."""
    one, other = keys.create("one", ["operate"]), keys.create("other", ["operate"])
    app = service(keys, seconds=0.3)
    jobs = app.state.jobs
    for name in ("a", "b"):
        jobs._jobs[name] = Job(
            name, "match", None, Channel(tmp_path), datetime.now(UTC), owner=str(id_of(one))
        )
    head = bearer(one) | {"Prefer": "respond-async"}
    assert is_problem(answer(app, "POST", "/v1/match", headers=head), "too-many-requests")
    jobs.require_room(str(id_of(other)))

    async def at_once(client: httpx2.AsyncClient) -> list[httpx2.Response]:
        heads = [bearer(one)] * 5 + [bearer(other)] * 2
        tasks = [client.post("/v1/match", headers=head, content=b"{}") for head in heads]
        return list(await asyncio.gather(*tasks))

    replies = asked(app, at_once)
    assert sorted(reply.status_code for reply in replies[:5]) == [200, 200, 429, 429, 429]
    assert [reply.status_code for reply in replies[5:]] == [200, 200]
    assert app.state.bodies._bodies_of == {}


def test_a_key_holds_half_of_the_bytes(keys: Keys) -> None:
    """A body that would make it more is refused, however small the rest is."""
    key = keys.create("one", ["operate"])
    app = service(keys, Settings(workers=1, max_body_bytes=900, max_bodies_bytes=1_000))
    for size, status in ((400, 200), (600, 429), (901, 413)):
        reply = answer(app, "POST", "/v1/match", headers=bearer(key), content=b" " * size)
        assert reply.status_code == status
    assert app.state.bodies._held == 0
    assert app.state.bodies._bytes_of == {}


# How often


def test_a_bucket_fills_as_time_goes_by(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many at once, then so many a second; who asks too often hears when to come back."""
    clock = [100.0]
    monkeypatch.setattr("api.http.rates.monotonic", lambda: clock[0])
    rates = Rates(per_second=0.5, most=3)
    for _ in range(3):
        rates.take("one")
    with pytest.raises(TooOftenError) as caught:
        rates.take("one")
    assert caught.value.seconds == 2
    rates.take("other")
    clock[0] += 2.5
    rates.take("one")
    with pytest.raises(TooOftenError):
        rates.take("one")
    clock[0] += 1_000
    for _ in range(3):
        rates.take("one")
    with pytest.raises(TooOftenError):
        rates.take("one")


def test_buckets_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of addresses there is no end: those of long ago are forgotten."""
    monkeypatch.setattr("api.http.rates._MOST_BUCKETS", 10)
    rates = Rates(per_second=1, most=1)
    for number in range(1_000):
        rates.take(str(number))
    assert len(rates._buckets) == 10


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
