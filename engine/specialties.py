"""Codes of specialties, and which answers which.

A NUCC taxonomy code says by itself where it stands: two characters name a grouping, four
a classification (written alone or with ``00000X`` behind), ten a specialisation. Any other
code stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from engine.arrays import Bool

_NUCC = re.compile(r"[0-9]{2}([0-9A-Z]{2}([0-9A-Z]{5}X)?)?")
_NO_SPECIALISATION = "00000X"


def stem(code: str) -> str:
    """Part of a code that the codes below it begin with."""
    if _NUCC.fullmatch(code):
        return code.removesuffix(_NO_SPECIALISATION) if len(code) == 10 else code
    return code


def covers_table(asked: Iterable[str], held: Iterable[str]) -> Bool:
    """Whether asking for a code is answered by holding another; bool, asked × held."""
    held = list(held)
    rows = [[_covers(a, h) for h in held] for a in asked]
    return np.array(rows, np.bool_).reshape(-1, len(held))


def _covers(asked: str, held: str) -> bool:
    if not (_NUCC.fullmatch(asked) and _NUCC.fullmatch(held)):
        return asked == held
    return stem(held).startswith(stem(asked))
