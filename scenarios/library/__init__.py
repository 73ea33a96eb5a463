"""Scenarios that are ready to be run, each in a file of its own."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent


def library() -> list[Path]:
    """Files of all scenarios, by name."""
    return sorted(_FOLDER.glob("*.yaml"))


def in_library(name: str) -> Path | None:
    """The file of a scenario by its name; ``None``: there is none of it."""
    return next((path for path in library() if path.stem == name), None)
