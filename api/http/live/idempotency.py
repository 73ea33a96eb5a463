"""``Idempotency-Key``: what a client made up for one request, so that it may ask again."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from fastapi import Request

from api.http.live.client import client
from api.http.live.refused import Refused
from api.store.answering import Asked

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
BARE_OR_QUOTED = r'^([!#-~][!-~]{0,254}|"([!#-\[\]-~]|\\["\\]){1,255}")$'
"""A key for the document: as it is, or as a string of RFC 9651."""

_KEY = re.compile(r"[!-~]{1,255}")
_QUOTED = re.compile(r'"((?:[^"\\]|\\["\\])*)"')


def asked_once(request: Request, content: dict[str, Any]) -> Asked:
    """What is asked, by a client who has to give a key.

    Raises
    ------
    Refused
        There is no key, or it is none.
    """
    asked = asked_perhaps(request, content)
    if asked is None:
        raise Refused("missing-idempotency-key", "make one up for every request, and keep it")
    return asked


def asked_perhaps(request: Request, content: dict[str, Any]) -> Asked | None:
    """The same by one who need not.

    Raises
    ------
    Refused
        What is given is no key.
    """
    given = request.headers.getlist(HEADER)
    if not given:
        return None
    key = _key(given[0]) if len(given) == 1 else None
    if key is None:
        raise Refused("bad-idempotency-key", "one of 1 to 255 visible ASCII characters is expected")
    route = f"{request.method} {request.scope['route'].path}"
    return Asked(client(request), route, key, _fingerprint(request, content))


def _key(text: str) -> str | None:
    """A key, written with quotes (RFC 9651) or without; ``None``: it is none."""
    if text.startswith('"'):
        quoted = _QUOTED.fullmatch(text)
        if quoted is None:
            return None
        text = re.sub(r"\\(.)", r"\1", quoted[1])
    return text if _KEY.fullmatch(text) else None


def _fingerprint(request: Request, content: dict[str, Any]) -> str:
    """Of the address and the body, however it is laid out."""
    asked = [request.scope["path"], sorted(request.query_params.multi_items()), content]
    text = json.dumps(asked, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
