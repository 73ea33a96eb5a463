"""Requests that change something: read, done once, answered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response

from api.http.asking import body_object
from api.http.health import RETRY_AFTER_SECONDS
from api.http.live.bodies import is_id
from api.http.live.idempotency import REPLAYED
from api.http.live.refused import Refused, invalid_input, refused
from api.http.live.service import Live
from api.http.problems import answer as problem_answer
from api.http.problems import problem
from api.store.answering import Answer
from api.store.errors import (
    BusyError,
    DatabaseError,
    FullError,
    NotThereError,
    RefusalError,
    StoreError,
)
from engine.errors import InvalidInputError

_RETRY = {"Retry-After": str(RETRY_AFTER_SECONDS)}
_AGAIN = "nothing was changed; send it again, with the same key"
_UNKNOWN = "it may have been done: send it again, with the same key, to be told"


@asynccontextmanager
async def body_of(request: Request) -> AsyncIterator[dict[str, Any]]:
    """The body as an object, held as long as the block takes."""
    async with request.app.state.find_bodies.read(request) as raw:
        yield body_object(raw)


def named(id: str) -> str:
    """An id of an address.

    Raises
    ------
    NotThereError
        Nothing could have it.
    """
    if not is_id(id):
        raise NotThereError("no id")
    return id


async def written(live: Live, work: Callable[[], Answer]) -> Response:
    """The answer of work that changes the store."""
    return response(await live.writers.run(work))


def response(made: Answer) -> Response:
    """An answer as it is sent: a replay says that it is one."""
    headers = made.headers | ({REPLAYED: "true"} if made.is_replay else {})
    return Response(made.body, made.status, headers)


def answer_errors(app: FastAPI) -> None:
    """What the store refuses, or fails at, as problem details."""

    @app.exception_handler(Refused)
    async def refused_here(_request: Request, error: Refused) -> Response:
        return problem_answer(error.content, error.headers)

    @app.exception_handler(RefusalError)
    async def refused_by_store(_request: Request, error: RefusalError) -> Response:
        return response(refused(error))

    @app.exception_handler(StoreError)
    async def empty(_request: Request, _error: StoreError) -> Response:
        return problem("no-dataset", "put one in: slotmatch load DATASET --store URL")

    @app.exception_handler(InvalidInputError)
    async def invalid(_request: Request, error: InvalidInputError) -> Response:
        return problem_answer(invalid_input(error))

    @app.exception_handler(FullError)
    async def full(_request: Request, _error: FullError) -> Response:
        return problem("store-full", "nothing was changed; what is there can be read", _RETRY)

    @app.exception_handler(BusyError)
    async def busy(_request: Request, _error: BusyError) -> Response:
        return problem("store-busy", _AGAIN, _RETRY)

    @app.exception_handler(DatabaseError)
    async def failed(_request: Request, _error: DatabaseError) -> Response:
        return problem("store-failed", _UNKNOWN, _RETRY)
