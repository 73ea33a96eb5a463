"""Appointments: moved, cancelled, read, listed."""

from __future__ import annotations

from functools import partial

from fastapi import Request, Response

from api.http.live.admitted import Admitted
from api.http.live.bodies import AppointmentsQuery, CancelRequest, MoveRequest, read
from api.http.live.etags import expected
from api.http.live.idempotency import asked_once
from api.http.live.lists import page, query_of
from api.http.live.refused import refused
from api.http.live.replies import body_of, named, response, written
from api.http.live.service import Live, live_of
from api.http.live.shown import appointment_answer, appointment_content
from api.http.live.substitutes import LostError, Offer, once
from api.store import placing
from api.store.answering import Answer, Asked
from api.store.errors import NotThereError
from api.store.transaction import Transaction


async def move(request: Request, id: str) -> Response:
    """Take another place for an appointment, and leave the old one only then."""
    live, id, version = live_of(request), named(id), expected(request)
    async with body_of(request) as content:
        asked = asked_once(request, content)
        body = read(MoveRequest, content)
        return await written(live, partial(_move, live, asked, id, body, version))


async def cancel(request: Request, id: str) -> Response:
    """Give a place back."""
    live, id, version = live_of(request), named(id), expected(request)
    async with body_of(request) as content:
        asked = asked_once(request, content)
        body: CancelRequest = read(CancelRequest, content)

        def work(tx: Transaction) -> Answer:
            made = placing.cancel(tx, id, body.reason, asked.client, version)
            return appointment_answer(200, made)

        return await written(live, partial(live.answering.once, asked, work, refused))


async def read_one(request: Request, id: str) -> Response:
    """An appointment, one that was cancelled too."""
    live = live_of(request)
    found = await live.readers.run(partial(live.store.appointment, named(id)))
    return response(appointment_answer(200, found))


async def read_some(request: Request) -> Response:
    """Appointments in the order of their ids, a page at a time."""
    live = live_of(request)
    query: AppointmentsQuery = query_of(AppointmentsQuery, request)
    of = f"appointments {query.status}"
    after = live.cursors.read(of, query.cursor)
    listed = partial(live.store.appointments, after, query.limit, query.status)
    found = await live.readers.run(listed)
    rows = [appointment_content(row) for row in found.rows]
    return page("appointments", rows, found.after and live.cursors.make(of, found.after))


def _move(live: Live, asked: Asked, id: str, body: MoveRequest, version: int | None) -> Answer:
    place = body.place.place
    admitted = Admitted(live, _request_of(live, id), place)

    def work(tx: Transaction) -> Answer:
        made = placing.move(tx, id, place, asked.client, version)
        admitted.require(tx)
        return appointment_answer(200, made)

    try:
        return once(live, asked, work)
    except LostError as error:
        request_id = str(_request_of(live, id))
        return Offer(live, asked, error.refusal, request_id, holding=False).made()


def _request_of(live: Live, id: str) -> str | None:
    """For which request an appointment is; ``None``: for none, or it is not there."""
    try:
        return live.store.appointment(id).record.request_id
    except NotThereError:
        return None
