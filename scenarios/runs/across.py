"""The points of a sweep side by side: each measure, and how it differs from the first point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scenarios.runs.comparison import Comparison, Line
from scenarios.statistics import Estimate, estimate, paired


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
    known = [point.of_all for point in points]
    chosen = list(dict.fromkeys(measures)) or _differing(known)
    return tuple(
        AcrossRow(
            point.values,
            point.num_runs,
            tuple(_cell(name, lines, None if number == 0 else known[0]) for name in chosen),
        )
        for number, (point, lines) in enumerate(zip(points, known, strict=True))
    )


def _differing(known: Sequence[Mapping[str, Line]]) -> list[str]:
    """Measures that have two values on one seed, in the order in which they are listed."""
    names = dict.fromkeys(name for lines in known for name in lines)
    found = []
    for name in names:
        by_seed: dict[int, set[float | None]] = {}
        for line in (lines[name] for lines in known if name in lines):
            for seed, value in line.by_seed.items():
                by_seed.setdefault(seed, set()).add(value)
        if any(len(some) > 1 for some in by_seed.values()):
            found.append(name)
    return found


def _cell(measure: str, lines: Mapping[str, Line], first: Mapping[str, Line] | None) -> AcrossCell:
    own = lines.get(measure)
    value = estimate(()) if own is None else own.value
    if first is None:
        return AcrossCell(measure, value, None)
    return AcrossCell(measure, value, paired(_by_seed(own), _by_seed(first.get(measure))))


def _by_seed(line: Line | None) -> Mapping[int, float | None]:
    return {} if line is None else line.by_seed
