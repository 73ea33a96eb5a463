"""Intervals and paired differences, against values from tables."""

from __future__ import annotations

import math

import pytest

from scenarios.measures import Row
from scenarios.statistics import (
    Estimate,
    beyond_by_measure,
    by_measure,
    estimate,
    paired,
    with_open,
)


def test_interval_of_three_values() -> None:
    """Of 1, 2, 3 the standard deviation is 1, and t with 2 degrees of freedom is 4.302653."""
    found = estimate([1, 2, 3])
    half = 4.302653 / math.sqrt(3)
    assert (found.mean, found.count, found.missing) == (2.0, 3, 0)
    assert found.low == pytest.approx(2 - half, abs=1e-6)
    assert found.high == pytest.approx(2 + half, abs=1e-6)


@pytest.mark.parametrize(("count", "quantile"), [(2, 12.706205), (10, 2.262157), (31, 2.042272)])
def test_quantile_is_that_of_the_table(count: int, quantile: float) -> None:
    """Of alternating 0 and 1 (and a half in the middle, where the count is odd)."""
    values = [float(i % 2) for i in range(count - count % 2)] + [0.5] * (count % 2)
    found = estimate(values)
    deviation = math.sqrt(sum((value - 0.5) ** 2 for value in values) / (count - 1))
    assert found.high is not None
    assert found.high - 0.5 == pytest.approx(quantile * deviation / math.sqrt(count), abs=1e-6)


def test_another_confidence() -> None:
    """At 99 % and 9 degrees of freedom t is 3.249836."""
    found = estimate([0.0, 2.0] * 5, confidence=0.99)
    assert found.high == pytest.approx(1 + 3.249836 * math.sqrt(10 / 9 / 10), abs=1e-6)


def test_one_repetition_has_no_interval() -> None:
    """Nothing is known of how values vary."""
    assert estimate([0.5]) == Estimate(0.5, None, None, 1)
    assert not estimate([0.5]).is_distinguishable


def test_equal_values_have_an_interval_of_no_width() -> None:
    """Whatever rounding would make of their sum."""
    assert estimate([0.1] * 3) == Estimate(0.1, 0.1, 0.1, 3)


def test_repetitions_without_a_value_are_counted() -> None:
    """None, NaN and infinity are no values."""
    assert estimate([None, 2.0, math.nan, 2.0, math.inf]) == Estimate(2.0, 2.0, 2.0, 2, 3)
    assert estimate([None]) == Estimate(None, None, None, 0, 1)
    assert estimate([]) == Estimate(None, None, None, 0, 0)


def test_pairing_cancels_what_seeds_have_in_common() -> None:
    """Values vary from 10 to 90, the difference is always about 1: told apart when paired."""
    baseline = {seed: 10.0 * seed for seed in range(1, 10)}
    values = {seed: value + 1 + 0.1 * (seed % 2) for seed, value in baseline.items()}
    found = paired(values, baseline)
    assert found.mean == pytest.approx(1 + 0.5 / 9)
    assert found.is_distinguishable
    apart, together = estimate(values.values()), estimate(baseline.values())
    assert apart.low is not None
    assert together.mean is not None
    assert apart.low < together.mean


def test_difference_that_may_be_none() -> None:
    """Once 1 more, once 1 less: the interval holds 0."""
    assert not paired({1: 1.0, 2: 3.0}, {1: 2.0, 2: 2.0}).is_distinguishable
    assert not paired({1: 1.0, 2: 3.0}, {1: 1.0, 2: 3.0}).is_distinguishable
    assert paired({1: 1.0, 2: 3.0}, {1: 2.0, 2: 4.0}).is_distinguishable


def test_seeds_without_a_partner_are_missing() -> None:
    """Of four seeds two have both values."""
    found = paired({1: 1.0, 2: 2.0, 3: None}, {1: 0.0, 2: 1.0, 3: 1.0, 4: 4.0})
    assert found == Estimate(1.0, 1.0, 1.0, 2, 2)


def test_rows_of_runs_by_measure_and_group() -> None:
    """A group that is not in a run is missing there."""
    whole, north = (Row.of("match_rate", group, 0.5, 9) for group in (None, "area=north"))
    assert by_measure({1: [whole, north], 2: [whole]}) == {
        ("match_rate", None): {1: 0.5, 2: 0.5},
        ("match_rate", "area=north"): {1: 0.5, 2: None},
    }


def test_values_beyond_what_was_looked_at_bound_the_mean_from_below() -> None:
    """Of 1, 2 and one that is more than 6 the mean is more than 3; that of the known is 1.5."""
    found = with_open(estimate([1, 2, None]), [1, 2, None], [6.0])
    assert (found.mean, found.missing, found.more_than) == (1.5, 1, 3.0)
    assert with_open(estimate([1, None]), [1, None], []).more_than is None
    rows = {
        seed: [Row.of("third_next_available", None, value, 4, more_than)]
        for seed, value, more_than in ((1, 2.0, None), (2, None, 6.0), (3, None, None))
    }
    assert beyond_by_measure(rows) == {("third_next_available", None): [6.0]}
