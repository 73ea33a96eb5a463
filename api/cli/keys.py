"""``slotmatch key``: made, listed and revoked."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from api.cli import exit_codes
from api.cli.console import data, notes, print_json
from api.cli.storing import local_actor, opened
from api.scopes import Scope
from api.store.keys import Key, Keys

_MOST_GIVEN = 1_000


def run_create(
    url: str,
    name: str,
    scopes: Sequence[Scope],
    days: int | None,
    hold_seconds: int | None,
    *,
    given: bool,
) -> int:
    """Print a new key, alone on stdout, so that it can be kept where it belongs."""
    text = sys.stdin.readline(_MOST_GIVEN).strip() if given else None
    lifetime = None if days is None else timedelta(days=days)
    with opened(url) as store:
        keys = Keys(store.database, local_actor())
        made = keys.create(name, scopes, lifetime, text, hold_seconds)
    if not given:
        data.print(made, markup=False, soft_wrap=True)
        notes.print("keep it: it is not shown again")
    return exit_codes.OK


def run_list(url: str, *, as_json: bool) -> int:
    """Print every key, without what opens anything."""
    with opened(url) as store:
        now, keys = Keys(store.database).all()
    if as_json:
        print_json({"keys": [_content(key, now) for key in keys]})
        return exit_codes.OK
    for key in keys:
        ends = "" if key.expires is None else f", ends {key.expires:%Y-%m-%d}"
        holds = "" if key.hold_seconds is None else f", holds {key.hold_seconds} s at most"
        line = f"{key.id}  {_state(key, now):<8} {' '.join(key.scopes):<12} {key.name}{ends}{holds}"
        data.print(line, markup=False, soft_wrap=True)
    return exit_codes.OK


def run_revoke(url: str, id: str) -> int:
    """End a key."""
    with opened(url) as store:
        key = Keys(store.database, local_actor()).revoke(id)
    data.print(f"{key.id} ({key.name}): revoked", markup=False, soft_wrap=True)
    return exit_codes.OK


def _state(key: Key, now: datetime) -> str:
    if key.revoked is not None:
        return "revoked"
    return "valid" if key.holds_at(now) else "expired"


def _content(key: Key, now: datetime) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "state": _state(key, now),
        "scopes": list(key.scopes),
        "created": key.created.isoformat(),
        "expires": None if key.expires is None else key.expires.isoformat(),
        "revoked": None if key.revoked is None else key.revoked.isoformat(),
        "hold_seconds": key.hold_seconds,
    }
