"""What stands in a field of a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

Kind = Literal["text", "whole", "number", "flag"]
"""What a column holds."""

Value = str | int | float | bool | None
"""``None``: there is none."""

Rows = Iterator[tuple[Value, ...]]
