"""Plans for those who wait in the store, and ``POST /v1/plans/{id}/commit``, which books one."""

from __future__ import annotations

import secrets
from dataclasses import replace
from functools import partial
from typing import Any

from fastapi import Request, Response

from api.http.asking import body_object
from api.http.live.bodies import CommitRequest, LiveMatchRequest, read
from api.http.live.idempotency import asked_once
from api.http.live.refused import refused
from api.http.live.replies import named, written
from api.http.live.service import Live, live_of
from api.http.live.shown import JSON, appointment_content, text_of
from api.http.matching import Work, work_of_body
from api.http.settings import MAX_SYNCHRONOUS_SECONDS, MIB
from api.http.solving import Outcome, Task
from api.http.waiting import Waiting
from api.store import plans
from api.store.answering import Answer, Asked
from api.store.committing import ready
from api.store.errors import NoPlanError
from api.store.proposing import moment_of
from api.store.transaction import Transaction


async def work_of_store(live: Live, client: str, raw: bytes) -> Work:
    """What a body asks for: those who wait in the store, unless it brings a dataset along.

    Raises
    ------
    InvalidInputError
        Everything that is wrong with it.
    """
    content: dict[str, Any] = {"dataset": None} if len(raw) > MIB else body_object(raw)
    if "dataset" in content:
        return await work_of_body("match", raw)
    body: LiveMatchRequest = read(LiveMatchRequest, content)
    id = secrets.token_urlsafe(18)
    task = await live.writers.run(partial(_task, live, id, body))
    is_long = body.limits.seconds > MAX_SYNCHRONOUS_SECONDS
    return Work(task, partial(_kept, live, client, id), is_long)


async def commit(request: Request, id: str) -> Response:
    """Book all that a plan places, or nothing."""
    live, id = live_of(request), named(id)
    async with request.app.state.find_bodies.read(request) as raw:
        content = body_object(raw or b"{}")
        asked = asked_once(request, content)
        read(CommitRequest, content)
        return await written(live, partial(_commit, live, asked, id))


def _task(live: Live, id: str, body: LiveMatchRequest) -> Task:
    """What a process is to do, of the store as it is now."""
    moment = moment_of(live.store, live.index.now())
    policy = live.store.policy
    waiting = Waiting(id, moment, policy, body.limits, body.request_ids, body.specialty)
    return Task("plan", waiting.raw(), MAX_SYNCHRONOUS_SECONDS)


async def _kept(live: Live, client: str, id: str, outcome: Outcome) -> Outcome:
    """Keep a plan before anybody is told of it."""
    if outcome.draft:
        await live.writers.run(partial(plans.keep, live.store, client, id, outcome.draft))
    return replace(outcome, draft="")


def _commit(live: Live, asked: Asked, id: str) -> Answer:
    draft = plans.find(live.store, asked.client, id)
    booking = None if draft is None else ready(live.store, draft, live.index.now())

    def work(tx: Transaction) -> Answer:
        plans.take(tx, asked.client, id)
        if booking is None:  # it came after it was looked for
            raise NoPlanError("there is no such plan")
        rows = [appointment_content(row) for row in booking(tx)]
        return Answer(200, {"content-type": JSON}, text_of({"plan_id": id, "appointments": rows}))

    return live.answering.once(asked, work, refused)
