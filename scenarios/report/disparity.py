"""Gaps between groups of patients, with the changes and without."""

from __future__ import annotations

from dataclasses import dataclass

from scenarios.measures import MEASURES, Row
from scenarios.numbers import named, unit_text
from scenarios.report.numbers import estimate_text, number
from scenarios.report.told import PointTold
from scenarios.runs.gap_lines import GapLine


@dataclass(frozen=True, slots=True)
class GapRow:
    """The two groups that are served best and worst.

    Parameters
    ----------
    measure, grouping, unit
        What is compared, and how patients are sorted.
    best, worst
        Name and value of each, in the run in which they are farthest apart.
    size, before, threshold
        How far they are apart with the changes and without, in the mean over the runs, and beyond
        which there is a warning.
    num_wide
        In how many runs they are farther apart than that.
    is_wide
        Whether there is a warning.
    """

    measure: str
    grouping: str
    unit: str
    best: str
    worst: str
    size: str
    before: str
    threshold: str
    num_wide: int
    is_wide: bool


def gap_rows(point: PointTold) -> tuple[GapRow, ...]:
    """Every gap; those that are wide first."""
    return tuple(sorted(map(_row, point.comparison.gaps), key=lambda row: not row.is_wide))


def _row(line: GapLine) -> GapRow:
    unit = MEASURES[line.measure].unit
    return GapRow(
        measure=named(line.measure),
        grouping=named(line.grouping),
        unit="points" if unit == "share" else unit_text(unit),
        best=_group(line.widest.best),
        worst=_group(line.widest.worst),
        size=estimate_text(line.size, unit),
        before=estimate_text(line.baseline, unit),
        threshold=number(line.threshold, unit),
        num_wide=line.num_wide,
        is_wide=line.is_wide,
    )


def _group(row: Row) -> str:
    label = (row.group or "").partition("=")[2]
    return f"{label}: {number(row.value, row.unit)}{'%' if row.unit == 'share' else ' ' + row.unit}"
