"""What the live routes use, for as long as the service runs."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from datetime import datetime

import structlog
from fastapi import Request

from api.hold_times import MIN_LONGEST_SECONDS
from api.http.faults import frames_of
from api.http.live.cursors import Cursors
from api.http.live.index import Index
from api.http.live.refused import Refused
from api.http.live.threads import Threads
from api.store import plans
from api.store.answering import Answering
from api.store.errors import DatabaseError
from api.store.store import Store

_WRITERS, _READERS, _FINDERS, _WAITING = 16, 4, 1, 256

MOST_OF_ONE = 128
"""Requests of one key at a time: a booking service asks for all of its patients with one."""


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """Limits of the live routes.

    Parameters
    ----------
    max_holds
        Places that a client may hold at a time; some more where it asks for several at once.
    substitute_seconds
        How long the best substitute is held.
    sweep_seconds
        How often holds that are over, and old answers, are cleared away.
    as_of
        When the world of the store is at the start: for rehearsals with old data; ``None``: now.
    """

    max_holds: int = 1_000
    substitute_seconds: int = MIN_LONGEST_SECONDS
    sweep_seconds: float = 10.0
    as_of: datetime | None = None


class Live:
    """A store in service.

    Parameters
    ----------
    store
        Whose.
    settings
        Limits.
    """

    def __init__(self, store: Store, settings: LiveSettings | None = None) -> None:
        self.store = store
        self.settings = settings or LiveSettings()
        self.answering = Answering(store)
        self.index = Index(store, self.settings.as_of)
        self.cursors = Cursors(self.answering.secret("cursors"))
        self.writers = Threads(_WRITERS, _WAITING)
        self.readers = Threads(_READERS, _WAITING)
        self.finders = Threads(_FINDERS, _WAITING)
        """The index answers one at a time: whoever reads something else waits for no find."""
        self.offering = threading.Lock()
        """Held by whoever looks for a substitute: here, nobody competes with them for it."""

    async def sweep(self) -> None:
        """Clear away what is over, again and again."""
        self.index.start()
        while True:
            await asyncio.sleep(self.settings.sweep_seconds)
            try:
                await self.writers.run(self._sweep_once)
            except DatabaseError as error:  # whoever asks next is told
                fault, where = type(error).__name__, frames_of(error)
                structlog.get_logger().error(event="fault", fault=fault, at=where)

    def close(self) -> None:
        """Wait for what is under way; the store stays open."""
        self.writers.close()
        self.readers.close()
        self.finders.close()
        self.index.close()

    def _sweep_once(self) -> None:
        self.store.expire()
        self.answering.sweep()
        plans.sweep(self.store)


def live_of(request: Request) -> Live:
    """The store in service.

    Raises
    ------
    Refused
        There is none.
    """
    live: Live | None = request.app.state.live
    if live is None:
        raise Refused("no-store", "start it with one: slotmatch serve --store URL")
    return live
