"""Bodies, bounded."""

from __future__ import annotations

from fastapi import Request


class BodyTooLargeError(Exception):
    """The body is larger than the service accepts."""


async def read_body(request: Request, limit: int) -> bytes:
    """Read a body of at most ``limit`` bytes.

    Raises
    ------
    BodyTooLargeError
        It is larger, whatever its headers say.
    """
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise BodyTooLargeError
        parts.append(part)
    return b"".join(parts)
