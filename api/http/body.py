"""Bodies, bounded: each, and all together."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Request

from api.http.clients import ANYBODY, client_of
from api.http.pool import BusyError
from api.http.rates import TooOftenError

_COME_BACK_SECONDS = 1


class BodyTooLargeError(Exception):
    """The body is larger than the service accepts."""


class BodyTooSlowError(Exception):
    """The body did not arrive in time."""


class Bodies:
    """Reads bodies, as many as fit into what they may hold together.

    Parameters
    ----------
    each
        Bytes that a body may have.
    together
        Bytes that all of them may have, from their arrival to the answer.
    seconds
        Time that one may take to arrive.
    of_one
        How many one key may have at a time; and of the bytes, half.
    """

    def __init__(self, each: int, together: int, seconds: float, of_one: int) -> None:
        self._each = each
        self._together = together
        self._seconds = seconds
        self._of_one = of_one
        self._held = 0
        self._bytes_of: Counter[str] = Counter()
        self._bodies_of: Counter[str] = Counter()

    @asynccontextmanager
    async def read(self, request: Request) -> AsyncIterator[bytes]:
        """Read a body, and hold it as long as the block takes.

        Raises
        ------
        BodyTooLargeError
            It is larger, whatever its headers say.
        BodyTooSlowError
            It is not all there in time.
        BusyError
            With it, all would be larger than they may be.
        TooOftenError
            The key has as many as one may have, or as much.
        ClientDisconnect
            The client went away meanwhile.
        """
        body, owner = _Body(), client_of(request).id
        if owner != ANYBODY.id and self._bodies_of[owner] >= self._of_one:
            raise TooOftenError(_COME_BACK_SECONDS)
        self._bodies_of[owner] += 1
        try:
            await self._fill(body, owner, request)
            yield body.joined()
        finally:
            self._give_back(body, owner)

    async def _fill(self, body: _Body, owner: str, request: Request) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                async for part in request.stream():
                    self._add(body, owner, part)
        except TimeoutError as error:
            raise BodyTooSlowError from error

    def _add(self, body: _Body, owner: str, part: bytes) -> None:
        body.add(part)
        self._held += len(part)
        self._bytes_of[owner] += len(part)
        if body.size > self._each:
            raise BodyTooLargeError
        if self._held > self._together:
            raise BusyError
        if owner != ANYBODY.id and self._bytes_of[owner] > self._together // 2:
            raise TooOftenError(_COME_BACK_SECONDS)

    def _give_back(self, body: _Body, owner: str) -> None:
        self._held -= body.size
        for counter, amount in ((self._bytes_of, body.size), (self._bodies_of, 1)):
            counter[owner] -= amount
            if not counter[owner]:
                del counter[owner]


class _Body:
    """A body as it arrives."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.size = 0

    def add(self, part: bytes) -> None:
        """Take what arrived."""
        self._parts.append(part)
        self.size += len(part)

    def joined(self) -> bytes:
        """All of it; afterwards there is nothing here but its size."""
        raw = b"".join(self._parts)
        self._parts.clear()
        return raw
