"""``POST /v1/holds``, and ``POST /v1/appointments``, which books one."""

from __future__ import annotations

from functools import partial

from fastapi import Request, Response

from api.http.clients import client_of
from api.http.live.admitted import Admitted
from api.http.live.bodies import BookRequest, HoldRequest, read
from api.http.live.idempotency import asked_once
from api.http.live.refused import refused
from api.http.live.replies import body_of, written
from api.http.live.room import require_room
from api.http.live.service import Live, live_of
from api.http.live.shown import appointment_answer
from api.http.live.substitutes import LostError, Offer, lapsed_hold, once
from api.store import placing
from api.store.answering import Answer, Asked
from api.store.errors import NotHeldError, NotThereError
from api.store.transaction import Transaction


async def hold(request: Request) -> Response:
    """Take a place for a request, for a while."""
    live = live_of(request)
    async with body_of(request) as content:
        asked, wanted = asked_once(request, content), read(HoldRequest, content)
        seconds = wanted.seconds(client_of(request).hold_seconds)
        return await written(live, partial(_hold, live, asked, wanted, seconds))


async def book(request: Request) -> Response:
    """Make a hold an appointment."""
    live = live_of(request)
    async with body_of(request) as content:
        asked = asked_once(request, content)
        return await written(live, partial(_book, live, asked, read(BookRequest, content)))


def _hold(live: Live, asked: Asked, body: HoldRequest, seconds: int) -> Answer:
    place = body.place.place
    admitted = Admitted(live, body.request_id, place)

    def work(tx: Transaction) -> Answer:
        require_room(tx, asked.client, live.settings.max_holds)
        made = placing.hold(tx, body.request_id, place, seconds, asked.client)
        admitted.require(tx)
        return appointment_answer(201, made)

    try:
        return once(live, asked, work)
    except LostError as error:
        return Offer(live, asked, error.refusal, body.request_id).made()


def _book(live: Live, asked: Asked, body: BookRequest) -> Answer:
    def work(tx: Transaction) -> Answer:
        return appointment_answer(201, placing.book(tx, body.hold_id, asked.client))

    try:
        return once(live, asked, work, NotHeldError | NotThereError)
    except LostError as error:
        lapsed = lapsed_hold(live, asked.client, body.hold_id)
        if lapsed is None:
            return live.answering.once(asked, work, refused)
        return Offer(live, asked, error.refusal, lapsed.request_id, wanted=lapsed).made()
