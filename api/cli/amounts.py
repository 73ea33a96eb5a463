"""Measures in words and numbers, the same in every table."""

from __future__ import annotations

from scenarios.measures import MEASURES, Gap, Row
from scenarios.numbers import counted_text, named, number, titled
from scenarios.statistics import Estimate


def estimate_of(value: Estimate | None, measure: str) -> str:
    """A mean, half of its interval, and of how many runs it is, where some have no value."""
    return counted_text(value, MEASURES[measure].unit)


def difference_of(difference: Estimate | None, measure: str) -> str:
    """What something adds; a star where it is hardly chance."""
    text = counted_text(difference, MEASURES[measure].unit, sign=True)
    return f"{text} *" if difference is not None and difference.is_distinguishable else text


def amount_of(value: float | None, measure: str) -> str:
    """A value, in per cent where it is a share."""
    return number(value, MEASURES[measure].unit)


def gap_of(gap: Gap) -> str:
    """Which groups are how far apart, and what the policy calls wide."""
    size, most = (amount_of(value, gap.measure) for value in (gap.size, gap.threshold))
    head = f"{named(gap.grouping)}, {titled(gap.measure)}"
    return f"{head}: {_of(gap.best)}, {_of(gap.worst)}: {size} apart, wide above {most}."


def _of(row: Row) -> str:
    label = (row.group or "").partition("=")[2]
    return f"{amount_of(row.value, row.measure)} for {label} ({row.count:,})"
