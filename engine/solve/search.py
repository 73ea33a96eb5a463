"""One search of a solver: when it ends, and what it found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from engine.arrays import Bool

MAX_COST = 1 << 53
"""Sums of costs stay below, so that every solver can hold them exactly."""

OnBetter = Callable[[int, int], None]
"""Called with the value of the best solution and the bound, when either improves."""


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """When one search ends.

    Parameters
    ----------
    seconds
        Wall time; ``None``: no clock is read.
    deterministic_seconds
        Deterministic time.
    workers, seed
        Of the solver.
    """

    seconds: float | None
    deterministic_seconds: float
    workers: int
    seed: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What one search found.

    Parameters
    ----------
    status
        Optimal: proven. Feasible: stopped early with a solution. Unknown: stopped early
        without one.
    chosen
        bool, shape (columns,); ``None`` where unknown.
    bound
        No solution is below it.
    deterministic_seconds
        Work done.
    """

    status: Literal["optimal", "feasible", "unknown"]
    chosen: Bool | None
    bound: int
    deterministic_seconds: float
