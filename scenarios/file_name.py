"""Names of files that a scenario refers to."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

FileName = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=1_000, pattern=r"^[^\x00-\x1f]*$")
]
"""Relative to the scenario file."""
