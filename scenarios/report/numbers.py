"""Numbers and texts as they stand on a page, where a minus is as long as a plus."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from scenarios import numbers
from scenarios.measures.kinds import Unit
from scenarios.statistics import Estimate

_ONE: Mapping[Unit, str] = {"people": "person", "requests": "request"}


def number(value: float | None, unit: Unit, *, sign: bool = False) -> str:
    """A value without its unit; a share is a percentage."""
    return _with_minus(numbers.number(value, unit, sign=sign))


def amount(value: float | None, unit: Unit) -> str:
    """A value with its unit."""
    text, name = number(value, unit), numbers.unit_text(unit)
    return f"{text} {_ONE.get(unit, name) if text == '1' else name}"


def estimate_text(value: Estimate | None, unit: Unit, *, sign: bool = False) -> str:
    """A mean and half of its interval; of what is not known, what it is more than."""
    return _with_minus(numbers.estimate_text(value, unit, sign=sign))


def counted_text(value: Estimate | None, unit: Unit, *, sign: bool = False) -> str:
    """The same, and of how many runs it is, where some have no value."""
    return _with_minus(numbers.counted_text(value, unit, sign=sign))


def _with_minus(text: str) -> str:
    return text.replace("-", "−")


def whole(estimate: str) -> str:
    """An estimate that breaks before its interval, if it has to break, and not within it."""
    return estimate.replace("± ", "±\N{NO-BREAK SPACE}")


def shortened(text: str, most: int = 120) -> str:
    """A text that anybody could have made as long as they like."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def day_text(day: date) -> str:
    """A day without its weekday, the same on every system."""
    return f"{day.day} {day:%B %Y}"
