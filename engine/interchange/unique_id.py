"""Ids that nobody has yet."""

from __future__ import annotations

from engine.domain.fields import MAX_ID_LENGTH


def unique_id(name: str, taken: set[str]) -> str:
    """The name itself, or with a number behind it where it is taken; it is taken then.

    A name that would be too long is cut: what is written must be read again.
    """
    made, number = name[:MAX_ID_LENGTH], 1
    while made in taken:
        number += 1
        tail = f"-{number}"
        made = f"{name[: MAX_ID_LENGTH - len(tail)]}{tail}"
    taken.add(made)
    return made
