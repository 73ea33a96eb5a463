"""Paths into a scenario file, such as ``changes/0/factor``: what can be put in, and where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.problems import one_of


def obstacle_to(content: Any, keys: Sequence[str], fields: Sequence[str]) -> str | None:
    """Why nothing can be put in here; ``None`` where something can.

    Parameters
    ----------
    content
        The plain values of a file.
    keys
        The path, part by part; only the last one may be new, and the first, where the file leaves
        a field out.
    fields
        Of the file, that a path may begin with, whether they are there or not.
    """
    names = fields
    for depth, key in enumerate(keys):
        is_last = depth == len(keys) - 1
        if depth and isinstance(content, dict):
            names = list(content)
        elif depth and isinstance(content, list):
            names = [str(index) for index in range(len(content))]
        elif depth:
            return f"{'/'.join(keys[:depth])!r} is no object and no list"
        may_be_new = is_last and depth and isinstance(content, dict)
        if key not in names and not may_be_new:
            advice = f". {one_of(names, key)}" if names else ""
            return f"nothing stands at {'/'.join(keys[: depth + 1])!r}{advice}"
        if not is_last:
            content = _part(content, key)
    return None


def put(content: Any, keys: Sequence[str], value: Any) -> Any:
    """A copy of the content with the value in it, where no obstacle is."""
    if not keys:
        return value
    changed = content.copy()
    inner = put(_part(content, keys[0]), keys[1:], value)
    changed[int(keys[0]) if isinstance(content, list) else keys[0]] = inner
    return changed


def _part(content: Any, key: str) -> Any:
    """What stands at a key; where nothing does, an object to begin with."""
    return content[int(key)] if isinstance(content, list) else content.get(key, {})
