"""A live service whose clock tests set, in this process, ended and begun as they like."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from fastapi import FastAPI, Request
from live import live_app
from night import Clock

from api.http.clients import Client
from api.http.live.service import Live, LiveSettings
from api.store.opening import open_database
from api.store.store import Store


class ByName:
    """Lets everybody in under the name they give."""

    async def admit(self, request: Request, _scope: str) -> Client:
        """Whoever it is."""
        return Client(request.headers["name"], ("admin",))


@dataclass
class NightService:
    """A database, and the service on it.

    Parameters
    ----------
    url
        Of the database; what it holds is replaced.
    """

    url: str

    def __post_init__(self) -> None:
        self.clock = Clock(0)
        self.loop = asyncio.new_event_loop()
        self.app: FastAPI = live_app(self.opened())
        self.app.state.gate = ByName()

    def opened(self) -> Store:
        """The database, opened."""
        database = open_database(self.url)
        self.clock.rule(database)
        self.store = Store(database)
        return self.store

    def restart(self, *, anew: bool) -> None:
        """End the service and begin it again; with the database, if ``anew``."""
        self.stop()
        if anew:
            self.store.close()
            self.opened()
        self.app.state.live = Live(self.store, LiveSettings())

    def stop(self) -> None:
        """End the service."""
        if hasattr(self.app.state, "live"):
            self.app.state.live.close()

    def close(self) -> None:
        """End everything."""
        self.stop()
        self.store.close()
        self.loop.close()
