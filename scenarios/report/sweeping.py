"""Measures across the points of a sweep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from scenarios.measures import MEASURES
from scenarios.numbers import titled
from scenarios.report.comparing import judgement
from scenarios.report.numbers import estimate_text
from scenarios.report.plots.axes import around
from scenarios.report.plots.intervals import Across, Dot, Series, intervals
from scenarios.report.plots.signs import NUM_SIGNS, key
from scenarios.report.subjects import headlines
from scenarios.report.told import PointTold, Told, in_a_line

MAX_ROWS = 100
"""Points in the table of a sweep."""

MAX_DRAWN = 40
"""Points that can be told apart below a drawing, one beside the other."""

MAX_DOTS = 200
"""Points in one drawing."""

_MAX_MARKS = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """A measure at a point, as text."""

    value: str
    difference: str
    is_sure: bool
    judgement: str


@dataclass(frozen=True, slots=True)
class SweepRow:
    """A point, in the table."""

    number: int
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing with its name."""

    title: str
    drawn: Markup


@dataclass(frozen=True, slots=True)
class Legend:
    """What a sign stands for."""

    key: Markup
    said: str


@dataclass(frozen=True, slots=True)
class Sweep:
    """All points beside each other.

    Parameters
    ----------
    columns
        Measures, with their units.
    rows
        The first of the points.
    num_left_out
        Points that have no row, and points that are not drawn.
    """

    columns: tuple[str, ...]
    rows: tuple[SweepRow, ...]
    plots: tuple[Plot, ...]
    legend: tuple[Legend, ...]
    has_baseline: bool
    num_left_out: int
    num_not_drawn: int


def sweep(told: Told, measures: Sequence[str] = ()) -> Sweep | None:
    """The points beside each other; ``None`` where there is but one, or no run is done.

    Parameters
    ----------
    measures
        That are asked for; none: those that say most.
    """
    chosen = headlines(told, measures)
    if len(told.points) < 2 or not chosen:
        return None
    layout = _Layout(told)
    return Sweep(
        columns=tuple(map(titled, chosen)),
        rows=tuple(_row(point, chosen) for point in told.points[:MAX_ROWS]),
        plots=tuple(layout.plot(name) for name in chosen),
        legend=layout.legend,
        has_baseline=layout.has_baseline,
        num_left_out=max(0, len(told.points) - MAX_ROWS),
        num_not_drawn=layout.num_left_out,
    )


def _row(point: PointTold, chosen: Iterable[str]) -> SweepRow:
    lines, alone = point.comparison.of_all, point.comparison.num_asked == 1
    cells = []
    for name in chosen:
        line = lines.get(name)
        unit = MEASURES[name].unit
        if line is None:
            cells.append(Cell("–", "", is_sure=False, judgement=""))
            continue
        difference = line.difference
        cells.append(
            Cell(
                value=estimate_text(line.value, unit),
                difference="" if difference is None else estimate_text(difference, unit, sign=True),
                is_sure=bool(difference and difference.is_distinguishable),
                judgement=judgement(line, alone=alone),
            )
        )
    return SweepRow(point.number, point.label, tuple(cells))


class _Layout:
    """Which value of a sweep is where, and which points are joined.

    The path with the most values that are numbers lies below the drawing, and each choice of the
    others is a series of its own. Where there is no such path, or there are too many series, points
    stand beside each other by their numbers.
    """

    def __init__(self, told: Told) -> None:
        self._axis = _numeric_axis(told.scenario.sweep)
        groups: dict[str, list[PointTold]] = {}
        for point in told.points[:MAX_DOTS]:
            rest = {
                path: value for path, value in point.comparison.values.items() if path != self._axis
            }
            name = ", ".join(f"{path} = {in_a_line(value)}" for path, value in rest.items())
            groups.setdefault(name, []).append(point)
        self.num_left_out = max(0, len(told.points) - MAX_DOTS)
        if self._axis is None or len(groups) > NUM_SIGNS:
            self._axis, groups = None, {"": list(told.points[:MAX_DRAWN])}
            self.num_left_out = max(0, len(told.points) - MAX_DRAWN)
        self._groups = groups
        self.has_baseline = len(groups) == 1 and any(point.plain for point in told.points)
        several = len(groups) > 1
        self.legend = (
            tuple(Legend(key(row), name) for row, name in enumerate(groups)) if several else ()
        )

    def plot(self, measure: str) -> Plot:
        """A measure at every point."""
        unit = MEASURES[measure].unit
        series = [Series(name, self._dots(some, measure)) for name, some in self._groups.items()]
        if self.has_baseline:
            (points,) = self._groups.values()
            dots = self._dots(points, measure, is_baseline=True)
            series.append(Series("without the changes", dots, is_baseline=True))
        title = titled(measure)
        label = f"{title} at every point of the sweep; the numbers are in the table"
        return Plot(title, intervals(label, unit, series, self._across()))

    def _dots(
        self, points: Sequence[PointTold], measure: str, *, is_baseline: bool = False
    ) -> tuple[Dot, ...]:
        found = []
        for point in points:
            line = point.comparison.of_all.get(measure)
            if line is None:
                continue
            value = line.baseline if is_baseline else line.value
            if value is not None:
                found.append(Dot(self._at(point), f"{point.number}. {point.label}", value))
        return tuple(found)

    def _at(self, point: PointTold) -> float:
        if self._axis is None:
            return float(point.number)
        return float(point.comparison.values[self._axis])

    def _across(self) -> Across:
        places = sorted({self._at(point) for some in self._groups.values() for point in some})
        low, high = around(places)
        room = 0.08 * (high - low)
        step = -(-len(places) // _MAX_MARKS)
        title = "number of the point" if self._axis is None else self._axis
        marks = tuple((place, f"{place:,g}") for place in places[::step])
        return Across(title, marks, low - room, high + room, is_joined=self._axis is not None)


def _numeric_axis(swept: dict[str, tuple[Any, ...]]) -> str | None:
    """The path with the most values, all of them numbers; of several the last."""
    usable = [path for path, values in swept.items() if all(map(_is_number, values))]
    return max(reversed(usable), key=lambda path: len(swept[path]), default=None)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
