"""How far a solve has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.arrays import Int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a solve has come.

    Parameters
    ----------
    values, bounds
        int64, shape (L,): of all components together.
    num_proven, num_components
        Components proven so far, and all.
    seconds
        Since the start.
    """

    values: Int
    bounds: Int
    num_proven: int
    num_components: int
    seconds: float


OnProgress = Callable[[Progress], None]
"""Called whenever it has come farther, from the threads that do the work."""
