"""Codes of specialties, and which answers which.

A NUCC taxonomy code says by itself where it stands: two characters name a grouping, four
a classification (written alone or with ``00000X`` behind), ten a specialisation. Any other
code stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from engine.arrays import Bool

_NUCC = re.compile(r"[0-9]{2}([0-9A-Z]{2}([0-9A-Z]{5}X)?)?")
_NO_SPECIALISATION = "00000X"
_FULL_LENGTH = 10


def covers_table(asked: Sequence[str], held: Sequence[str]) -> Bool:
    """Whether asking for a code is answered by holding another.

    A NUCC code is answered by itself and by every code below it; any other by itself.

    Returns
    -------
    bool, shape (asked, held)
    """
    asked_stem, held_stem = (np.array([_stem(code) for code in codes]) for codes in (asked, held))
    same = np.array(asked)[:, None] == np.array(held)
    if not len(asked) or not len(held):
        return np.zeros((len(asked), len(held)), np.bool_)
    below = np.char.startswith(held_stem[None, :], asked_stem[:, None])
    return same | (below & (asked_stem != "")[:, None])


def _stem(code: str) -> str:
    """Part of a NUCC code that the codes below it begin with; empty for any other code."""
    if not _NUCC.fullmatch(code):
        return ""
    return code.removesuffix(_NO_SPECIALISATION) if len(code) == _FULL_LENGTH else code
