"""Bodies, bounded: each, and all together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Request

from api.http.pool import BusyError


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
    """

    def __init__(self, each: int, together: int, seconds: float) -> None:
        self._each = each
        self._together = together
        self._seconds = seconds
        self._held = 0

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
        ClientDisconnect
            The client went away meanwhile.
        """
        body = _Body()
        try:
            await self._fill(body, request)
            yield body.joined()
        finally:
            self._held -= body.size

    async def _fill(self, body: _Body, request: Request) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                async for part in request.stream():
                    body.add(part)
                    self._held += len(part)
                    if body.size > self._each:
                        raise BodyTooLargeError
                    if self._held > self._together:
                        raise BusyError
        except TimeoutError as error:
            raise BodyTooSlowError from error


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
