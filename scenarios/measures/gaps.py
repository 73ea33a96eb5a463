"""Gaps between groups, to be shown before a plan is committed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.fairness import Fairness
from scenarios.measures.grouping import GROUPINGS, UNKNOWN
from scenarios.measures.kinds import MEASURES
from scenarios.measures.row import Row

WATCHED = (
    "match_rate",
    "days_to_appointment_median",
    "within_standard",
    "bump_rate",
    "rebooked_within_30_days",
    "days_waited_median",
    "seen_within_standard",
)
"""Measures whose gaps are looked at: three of a match, two of a repair, two of days that pass."""


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
    def grouping(self) -> str:
        """How patients are sorted: a name in ``GROUPINGS``."""
        return _grouping_of(self.best)

    @property
    def size(self) -> float:
        """How far the two are apart, at least 0; in the unit of the measure."""
        return abs((self.best.value or 0.0) - (self.worst.value or 0.0))

    @property
    def is_wide(self) -> bool:
        """Whether it is worth a warning."""
        return self.size > self.threshold


def gaps(rows: Iterable[Row], fairness: Fairness) -> tuple[Gap, ...]:
    """The gap of every measure that is watched, grouping by grouping, where two groups can be
    compared.

    Formula: ``max − min`` of the measure over the groups of one grouping for which it is stated
    of at least ``least_members``; those of whom it is unknown where they belong are no group.

    Units: those of the measures. Source: measures by insurance plan, area, age group and
    language, a measure of the field. Of many groups that nothing tells apart, two differ by
    chance: the larger ``least_members``, the less.

    Parameters
    ----------
    rows
        As ``rows_of``, ``rows_of_repair`` and ``rows_of_history`` give them; those of all, and
        those of groups of other things than patients, are passed over.
    fairness
        How many a value must be stated for, and from where on a gap is wide.
    """
    by_grouping: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_grouping[_grouping_of(row)].append(row)
    found = (_gaps(by_grouping[name], fairness) for name in GROUPINGS if name in by_grouping)
    return tuple(gap for some in found for gap in some)


def _grouping_of(row: Row) -> str:
    return (row.group or "").partition("=")[0]


def _gaps(rows: list[Row], fairness: Fairness) -> Iterator[Gap]:
    """Those of one grouping."""
    widest = {"share": fairness.share_gap, "days": fairness.days_gap}
    for measure in WATCHED:
        compared = [row for row in rows if row.measure == measure and _is_group(row, fairness)]
        if len(compared) < 2:
            continue
        ascending = sorted(compared, key=lambda row: (row.value or 0.0, row.group or ""))
        low, high = ascending[0], _first_of_highest(ascending)
        is_higher_better = MEASURES[measure].better == "higher"
        best, worst = (high, low) if is_higher_better else (low, high)
        yield Gap(measure, best, worst, widest[best.unit])


def _is_group(row: Row, fairness: Fairness) -> bool:
    if row.group is None or row.value is None:
        return False
    return row.count >= fairness.least_members and row.group.partition("=")[2] != UNKNOWN


def _first_of_highest(ascending: list[Row]) -> Row:
    return next(row for row in ascending if row.value == ascending[-1].value)
