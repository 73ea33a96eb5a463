"""Measures in words and numbers for people, the same in every table."""

from __future__ import annotations

from scenarios.measures import MEASURES, Gap, Row
from scenarios.statistics import Estimate


def name_of(measure: str) -> str:
    """A measure, and its unit."""
    unit = MEASURES[measure].unit
    return f"{words_of(measure)} ({'%' if unit == 'share' else unit})"


def words_of(measure: str) -> str:
    """A measure, without its unit."""
    return measure.replace("_", " ")


def estimate_of(value: Estimate | None, measure: str) -> str:
    """A mean, half of its interval, and of how many runs it is, where some have no value.

    Where some values lie beyond what was looked at: what the mean is more than.
    """
    if value is not None and value.more_than is not None:
        return f"> {amount_of(value.more_than, measure)}"
    if value is None or value.mean is None:
        return "–"
    of = f" (of {value.count})" if value.missing else ""
    return f"{amount_of(value.mean, measure)}{_half(value, measure)}{of}"


def difference_of(difference: Estimate | None, measure: str) -> str:
    """What something adds; a star where it is hardly chance."""
    if difference is None or difference.mean is None:
        return "–"
    mean = amount_of(difference.mean, measure, sign=True)
    of = f" (of {difference.count})" if difference.missing else ""
    text = f"{mean}{_half(difference, measure)}{of}"
    return f"{text} *" if difference.is_distinguishable else text


def amount_of(value: float | None, measure: str, *, sign: bool = False) -> str:
    """A value, in per cent where it is a share."""
    if value is None:
        return "–"
    unit = MEASURES[measure].unit
    number = value * 100 if unit == "share" else value
    digits = 1 if unit in ("share", "km") else 2 if unit == "days" else 0
    if digits == 0 and number != round(number):
        digits = 1
    number = round(number, digits) + 0.0  # no zero has a sign
    return f"{number:{'+' if sign else ''},.{digits}f}"


def gap_of(gap: Gap) -> str:
    """Which groups are how far apart, and what the policy calls wide."""
    size, most = (amount_of(value, gap.measure) for value in (gap.size, gap.threshold))
    head = f"{gap.grouping.replace('_', ' ')}, {name_of(gap.measure)}"
    return f"{head}: {_of(gap.best)}, {_of(gap.worst)}: {size} apart, wide above {most}."


def _of(row: Row) -> str:
    label = (row.group or "").partition("=")[2]
    return f"{amount_of(row.value, row.measure)} for {label} ({row.count:,})"


def _half(value: Estimate, measure: str) -> str:
    """Half of an interval; nothing where there is none."""
    if value.low is None or value.high is None or value.low == value.high:
        return ""
    return f" ± {amount_of((value.high - value.low) / 2, measure)}"
