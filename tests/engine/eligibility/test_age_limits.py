"""The patient is of an age that is served."""

from __future__ import annotations

from datetime import date
from typing import Any

from clinic import Clinic, agree


def born(day: date | None, visit_day: int = 0, **limits: Any) -> Clinic:
    """Ann, born on ``day``, and a role with limits."""
    clinic = Clinic().role("role", **limits).session(day=visit_day, id="s")
    return clinic.patient("ann", birth_date=day).request("ann")


def test_birthday_on_the_day_of_the_visit_counts() -> None:
    """Who turns 18 on the day of the visit is 18."""
    assert agree(born(date(2008, 3, 2), age_min=18), "ann", ("s", "09:00"), "age_limits")


def test_the_day_before_the_birthday_does_not() -> None:
    """A day earlier they are 17."""
    assert not agree(born(date(2008, 3, 3), age_min=18), "ann", ("s", "09:00"), "age_limits")


def test_oldest_age_is_inclusive() -> None:
    """Seventeen until the day before the eighteenth birthday."""
    assert agree(born(date(2008, 3, 3), age_max=17), "ann", ("s", "09:00"), "age_limits")
    assert not agree(born(date(2008, 3, 2), age_max=17), "ann", ("s", "09:00"), "age_limits")


def test_age_is_that_on_the_day_of_the_visit() -> None:
    """A birthday within the horizon opens the days after it."""
    assert agree(born(date(2008, 3, 4), 2, age_min=18), "ann", ("s", "09:00"), "age_limits")


def test_leap_day_child_has_the_birthday_in_march() -> None:
    """Born on 29 February, they are a year older on 1 March, not on 28 February."""
    clinic = born(date(2008, 2, 29), age_min=18)
    assert agree(clinic, "ann", ("s", "09:00"), "age_limits")


def test_unknown_birth_date_is_excluded_where_a_limit_is_set() -> None:
    """Without a birth date no limit can be kept."""
    assert not agree(born(None, age_max=99), "ann", ("s", "09:00"), "age_limits")
    assert agree(born(None), "ann", ("s", "09:00"), "age_limits")


def test_limits_of_role_and_visit_type_both_hold() -> None:
    """The narrower of the two decides."""
    clinic = born(date(2000, 1, 1), age_min=18, age_max=60)
    assert agree(clinic, "ann", ("s", "09:00"), "age_limits")
    clinic.visit_type("visit", age_min=30)
    assert not agree(clinic, "ann", ("s", "09:00"), "age_limits")
