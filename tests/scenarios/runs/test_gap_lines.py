"""Gaps over repetitions: means, differences seed by seed, and the widest."""

from __future__ import annotations

import pytest

from scenarios.measures import Gap, Row
from scenarios.runs.gap_lines import gap_lines
from scenarios.runs.outcome import GapRow, Outcome


def gap(worst: float, grouping: str = "age") -> GapRow:
    """Nine tenths of the old are placed, and so many of the young."""
    best, other = (
        Row.of("match_rate", f"{grouping}={label}", value, 20)
        for label, value in (("old", 0.9), ("young", worst))
    )
    return GapRow.of(Gap("match_rate", best, other, threshold=0.1))


def run(*gaps: GapRow) -> Outcome:
    """A run with these gaps."""
    return Outcome(key="a", rows=(), gaps=gaps, proven=True, stopped="proven")


def test_the_gap_of_repetitions_is_a_mean_and_a_difference() -> None:
    """Gaps of 0.3 and 0.1, where there were 0.1 and 0.1: the mean is wide, one of two is."""
    changed, plain = {1: run(gap(0.6)), 2: run(gap(0.8))}, {1: run(gap(0.8)), 2: run(gap(0.8))}
    (line,) = gap_lines(changed, plain)
    assert (line.measure, line.grouping, line.num_wide, line.is_wide) == (
        "match_rate",
        "age",
        1,
        True,
    )
    assert line.size.mean == pytest.approx(0.2)
    assert line.difference is not None
    assert line.difference.mean == pytest.approx(0.1)
    assert line.widest == gap(0.6).measured


def test_where_groups_are_too_small_a_repetition_has_no_gap() -> None:
    """It counts as missing; without changes there is nothing to compare with."""
    (line,) = gap_lines({1: run(), 2: run(gap(0.85))}, {})
    assert (line.size.count, line.size.missing, line.is_wide) == (1, 1, False)
    assert (line.baseline, line.difference) == (None, None)
    assert list(gap_lines({1: run()}, {1: run(gap(0.5))})) == []
