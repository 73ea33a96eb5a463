"""Gaps between groups."""

from __future__ import annotations

import pytest

from engine.fairness import Fairness
from scenarios.measures import Row, gaps

USUAL = Fairness()


def rate(group: str | None, value: float | None, count: int = 20) -> Row:
    """A match rate."""
    return Row("match_rate", group, value, count, "share")


def test_gap_is_between_the_best_and_the_worst() -> None:
    """A higher match rate is better."""
    [gap] = gaps([rate("area=a", 0.9), rate("area=b", 0.7), rate("area=c", 0.8)], USUAL)
    assert (gap.best.group, gap.worst.group) == ("area=a", "area=b")
    assert gap.size == pytest.approx(0.2)
    assert gap.is_wide


def test_fewer_days_are_better() -> None:
    """Six days are too many apart, five are not; the threshold can be another."""
    days = "days_to_appointment_median"
    rows = [Row(days, f"age={name}", value, 30, "days") for name, value in (("a", 8), ("b", 2))]
    [gap] = gaps(rows, USUAL)
    assert (gap.best.group, gap.worst.group, gap.size) == ("age=b", "age=a", 6)
    assert gap.is_wide
    assert not gaps(rows, Fairness(days_gap=6))[0].is_wide
    [narrow] = gaps([rows[0], Row(days, "age=b", 3, 30, "days")], USUAL)
    assert (narrow.size, narrow.is_wide) == (5, False)


def test_small_groups_the_whole_and_the_unknown_are_not_compared() -> None:
    """Of the groups that are left there is one: no gap."""
    rows = [
        rate(None, 0.1),
        rate("age=0-17", 0.9),
        rate("age=18-39", 0.1, count=19),
        rate("age=unknown", 0.2),
        rate("age=65+", None),
    ]
    assert gaps(rows, USUAL) == ()
    [gap] = gaps(rows, Fairness(least_members=19))
    assert gap.worst.group == "age=18-39"


def test_equal_groups_have_no_gap() -> None:
    """The first by name is both the best and the worst."""
    [gap] = gaps([rate("area=b", 0.5), rate("area=a", 0.5)], USUAL)
    assert (gap.best.group, gap.worst.group, gap.size) == ("area=a", "area=a", 0.0)
    assert not gap.is_wide


def test_only_what_is_watched_is_compared() -> None:
    """How far patients travel differs by area, and is nobody's disadvantage by itself."""
    rows = [
        Row("travel_km_median", f"area={name}", km, 50, "km") for name, km in (("a", 1), ("b", 9))
    ]
    assert gaps(rows, USUAL) == ()


def test_groups_are_compared_within_their_grouping() -> None:
    """Ages with ages, areas with areas; urgency classes, which are to differ, not at all."""
    rows = [rate(f"{name}={value}", value) for name in ("urgency", "age") for value in (0.2, 0.9)]
    rows.append(rate("area=a", 0.0))
    assert [(gap.grouping, gap.size) for gap in gaps(rows, USUAL)] == [("age", pytest.approx(0.7))]
