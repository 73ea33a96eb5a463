"""Requests that share a transaction: each is answered as if it had come after the one before."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from clinic import MONDAY
from fastapi import FastAPI
from live import Desk, live_app
from serving import served
from ward import place

from api.http.live.service import Live
from api.store.store import Store


def live_of(app: FastAPI) -> Live:
    """What it serves."""
    found: Live = app.state.live
    return found


def test_who_wants_what_is_given_back_in_the_same_transaction_gets_it(store: Store) -> None:
    """The index does not see it free before it is committed, and is not believed."""
    app = live_app(store, as_of=MONDAY)
    with served(app) as client, ThreadPoolExecutor(2) as pool:
        desk = Desk(client)
        booked = desk.booked("ann-visit", place())["id"]
        desk.found("bob-visit")
        together = live_of(app).answering._together
        together._is_led = True  # somebody is at it, and the two wait together
        leaving = pool.submit(desk.post, f"/v1/appointments/{booked}/cancel", reason="pat")
        while len(together._waiting) < 1:
            time.sleep(0.001)
        coming = pool.submit(desk.hold, "bob-visit", place())
        while len(together._waiting) < 2:
            time.sleep(0.001)
        together._pass_on()
        assert leaving.result().status_code == 200
        assert coming.result().status_code == 201, coming.result().text
