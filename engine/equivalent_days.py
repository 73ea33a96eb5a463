"""The one unit of inconvenience: equivalent days of waiting, in whole milli-days."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from engine.arrays import Int

MILLI = 1_000
"""Milli-days in a day."""


def milli_days(days: float) -> int:
    """Whole milli-days, half rounded up, of a number as it is written."""
    return thousandths(days)


def thousandths(value: float) -> int:
    """Whole thousandths, half rounded up, of a number as it is written: 0.0005 gives 1.

    Written numbers are decimal, and the nearest binary one may lie on the other side of a
    half.
    """
    return int((Decimal(repr(value)) * 1000).to_integral_value(ROUND_HALF_UP))


def half_up(numerator: Int, denominator: int) -> Int:
    """``numerator / denominator`` in whole numbers, half rounded up; both ≥ 0."""
    return (2 * numerator + denominator) // (2 * denominator)
