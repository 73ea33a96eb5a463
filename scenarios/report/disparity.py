"""Gaps between groups of patients, with the changes and without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scenarios.measures import GROUPINGS, MEASURES, Gap, Row, gaps
from scenarios.report.numbers import NOTHING, named, number, unit_text
from scenarios.report.told import PointTold
from scenarios.runs.outcome import Outcome


@dataclass(frozen=True, slots=True)
class GapRow:
    """The two groups that are served best and worst.

    Parameters
    ----------
    measure, grouping, unit
        What is compared, and how patients are sorted.
    best, worst
        Name and value of each.
    size, before, threshold
        How far they are apart with the changes and without, and beyond which there is a warning.
    is_wide
        Whether there is one.
    """

    measure: str
    grouping: str
    unit: str
    best: str
    worst: str
    size: str
    before: str
    threshold: str
    is_wide: bool


def gap_rows(point: PointTold) -> tuple[GapRow, ...]:
    """Gaps of the mean over the runs; those that are wide first."""
    before = {(grouping, gap.measure): gap for grouping, gap in _gaps(point.plain)}
    rows = [
        _row(grouping, gap, before.get((grouping, gap.measure)))
        for grouping, gap in _gaps(point.changed)
    ]
    return tuple(sorted(rows, key=lambda row: not row.is_wide))


def _gaps(runs: Mapping[int, Outcome]) -> Iterator[tuple[str, Gap]]:
    means = _means(runs)
    for grouping in GROUPINGS:
        some = [row for row in means if (row.group or "").startswith(f"{grouping}=")]
        for gap in gaps(some):
            yield grouping, gap


def _means(runs: Mapping[int, Outcome]) -> list[Row]:
    """Means over the runs that have a value, stated for as many as in the mean run."""
    found: dict[tuple[str, str | None], list[Row]] = {}
    for outcome in runs.values():
        for row in outcome.measured:
            if row.group is not None and row.value is not None:
                found.setdefault((row.measure, row.group), []).append(row)
    return [
        Row.of(
            measure,
            group,
            sum(row.value or 0.0 for row in rows) / len(rows),
            sum(row.count for row in rows) // len(rows),
        )
        for (measure, group), rows in found.items()
    ]


def _row(grouping: str, gap: Gap, before: Gap | None) -> GapRow:
    unit = MEASURES[gap.measure].unit
    return GapRow(
        measure=named(gap.measure),
        grouping=named(grouping),
        unit="points" if unit == "share" else unit_text(unit),
        best=_group(gap.best),
        worst=_group(gap.worst),
        size=number(gap.size, unit),
        before=NOTHING if before is None else number(before.size, unit),
        threshold=number(gap.threshold, unit),
        is_wide=gap.is_wide,
    )


def _group(row: Row) -> str:
    label = (row.group or "").partition("=")[2]
    return f"{label}: {number(row.value, row.unit)}{'%' if row.unit == 'share' else ' ' + row.unit}"
