"""Rows of what is said of a point over all its runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from scenarios.measures import MEASURES
from scenarios.report.tables.values import Rows, Value
from scenarios.report.told import PointTold, Told
from scenarios.statistics import Estimate


def points(told: Sequence[Told]) -> Rows:
    """What the sweep and the options put in, how many runs there are, and whether tests hold."""
    for name, point in _every(told):
        compared = point.comparison
        yield (
            name,
            point.number,
            point.scenario.title,
            json.dumps(dict(compared.values), ensure_ascii=False),
            json.dumps(dict(point.scenario.source.overridden), ensure_ascii=False),
            compared.num_runs,
            compared.num_asked,
            compared.num_unproven,
            compared.holds if compared.verdicts and compared.num_runs else None,
        )


def comparisons(told: Sequence[Told]) -> Rows:
    """Every measure: with the changes, without, and the difference seed by seed."""
    for name, point in _every(told):
        for line in point.comparison.lines:
            kind = MEASURES[line.measure]
            difference = line.difference
            yield (
                name,
                point.number,
                line.measure,
                line.group,
                kind.unit,
                kind.better,
                *_estimate(line.value),
                *_ends(line.baseline),
                *_ends(difference),
                None if difference is None else difference.is_distinguishable,
            )


def acceptance(told: Sequence[Told]) -> Rows:
    """What acceptance tests ask, and what was found; of points of which there is a run."""
    for name, point in _every(told):
        for verdict in point.comparison.verdicts if point.changed else ():
            test = verdict.test
            yield (
                name,
                point.number,
                test.measure,
                test.at_least,
                test.at_most,
                *_estimate(verdict.value),
                verdict.holds,
            )


def _every(told: Sequence[Told]) -> Iterator[tuple[str, PointTold]]:
    for one in told:
        for point in one.points:
            yield one.scenario.name, point


def _estimate(value: Estimate) -> tuple[Value, ...]:
    return (*_ends(value), value.count, value.missing, value.more_than)


def _ends(value: Estimate | None) -> tuple[Value, ...]:
    return (None, None, None) if value is None else (value.mean, value.low, value.high)
