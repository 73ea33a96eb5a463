"""The one unit of inconvenience: equivalent days of waiting, in whole milli-days."""

from __future__ import annotations

import math

from engine.arrays import Int

MILLI = 1_000
"""Milli-days in a day."""


def milli_days(days: float) -> int:
    """Whole milli-days, half rounded up."""
    return math.floor(days * MILLI + 0.5)


def half_up(numerator: Int, denominator: int) -> Int:
    """``numerator / denominator`` in whole numbers, half rounded up; both ≥ 0."""
    return (2 * numerator + denominator) // (2 * denominator)
