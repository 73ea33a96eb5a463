"""The examples that a scenario file may name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import scenarios

_EXAMPLES = Path(scenarios.__file__).parent / "examples"


@cache
def examples() -> dict[str, Path]:
    """The examples by name."""
    return {path.stem: path for path in sorted(_EXAMPLES.glob("*.json"))}
