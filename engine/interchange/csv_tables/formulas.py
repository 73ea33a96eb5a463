"""Cells that a spreadsheet would take for formulas: escaped, and read back."""

from __future__ import annotations

import re

MARK = "'"
"""Stands before the text of a cell that is no formula."""

_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", MARK)
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)


def escape_formula(cell: str) -> str:
    """Put an apostrophe before what begins like a formula, or with an apostrophe itself.

    Blanks before it do not count: some programs leave them out. A plain number is no formula.
    """
    is_plain = not cell.lstrip(" ").startswith(_BEGINNINGS) or _NUMBER.fullmatch(cell)
    return cell if is_plain else MARK + cell


def unescape_formula(cell: str) -> str:
    """Take the apostrophe away that ``escape_formula`` put there."""
    return cell.removeprefix(MARK)
