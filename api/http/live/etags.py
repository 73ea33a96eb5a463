"""Entity tags: the version of a record, and what a client expects it to be."""

from __future__ import annotations

import re

from fastapi import Request

from api.http.live.refused import Refused

_STRONG = re.compile(r'"([0-9]{1,9})"')
_NEW = 0
_NEVER = -1  # no record is at that version


def etag(version: int) -> str:
    """The strong tag of a version."""
    return f'"{version}"'


def expected(request: Request) -> int | None:
    """The version that a change is for; ``None``: it does not say.

    Raises
    ------
    Refused
        It says it in a way that is not understood.
    """
    match, none_match = (request.headers.getlist(name) for name in ("If-Match", "If-None-Match"))
    if none_match and (none_match != ["*"] or match):
        raise Refused("bad-precondition", "If-None-Match: * alone says that it must be new")
    if none_match:
        return _NEW
    if not match:
        return None
    if len(match) > 1 or "," in match[0] or match[0] == "*":
        raise Refused("bad-precondition", 'one tag is expected, like "3"')
    found = _STRONG.fullmatch(match[0])
    return _NEVER if found is None else int(found[1]) or _NEVER


def required(request: Request) -> int:
    """The same, of a change that has to say it.

    Raises
    ------
    Refused
        It does not, or in a way that is not understood.
    """
    found = expected(request)
    if found is None:
        detail = "send If-Match with the ETag that was read, or If-None-Match: * for a new record"
        raise Refused("missing-precondition", detail)
    return found
