"""What scenarios come to, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from scenarios.runs.across import AcrossRow, across
from scenarios.runs.comparison import Comparison, Line, Verdict
from scenarios.runs.gap_lines import GapLine
from scenarios.scenario_file import Scenario
from scenarios.statistics import Estimate


def scenario_content(
    scenario: Scenario, points: Sequence[Comparison], measures: Sequence[str] = ()
) -> dict[str, Any]:
    """Every point with every measure, and whether acceptance tests hold.

    Parameters
    ----------
    measures
        To be compared across the points of a sweep; by default those that differ.
    """
    return {
        "name": scenario.name,
        "title": scenario.title,
        "overridden": dict(scenario.source.overridden),
        "holds": all(point.holds for point in points),
        "points": [_point(point) for point in points],
        "across": [_across(row) for row in across(points, measures)],
    }


def _point(point: Comparison) -> dict[str, Any]:
    return {
        "values": dict(point.values),
        "runs": point.num_runs,
        "asked": point.num_asked,
        "unproven": point.num_unproven,
        "warnings": list(point.warnings),
        "estimated": None if point.estimated is None else asdict(point.estimated),
        "measures": [_line(line) for line in point.lines],
        "gaps": [_gap(gap) for gap in point.gaps],
        "acceptance": [_verdict(verdict) for verdict in point.verdicts],
    }


def _across(row: AcrossRow) -> dict[str, Any]:
    return {
        "values": dict(row.values),
        "runs": row.num_runs,
        "measures": [
            {
                "measure": cell.measure,
                "value": asdict(cell.value),
                "difference": _estimate(cell.difference),
            }
            for cell in row.cells
        ],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "measure": line.measure,
        "group": line.group,
        "value": asdict(line.value),
        "baseline": _estimate(line.baseline),
        "difference": _estimate(line.difference),
    }


def _gap(gap: GapLine) -> dict[str, Any]:
    return {
        "measure": gap.measure,
        "grouping": gap.grouping,
        "value": asdict(gap.size),
        "baseline": _estimate(gap.baseline),
        "difference": _estimate(gap.difference),
        "threshold": gap.threshold,
        "wide": gap.is_wide,
        "wide_in": gap.num_wide,
        "widest": {"best": asdict(gap.widest.best), "worst": asdict(gap.widest.worst)},
    }


def _estimate(value: Estimate | None) -> dict[str, Any] | None:
    return None if value is None else asdict(value)


def _verdict(verdict: Verdict) -> dict[str, Any]:
    test = verdict.test
    return {
        "measure": test.measure,
        "at_least": test.at_least,
        "at_most": test.at_most,
        "value": asdict(verdict.value),
        "holds": verdict.holds,
    }
