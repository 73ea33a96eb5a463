"""The points of a sweep side by side: each measure, and how it differs from the first point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scenarios.runs.comparison import Comparison
from scenarios.statistics import Estimate, estimate, paired

Values = Mapping[int, float | None]
"""Of one measure with the changes, by seed."""


@dataclass(frozen=True, slots=True)
class AcrossCell:
    """One measure of all at a point.

    Parameters
    ----------
    measure
        Which.
    value
        With the changes.
    difference
        From the first point, on the same seeds; ``None``: it is the first.
    """

    measure: str
    value: Estimate
    difference: Estimate | None


@dataclass(frozen=True, slots=True)
class AcrossRow:
    """A point of the sweep.

    Parameters
    ----------
    values
        By path into the file, what the sweep put in.
    num_runs
        Repetitions that were run.
    cells
        Measures, the same at all points.
    """

    values: Mapping[str, Any]
    num_runs: int
    cells: tuple[AcrossCell, ...]


def across(points: Sequence[Comparison], measures: Sequence[str] = ()) -> tuple[AcrossRow, ...]:
    """The points of a sweep, side by side; nothing where there is only one.

    Parameters
    ----------
    points
        Of one scenario, in their order.
    measures
        Which; by default those that differ between two points on any seed.
    """
    if len(points) < 2:
        return ()
    known = [_of_all(point) for point in points]
    chosen = list(dict.fromkeys(measures)) or _differing(known)
    return tuple(
        AcrossRow(
            point.values,
            point.num_runs,
            tuple(_cell(name, values, None if number == 0 else known[0]) for name in chosen),
        )
        for number, (point, values) in enumerate(zip(points, known, strict=True))
    )


def _of_all(point: Comparison) -> dict[str, Values]:
    return {line.measure: line.by_seed for line in point.lines if line.group is None}


def _differing(known: Sequence[Mapping[str, Values]]) -> list[str]:
    """Measures that have two values on one seed, in the order in which they are listed."""
    names = dict.fromkeys(name for values in known for name in values)
    found = []
    for name in names:
        by_seed: dict[int, set[float | None]] = {}
        for values in known:
            for seed, value in values.get(name, {}).items():
                by_seed.setdefault(seed, set()).add(value)
        if any(len(some) > 1 for some in by_seed.values()):
            found.append(name)
    return found


def _cell(
    measure: str, values: Mapping[str, Values], first: Mapping[str, Values] | None
) -> AcrossCell:
    own = values.get(measure, {})
    difference = None if first is None else paired(own, first.get(measure, {}))
    return AcrossCell(measure, estimate(own.values()), difference)
