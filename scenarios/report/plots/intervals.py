"""A measure against the values of a sweep, each mean with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from scenarios.measures.kinds import Unit
from scenarios.numbers import unit_text
from scenarios.report.numbers import estimate_text
from scenarios.report.plots.axes import Frame, Scale, around, marks, ticks
from scenarios.report.plots.signs import path, sign
from scenarios.report.svg import drawing, element
from scenarios.statistics import Estimate


@dataclass(frozen=True, slots=True)
class Dot:
    """A mean at a value of the sweep.

    Parameters
    ----------
    x
        Where.
    title
        Which point that is.
    value
        What was measured.
    """

    x: float
    title: str
    value: Estimate


@dataclass(frozen=True, slots=True)
class Series:
    """Dots that belong together; without changes they are drawn as a broken line."""

    name: str
    dots: tuple[Dot, ...]
    is_baseline: bool = False

    @property
    def known(self) -> tuple[Dot, ...]:
        """Dots whose mean is known."""
        return tuple(
            dot for dot in self.dots if dot.value.more_than is None and dot.value.mean is not None
        )


@dataclass(frozen=True, slots=True)
class Across:
    """What stands below a drawing: what is swept, and its values.

    Parameters
    ----------
    title
        Of the axis.
    marks
        Values and how they are written.
    low, high
        Ends of the axis.
    is_joined
        Whether what lies between two values means anything, so that a line may lead through it.
    """

    title: str
    marks: tuple[tuple[float, str], ...]
    low: float
    high: float
    is_joined: bool


def intervals(label: str, unit: Unit, series: Sequence[Series], across: Across) -> Markup:
    """Draw series of means."""
    factor = 100 if unit == "share" else 1
    ends = [
        some * factor
        for one in series
        for dot in one.dots
        for some in _ends(dot.value)
        if some is not None
    ]
    frame = Frame()
    low, high = around(ends, least=0, most=100 if unit == "share" else None)
    steps = ticks(low, high)
    y = frame.y(steps[0], steps[-1])
    x = frame.x(across.low, across.high)
    drawn = [frame.rows(y, marks(low, high)), frame.columns(x, across.marks, across.title)]
    changed = [one for one in series if not one.is_baseline]
    drawn += [_baseline(one, x, y, factor) for one in series if one.is_baseline]
    for number, one in enumerate(changed):
        shift = 5.0 * (number - (len(changed) - 1) / 2)
        if across.is_joined:
            drawn.append(_joined(one, number, shift, x, y, factor))
        drawn.append(_series(one, number, shift, unit, x, y))
    return drawing(frame.width, frame.height, label, *drawn)


def _ends(value: Estimate) -> tuple[float | None, ...]:
    """What a drawing has to have room for."""
    if value.more_than is not None:
        return (value.more_than,)
    return (value.mean, value.low, value.high)


def _means(series: Series, x: Scale, y: Scale, factor: int) -> list[tuple[float, float]]:
    return [(x(dot.x), y((dot.value.mean or 0.0) * factor)) for dot in series.known]


def _baseline(series: Series, x: Scale, y: Scale, factor: int) -> Markup:
    points = _means(series, x, y, factor)
    if not points:
        return Markup("")
    if len(points) == 1:
        points = [(x.start, points[0][1]), (x.end, points[0][1])]
    return element("path", element("title", series.name), d=path(points), class_="without")


def _joined(series: Series, number: int, shift: float, x: Scale, y: Scale, factor: int) -> Markup:
    points = [(left + shift, top) for left, top in _means(series, x, y, factor)]
    if len(points) < 2:
        return Markup("")
    return element("path", d=path(points), class_=f"joined s{number}")


def _series(series: Series, number: int, shift: float, unit: Unit, x: Scale, y: Scale) -> Markup:
    """Intervals, and a sign for each mean."""
    factor = 100 if unit == "share" else 1
    found = Markup("")
    for dot in series.dots:
        mean, low, high = dot.value.mean, dot.value.low, dot.value.high
        at = x(dot.x) + shift
        said = f"{dot.title}: {estimate_text(dot.value, unit)} {unit_text(unit)}"
        if dot.value.more_than is not None:
            found += sign(number, at, y(dot.value.more_than * factor), said, is_open=True)
            continue
        if mean is None:
            continue
        if low is not None and high is not None and low < high:
            found += element(
                "line",
                x1=at,
                x2=at,
                y1=y(max(low * factor, y.low)),
                y2=y(min(high * factor, y.high)),
                class_=f"interval s{number}",
            )
        found += sign(number, at, y(mean * factor), said)
    return found
