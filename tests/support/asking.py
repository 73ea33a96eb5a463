"""Requests to an application in this process and thread, as quick as can be."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI


@dataclass(frozen=True)
class Told:
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        """What it says."""
        return json.loads(self.body)

    @property
    def problem(self) -> str | None:
        """Name of the problem, if it is one."""
        return None if self.status < 400 else str(self.content["type"]).rpartition(":")[2]


def asked(
    loop: asyncio.AbstractEventLoop,
    app: FastAPI,
    method: str,
    address: str,
    body: dict[str, Any] | None = None,
    **headers: str,
) -> Told:
    """Ask something; names of headers with ``_`` for ``-``."""
    path, _, query = address.partition("?")
    raw = b"" if body is None else json.dumps(body).encode()
    head = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": raw, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"desk"), *head],
        "client": ("127.0.0.1", 1),
        "server": ("desk", 80),
    }
    loop.run_until_complete(app(scope, receive, send))
    told = {name.decode(): text.decode() for name, text in sent[0]["headers"]}
    return Told(sent[0]["status"], told, b"".join(part.get("body", b"") for part in sent[1:]))
