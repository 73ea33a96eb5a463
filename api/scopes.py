"""What a key may do: one closed table, for keys, routes and documents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

Scope = Literal["read", "book", "operate", "admin"]

SCOPES: dict[Scope, str] = {
    "read": "find places, and read appointments, requests and records",
    "book": "hold, book, move and cancel, one at a time",
    "operate": "matches, repairs, scenarios, and records of doctors, sessions and patients",
    "admin": "everything",
}
"""From the least to the most; each may do what those before it may."""

_ORDER: tuple[Scope, ...] = get_args(Scope)


def allows(scopes: Iterable[str], needed: Scope) -> bool:
    """Whether a key with some scopes may do what needs one."""
    enough = _ORDER[_ORDER.index(needed) :]
    return any(scope in enough for scope in scopes)
