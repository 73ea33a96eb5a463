"""What a scenario file may name: the kinds of changes, the measures, the examples."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import scenarios
from engine.interchange.kinds import Kinds

_EXAMPLES = Path(scenarios.__file__).parent / "examples"


def changes_format() -> Kinds[Any]:
    """How a list of changes is read."""
    found: Kinds[Any] = import_module("scenarios.changes").CHANGES_FORMAT
    return found


def measure_names() -> Collection[str]:
    """Names of what can be measured."""
    measures = import_module("scenarios.measures")  # needs the engine, which few callers do
    known = getattr(measures, "MEASURES", None)
    return tuple(known or (field.name for field in fields(measures.Measures)))


@cache
def examples() -> dict[str, Path]:
    """The examples by name."""
    return {path.stem: path for path in sorted(_EXAMPLES.glob("*.json"))}
