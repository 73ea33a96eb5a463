"""Bodies, bounded."""

from __future__ import annotations

import asyncio

from fastapi import Request


class BodyTooLargeError(Exception):
    """The body is larger than the service accepts."""


class BodyTooSlowError(Exception):
    """The body did not arrive in time."""


async def read_body(request: Request, limit: int, seconds: float) -> bytes:
    """Read a body of at most ``limit`` bytes that arrives within ``seconds``.

    Raises
    ------
    BodyTooLargeError
        It is larger, whatever its headers say.
    BodyTooSlowError
        It is not all there in time.
    ClientDisconnect
        The client went away meanwhile.
    """
    parts, size = [], 0
    try:
        async with asyncio.timeout(seconds):
            async for part in request.stream():
                size += len(part)
                if size > limit:
                    raise BodyTooLargeError
                parts.append(part)
    except TimeoutError as error:
        raise BodyTooSlowError from error
    return b"".join(parts)
