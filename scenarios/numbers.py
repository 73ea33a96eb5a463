"""Measures in words and numbers for people, the same on the screen and on a page."""

from __future__ import annotations

from scenarios.measures.kinds import MEASURES, Unit
from scenarios.statistics import Estimate

NOTHING = "–"
"""Nobody to state it for, or no run has a value."""


def named(measure: str) -> str:
    """A measure, as people write it."""
    return measure.replace("_", " ")


def titled(measure: str) -> str:
    """A measure as people write it, with its unit where the name does not say it."""
    name, unit = named(measure), unit_text(MEASURES[measure].unit)
    return name if unit in name.split() else f"{name} ({unit})"


def unit_text(unit: Unit) -> str:
    """A unit, as it stands behind numbers."""
    return "%" if unit == "share" else unit


def number(value: float | None, unit: Unit, *, sign: bool = False) -> str:
    """A value without its unit; a share is a percentage."""
    if value is None:
        return NOTHING
    shown = value * 100 if unit == "share" else value
    digits = {"share": 1, "km": 1, "days": 2}.get(unit, 0)
    if digits == 0 and shown != round(shown):
        digits = 1
    shown = round(shown, digits) + 0.0  # no zero has a sign
    return f"{shown:{'+' if sign else ''},.{digits}f}"


def estimate_text(value: Estimate | None, unit: Unit, *, sign: bool = False) -> str:
    """A mean and half of its interval; of what is not known, what it is more than."""
    if value is not None and value.more_than is not None:
        return f"> {number(value.more_than, unit)}"
    if value is None or value.mean is None:
        return NOTHING
    text = number(value.mean, unit, sign=sign)
    if value.low is None or value.high is None or value.low == value.high:
        return text
    return f"{text} ± {number((value.high - value.low) / 2, unit)}"


def counted_text(value: Estimate | None, unit: Unit, *, sign: bool = False) -> str:
    """The same, and of how many runs it is, where some have no value."""
    text = estimate_text(value, unit, sign=sign)
    if value is None or not value.missing or value.mean is None or value.more_than is not None:
        return text
    return f"{text} (of {value.count})"


def count_text(many: int, noun: str, plural: str = "") -> str:
    """So many of something."""
    return f"{many:,} {noun if many == 1 else plural or noun + 's'}"
