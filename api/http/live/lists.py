"""Lists, a page at a time: cursors hold where the last one ended, so that nothing that comes
meanwhile moves anything.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import Request, Response
from starlette.responses import JSONResponse

from api.http.live.bodies import RequestsQuery, read
from api.http.live.service import live_of
from api.http.live.shown import record_content
from api.store.listing import waiting_requests


async def read_requests(request: Request) -> Response:
    """Requests that wait for a place, in the order of their ids, a page at a time."""
    live = live_of(request)
    query: RequestsQuery = query_of(RequestsQuery, request)
    of = f"requests {query.state}"
    after = live.cursors.read(of, query.cursor)
    listed = partial(waiting_requests, live.store, after, query.limit)
    found, last = await live.readers.run(listed)
    rows = [record_content(row) for row in found]
    return page("requests", rows, last and live.cursors.make(of, last))


def query_of(record_type: type, request: Request) -> Any:
    """What the address asks for.

    Raises
    ------
    InvalidInputError
        Everything that is wrong with it.
    """
    given: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        is_number = name == "limit" and value.isascii() and value.isdigit() and len(value) < 6
        given[name] = int(value) if is_number else value
    return read(record_type, given)


def page(name: str, rows: list[dict[str, Any]], cursor: str | None) -> Response:
    """Some of a list, and where to go on."""
    return JSONResponse({name: rows} | ({"next": cursor} if cursor else {}))
