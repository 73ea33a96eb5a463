"""Exceptions told without their text, which could hold what a dataset says."""

from __future__ import annotations

import traceback
from pathlib import Path

_MAX_FRAMES = 12


def frames_of(error: BaseException) -> list[str]:
    """Where an exception was raised: ``file:line function`` of the innermost frames."""
    frames = traceback.extract_tb(error.__traceback__)[-_MAX_FRAMES:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
