"""What one key may have at a time, and see: jobs, places and bytes."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import httpx2
from keyed import answer, asked, bearer, is_problem, service

from api.http.channel import Channel
from api.http.jobs import Job
from api.http.settings import Settings
from api.store.keys import Keys
from api.store.secret import id_of


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
