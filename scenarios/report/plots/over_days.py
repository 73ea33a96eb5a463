"""How something comes along while days pass, with the changes and without."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from scenarios.report.numbers import day_text
from scenarios.report.plots.axes import Frame, marks, ticks
from scenarios.report.plots.signs import path
from scenarios.report.svg import drawing, element


def over_days(
    label: str,
    first: date,
    values: Sequence[float | None],
    without: Sequence[float | None],
) -> Markup:
    """Draw a number a day; days without one are left out."""
    frame = Frame()
    known = [value for value in (*values, *without) if value is not None]
    high = max([1.0, *known])
    steps = ticks(0, high, 4)
    x, y = frame.x(0, max(1, len(values) - 1)), frame.y(0, steps[-1])
    below = [(at, f"{at:g}") for at in ticks(0, max(1, len(values) - 1), 6) if at < len(values)]
    drawn = [
        frame.rows(y, marks(0, high, 4)),
        frame.columns(x, below, f"days from {day_text(first)}"),
    ]
    for some, class_ in ((without, "without"), (values, "with")):
        points = [(x(day), y(value)) for day, value in enumerate(some) if value is not None]
        if points:
            drawn.append(element("path", d=path(points), class_=class_))
    return drawing(frame.width, frame.height, label, *drawn)
