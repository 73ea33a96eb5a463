"""Gaps between groups, to be shown before a plan is committed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from scenarios.measures.grouping import UNKNOWN
from scenarios.measures.kinds import MEASURES, Unit
from scenarios.measures.row import Row

WATCHED = (
    "match_rate",
    "days_to_appointment_median",
    "within_standard",
    "bump_rate",
    "rebooked_within_30_days",
)
"""Measures whose gaps are looked at: three of a match, two of a repair."""

LEAST_MEMBERS = 20
"""Below this, a group's value says more of its members than of the plan; assumed."""

WIDEST: Mapping[Unit, float] = {"share": 0.1, "days": 5.0}
"""Gaps that are wide enough for a warning; assumed."""


@dataclass(frozen=True, slots=True)
class Gap:
    """The largest difference between two groups of a grouping.

    Parameters
    ----------
    measure
        A name in ``WATCHED``.
    best, worst
        The groups that are served best and worst; the first by name, where several are.
    threshold
        From beyond which on there is a warning, in the unit of the measure.
    """

    measure: str
    best: Row
    worst: Row
    threshold: float

    @property
    def size(self) -> float:
        """How far the two are apart, at least 0; in the unit of the measure."""
        return abs((self.best.value or 0.0) - (self.worst.value or 0.0))

    @property
    def is_wide(self) -> bool:
        """Whether it is worth a warning."""
        return self.size > self.threshold


def gaps(
    rows: Iterable[Row],
    least_members: int = LEAST_MEMBERS,
    widest: Mapping[Unit, float] = WIDEST,
) -> tuple[Gap, ...]:
    """The gap of every measure that is watched, where two groups can be compared.

    Formula: ``max − min`` of the measure over the groups of one grouping for which it is stated
    of at least ``least_members``; those of whom it is unknown where they belong are no group.

    Units: those of the measures. Source: measures by insurance plan, area, age group and
    language, a measure of the field. The thresholds are assumed: what is a wide gap is for the
    site to say, in its policy.

    Parameters
    ----------
    rows
        The groups of one grouping, as ``by_group`` and ``rows_of_repair`` give them.
    least_members
        How many a value must be stated for.
    widest
        By unit, the gap beyond which there is a warning.
    """
    known = list(rows)
    return tuple(_gaps(known, least_members, widest))


def _gaps(rows: list[Row], least: int, widest: Mapping[Unit, float]) -> Iterator[Gap]:
    for measure in WATCHED:
        compared = [row for row in rows if row.measure == measure and _is_group(row, least)]
        if len(compared) < 2:
            continue
        ascending = sorted(compared, key=lambda row: (row.value or 0.0, row.group or ""))
        low, high = ascending[0], _first_of_highest(ascending)
        is_higher_better = MEASURES[measure].better == "higher"
        best, worst = (high, low) if is_higher_better else (low, high)
        yield Gap(measure, best, worst, widest[best.unit])


def _is_group(row: Row, least: int) -> bool:
    if row.group is None or row.value is None:
        return False
    return row.count >= least and row.group.partition("=")[2] != UNKNOWN


def _first_of_highest(ascending: list[Row]) -> Row:
    return next(row for row in ascending if row.value == ascending[-1].value)
