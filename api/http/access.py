"""The outermost layer: every request gets an id, an answer, a line in the log, and is counted."""

from __future__ import annotations

import asyncio
import re
import secrets
import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.faults import frames_of
from api.http.metrics import Metrics
from api.http.problems import problem

HEADER = b"x-request-id"

CLIENT_CLOSED = 499
"""The usual status for a request whose client went away."""

_STOPPING = "it may be done still: send it again later, with the same key, to be told"
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")


class Access:
    """Pure ASGI, so that routes hear when a client leaves.

    Parameters
    ----------
    app
        What is below.
    metrics
        Where requests are counted.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answering = _Answering(send, _request_id(scope))
        began, log = time.perf_counter(), structlog.get_logger()
        try:
            await self._app(scope, receive, answering.send)
        except asyncio.CancelledError:  # the server ends, and was patient
            if answering.status:
                raise
            await problem("stopping", _STOPPING)(scope, receive, answering.send)
        except Exception as error:  # noqa: BLE001 told without its text, here as nowhere else
            fault, where = type(error).__name__, frames_of(error)
            log.error(event="fault", request=answering.id, fault=fault, at=where)  # noqa: TRY400
            if not answering.status:
                await problem("internal", "nothing was changed")(scope, receive, answering.send)
        finally:
            self._told(scope, answering, time.perf_counter() - began)

    def _told(self, scope: Scope, answering: _Answering, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = getattr(scope.get("route"), "path", "other")
        status = answering.status or CLIENT_CLOSED
        self._metrics.answered(method, route, status, seconds)
        structlog.get_logger().info(
            "request",
            request=answering.id,
            method=method,
            route=route,
            status=status,
            seconds=round(seconds, 4),
        )


class _Answering:
    """An answer on its way out."""

    def __init__(self, send: Send, request_id: bytes) -> None:
        self._send = send
        self._request_id = request_id
        self.status = 0

    @property
    def id(self) -> str:
        """Of the request."""
        return self._request_id.decode()

    async def send(self, message: Message) -> None:
        """Pass on, with the id in the head."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = [*message.get("headers", ()), (HEADER, self._request_id)]
            message = {**message, "headers": headers}
        await self._send(message)


def _request_id(scope: Scope) -> bytes:
    """The id that the client gave, where it is a plain word; else one of ours."""
    for name, value in scope["headers"]:
        if name == HEADER and _ID.fullmatch(value):
            return bytes(value)
    return secrets.token_hex(8).encode()
