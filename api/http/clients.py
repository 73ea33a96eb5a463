"""Who asks: every route that is not open to all takes its client from here."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from fastapi import Request

from api.http.rates import Rates
from api.http.settings import Settings
from api.scopes import Scope, allows
from api.store.errors import DatabaseError
from api.store.keys import Key, Keys
from api.store.secret import id_of, is_key

_FRESH_SECONDS = 2.0
"""After which keys are read again, while those who ask are judged by what was read."""

_MOST_SECONDS = 5.0
"""After which whoever asks waits for that: a key that was revoked opens nothing by then."""

_MOST_LETTERS = 400


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody who asks.

    Parameters
    ----------
    id
        Of the key: what holds, jobs and the audit are theirs by.
    scopes
        What they may do.
    hold_seconds
        No hold of theirs lasts longer; ``None``: as long as any may.
    """

    id: str
    scopes: tuple[Scope, ...]
    hold_seconds: int | None = None


ANYBODY = Client("anybody", ("admin",))
"""Who asks where no keys are asked for."""


class UnknownClientError(Exception):
    """No key, or none that opens anything: which of these is not said."""


class ForbiddenError(Exception):
    """The key is good, and not for this.

    Parameters
    ----------
    scope
        What would be needed.
    """

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope)
        self.scope = scope


class KeysUnreadableError(Exception):
    """The store does not say which keys there are."""


class KnownKeys:
    """The keys of a store, as they were a few seconds ago at most.

    Parameters
    ----------
    keys
        Where they are read.
    """

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._read: dict[str, Key] = {}
        self._now: datetime | None = None
        self._at = 0.0
        self._reading: asyncio.Task[None] | None = None

    async def find(self, text: str) -> Key | None:
        """The valid key of that text; it takes as long where there is none.

        Raises
        ------
        KeysUnreadableError
            They were not read for too long.
        """
        moment = await self._moment()
        key = self._read.get(id_of(text) or "")
        is_right = is_key(text, None if key is None else key.digest)
        holds = key is not None and key.holds_at(moment)
        return key if is_right and holds else None

    async def _moment(self) -> datetime:
        """The database's clock; keys are as fresh as they have to be."""
        age = monotonic() - self._at
        if self._now is None or age > _FRESH_SECONDS:
            reading = self._begin()
            if self._now is None or age > _MOST_SECONDS:
                try:
                    async with asyncio.timeout(_MOST_SECONDS):
                        await asyncio.shield(reading)
                except (DatabaseError, TimeoutError) as error:
                    raise KeysUnreadableError from error
        if self._now is None:
            raise KeysUnreadableError
        return self._now + timedelta(seconds=monotonic() - self._at)

    def _begin(self) -> asyncio.Task[None]:
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read_again())
            self._reading.add_done_callback(_heard)
        return self._reading

    async def _read_again(self) -> None:
        began = monotonic()
        now, keys = await asyncio.to_thread(self._keys.all)
        self._read = {key.id: key for key in keys}
        self._now, self._at = now, began


class Gate:
    """Lets in who may ask, and not too often.

    Parameters
    ----------
    known
        Keys; ``None``: nobody is asked for one.
    settings
        How often is too often.
    """

    def __init__(self, known: KnownKeys | None, settings: Settings) -> None:
        self._known = known
        self._clients = Rates(settings.key_requests_per_second, settings.key_burst)
        self._strangers = Rates(settings.stranger_requests_per_second, settings.stranger_burst)

    async def admit(self, request: Request, scope: Scope) -> Client:
        """Who asks, if they may.

        Raises
        ------
        UnknownClientError, ForbiddenError, TooOftenError, KeysUnreadableError
        """
        if self._known is None:
            return ANYBODY
        key = await self._known.find(_text(request))
        if key is None:
            self._strangers.take(_address(request))
            raise UnknownClientError
        self._clients.take(key.id)
        if not allows(key.scopes, scope):
            raise ForbiddenError(scope)
        return Client(key.id, key.scopes, key.hold_seconds)


@dataclass(frozen=True, slots=True)
class Needs:
    """What a route asks for before anything else.

    Parameters
    ----------
    scope
        Of the key.
    """

    scope: Scope

    async def __call__(self, request: Request) -> None:
        """Let in who may ask, and note who it is."""
        request.state.client = await request.app.state.gate.admit(request, self.scope)


def client_of(request: Request) -> Client:
    """Who asks, on a route that has a scope."""
    client: Client = request.state.client
    return client


def _text(request: Request) -> str:
    """The key in the head; nothing where there are two, or none."""
    stated = request.headers.getlist("authorization")
    given = request.headers.getlist("x-api-key")
    for line in stated:
        scheme, _, rest = line.partition(" ")
        given.append(rest.strip() if scheme.lower() == "bearer" else "")
    return given[0][:_MOST_LETTERS] if len(given) == 1 else ""


def _address(request: Request) -> str:
    """Where a stranger asks from; a neighbourhood where addresses cost nothing."""
    host = request.client.host if request.client else ""
    if ":" not in host:
        return host
    return ":".join(host.split(":")[:4])


def _heard(reading: asyncio.Task[None]) -> None:
    """Whoever waits hears of a failure; nobody else has to."""
    if not reading.cancelled():
        reading.exception()
