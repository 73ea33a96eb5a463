"""Which code of a specialty answers which, for the judges."""

from __future__ import annotations

import re

_PARENT = re.compile(r"[0-9]{2}|[0-9]{2}[0-9A-Z]{2}")
_CODE = re.compile(r"[0-9]{2}|[0-9]{2}[0-9A-Z]{2}|[0-9]{2}[0-9A-Z]{7}X")


def answers(asked: str, held: str) -> bool:
    """Whether who holds a code does what is asked: the same, or something more special."""
    if asked == held:
        return True
    parent = asked[:4] if _CODE.fullmatch(asked) and asked[4:] == "00000X" else asked
    if not _PARENT.fullmatch(parent) or not _CODE.fullmatch(held):
        return False
    return held[: len(parent)] == parent
