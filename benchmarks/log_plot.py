"""Points on logarithmic axes, as a plain SVG; a full dot where all was proven."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 860, 520
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 190, 30, 55
_COLOURS = ("#0b6e4f", "#d1495b", "#00798c", "#edae49", "#66356b", "#30638e", "#8f5e15", "#555555")

Point = tuple[float, float, bool]
"""Across, upward, and whether everything was proven."""


def plot(series: Mapping[str, Sequence[Point]], across_is: str, upward_is: str) -> str:
    """The SVG; without a point, axes alone.

    Parameters
    ----------
    series
        Points by name, from left to right.
    across_is, upward_is
        What the axes show.
    """
    every = [point for points in series.values() for point in points] or [(1.0, 1.0, True)]
    across = _Axis([x for x, _, _ in every], _LEFT, WIDTH - _RIGHT)
    upward = _Axis([y for _, y, _ in every], HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        *_grid(across, upward, across_is, upward_is),
    ]
    for number, (method, points) in enumerate(series.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        placed = [(across(x), upward(y), proven) for x, y, proven in points]
        parts += _series(method, placed, colour, number)
    return "\n".join([*parts, "</svg>", ""])


class _Axis:
    """Numbers to places on a logarithmic axis of whole powers of ten."""

    def __init__(self, numbers: list[float], first: float, last: float) -> None:
        self.low = math.floor(math.log10(min(numbers)))
        self.high = max(self.low + 1, math.ceil(math.log10(max(numbers))))
        self._first, self._step = first, (last - first) / (self.high - self.low)

    def __call__(self, number: float) -> float:
        return self._first + self._step * (math.log10(number) - self.low)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Place and name of every power of ten."""
        for power in range(self.low, self.high + 1):
            yield self(10.0**power), f"{10.0**power:,g}" if power < 0 else f"{10**power:,}"


def _grid(across: _Axis, upward: _Axis, across_is: str, upward_is: str) -> Iterator[str]:
    left, right, top, bottom = _LEFT, WIDTH - _RIGHT, _TOP, HEIGHT - _BOTTOM
    for place, name in across.ticks():
        yield _line(place, top, place, bottom)
        yield f'<text x="{place:.1f}" y="{bottom + 18}" text-anchor="middle">{name}</text>'
    for place, name in upward.ticks():
        yield _line(left, place, right, place)
        yield f'<text x="{left - 8}" y="{place + 4:.1f}" text-anchor="end">{name}</text>'
    middle = f'x="{(left + right) / 2:.1f}" y="{HEIGHT - 14}" text-anchor="middle"'
    yield f"<text {middle}>{escape(across_is)}</text>"
    yield f'<text x="{left - 40}" y="{top - 12}" text-anchor="start">{escape(upward_is)}</text>'


def _series(method: str, points: Sequence[Point], colour: str, number: int) -> Iterator[str]:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
    yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
    for x, y, proven in points:
        fill = colour if proven else "white"
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{fill}" stroke="{colour}"/>'
    legend, height = WIDTH - _RIGHT + 24, _TOP + 12 + 20 * number
    yield f'<circle cx="{legend}" cy="{height - 4}" r="4" fill="{colour}"/>'
    yield f'<text x="{legend + 12}" y="{height}">{escape(method)}</text>'


def _line(x: float, y: float, to_x: float, to_y: float) -> str:
    return (
        f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" '
        'stroke="#dddddd" stroke-width="1"/>'
    )
