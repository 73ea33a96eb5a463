"""``POST /v1/find`` on a store."""

from __future__ import annotations

from functools import partial

from fastapi import Request, Response

from api.http.asking import LiveFindRequest
from api.http.live.bodies import read
from api.http.live.replies import body_of
from api.http.live.service import Live
from api.http.live.shown import JSON, text_of
from engine.errors import InvalidInputError
from engine.interchange.found_places import found_content

BEHIND = "Find-Behind"
"""Header of an answer that knows of all appointments, but not yet of every record."""


async def find_in_store(request: Request, live: Live) -> Response:
    """Rank the best places for one request next to all that is promised."""
    async with body_of(request) as content:
        body: LiveFindRequest = read(LiveFindRequest, content)
        problems = body.frame_problems()
        if problems:
            raise InvalidInputError(problems)
    return await live.finders.run(partial(_found, live, body))


def _found(live: Live, body: LiveFindRequest) -> Response:
    found, is_behind = live.index.answer(body)
    headers = {BEHIND: "true"} if is_behind else {}
    return Response(text_of(found_content(found)), media_type=JSON, headers=headers)
