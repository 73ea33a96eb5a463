"""How long a hold lasts: as it is asked, as it is usual, and no longer than its key may hold."""

from __future__ import annotations

import pytest
from live import Desk, live_app, problem
from serving import served
from starlette.requests import Request
from ward import place

from api.http.clients import Client
from api.store.store import Store


class Limited:
    """Lets everybody in, with a limit on holds."""

    def __init__(self, seconds: int | None) -> None:
        self._seconds = seconds

    async def admit(self, _request: Request, _scope: str) -> Client:
        """Whoever it is."""
        return Client("one", ("book",), self._seconds)


@pytest.mark.parametrize(
    ("longest", "asked", "lasts"),
    [
        (None, {}, 300),
        (None, {"ttl_seconds": 3600}, 3600),
        (None, {"ttl_seconds": 3601}, None),
        (120, {}, 120),
        (120, {"ttl_seconds": 90}, 90),
        (120, {"ttl_seconds": 120}, 120),
        (120, {"ttl_seconds": 121}, None),
        (3600, {}, 300),
    ],
)
def test_no_hold_lasts_longer_than_its_key_may_hold(
    store: Store, longest: int | None, asked: dict[str, int], lasts: int | None
) -> None:
    """What is asked for within the limit; else five minutes, or the limit where it is less."""
    app = live_app(store)
    app.state.gate = Limited(longest)
    with served(app) as client:
        before = store.now()
        answer = Desk(client).hold("ann-visit", place(), **asked)
        if lasts is None:
            (found,) = problem(answer, "invalid-request")["errors"]
            assert (found["code"], found["path"]) == ("out_of_range", "/ttl_seconds")
            return
        held = store.appointment(answer.json()["id"]).record
        assert held.held_until is not None
        assert lasts - 1 <= (held.held_until - before).total_seconds() <= lasts + 2
