"""Scales and axes that all drawings share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from scenarios.report.svg import element, text


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers to positions.

    Parameters
    ----------
    low, high
        Numbers at the ends.
    start, end
        Positions of these.
    """

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Where a number is."""
        span = self.high - self.low
        share = (value - self.low) / span if span else 0.5
        return self.start + share * (self.end - self.start)


def ticks(low: float, high: float, most: int = 5) -> tuple[float, ...]:
    """Round numbers from ``low`` or below to ``high`` or above: steps of 1, 2 or 5 times ten to
    some power.
    """
    span = high - low
    if span <= 0:
        return (low,)
    raw = span / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * some for some in (1, 2, 5, 10) if power * some >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(round(number * step, 10) for number in range(first, last + 1))


def around(
    values: Iterable[float], *, least: float | None = None, most: float | None = None
) -> tuple[float, float]:
    """Ends of a scale on which values can be told apart.

    Parameters
    ----------
    least, most
        No value can be below, or above: 0 for what is counted, 100 for a percentage. Intervals
        can, since they know nothing of it; they are cut there.
    """
    some = list(values) or [0.0, 1.0]
    low, high = min(some), max(some)
    if low == high:
        room = abs(low) * 0.1 or 1.0
        low, high = low - room, high + room
    if least is not None:
        low = max(least, low)
    return low, high if most is None else min(most, high)


@dataclass(frozen=True, slots=True)
class Frame:
    """A drawing with two axes, in units that are pixels where there is room.

    Parameters
    ----------
    width, height
        Of the drawing.
    left, right, top, bottom
        Room around what is drawn.
    """

    width: float = 340
    height: float = 210
    left: float = 46
    right: float = 12
    top: float = 12
    bottom: float = 40

    def x(self, low: float, high: float) -> Scale:
        """The scale from left to right."""
        return Scale(low, high, self.left, self.width - self.right)

    def y(self, low: float, high: float) -> Scale:
        """The scale from below to above."""
        return Scale(low, high, self.height - self.bottom, self.top)

    def rows(self, scale: Scale, marks: Sequence[tuple[float, str]]) -> Markup:
        """Lines across the drawing with their numbers at the left."""
        right = self.width - self.right
        lines = (
            element("line", x1=self.left, x2=right, y1=scale(at), y2=scale(at), class_="grid")
            + text(self.left - 6, scale(at) + 3.5, said, "tick", "end")
            for at, said in marks
        )
        return Markup("").join(lines)

    def columns(self, scale: Scale, marks: Sequence[tuple[float, str]], title: str) -> Markup:
        """The axis below, its numbers, and what they are."""
        base = self.height - self.bottom
        axis = element(
            "line", x1=self.left, x2=self.width - self.right, y1=base, y2=base, class_="axis"
        )
        numbers = (text(scale(at), base + 15, said, "tick", "middle") for at, said in marks)
        middle = (self.left + self.width - self.right) / 2
        below = text(middle, self.height - 6, title, "tick title", "middle")
        return axis + Markup("").join(numbers) + below


def plain(value: float) -> str:
    """A number at an axis."""
    return f"{value:,.10g}".replace("-", "−")


def marks(low: float, high: float, most: int = 5) -> list[tuple[float, str]]:
    """Round numbers with how they are written."""
    return [(at, plain(at)) for at in ticks(low, high, most)]
