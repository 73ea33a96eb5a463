"""``GET`` and ``PUT /v1/{kind}/{id}``: one record at a time, with its version."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response

from api.http.live.bodies import read
from api.http.live.client import client
from api.http.live.etags import etag, required
from api.http.live.idempotency import asked_perhaps
from api.http.live.refused import Refused, collision_content, refused
from api.http.live.replies import body_of, named, response, written
from api.http.live.service import live_of
from api.http.live.shown import JSON, record_content, text_of
from api.store import putting
from api.store.answering import Answer
from api.store.transaction import Transaction
from engine.domain import COLLECTIONS
from engine.errors import InvalidInputError
from engine.problems import Problem


async def read_record(request: Request, id: str) -> Response:
    """A record as a dataset has it."""
    live = live_of(request)
    found = await live.readers.run(partial(live.store.record, _kind(request), named(id)))
    headers = {"content-type": JSON, "etag": etag(found.version)}
    return response(Answer(200, headers, text_of(record_content(found.record))))


async def put_record(request: Request, id: str) -> Response:
    """Write a record: a new one, or the next version of one that was read."""
    live, version, breaking = live_of(request), required(request), _is_breaking(request)
    async with body_of(request) as content:
        asked, kind = asked_perhaps(request, content), _kind(request)
        value = _record(kind, id, content)

        def work(tx: Transaction) -> Answer:
            made, collisions = putting.put(tx, kind, value, version, breaking=breaking)
            told = {"version": made, "collisions": [collision_content(row) for row in collisions]}
            headers = {"content-type": JSON, "etag": etag(made)}
            if version:
                return Answer(200, headers, text_of(told))
            headers["location"] = f"/v1/{kind}/{quote(id, safe='')}"
            return Answer(201, headers, text_of(told))

        if asked is None:
            plainly = partial(live.answering.plainly, client(request), work, refused)
            return await written(live, plainly)
        return await written(live, partial(live.answering.once, asked, work, refused))


def _kind(request: Request) -> str:
    """Which collection: the address says so."""
    return str(request.scope["route"].path.split("/")[2])


def _is_breaking(request: Request) -> bool:
    given = request.query_params.multi_items()
    if given not in ([], [("breaking", "true")], [("breaking", "false")]):
        raise Refused("bad-request", "breaking=true is all that may be asked for")
    return given == [("breaking", "true")]


def _record(kind: str, id: str, content: dict[str, Any]) -> Any:
    """The record in a body, which need not repeat its id."""
    if content.get("id", id) != id:
        raise InvalidInputError([Problem("wrong_value", "/id", "must be that of the address")])
    return read(COLLECTIONS[kind], {"id": id} | content)
