"""Days beyond the standard that a repair adds."""

from __future__ import annotations

from datetime import date

import pytest
from clinic import Clinic, at
from told import counted, moved_to, solver_value, told_world

from engine.events.events import SessionClosed
from engine.objectives.added_lateness import AddedLateness
from engine.policy import DEFAULT_RULES
from engine.verify import added_lateness as judge

RULE = AddedLateness()


def week(**more: object) -> Clinic:
    """A morning on every day from Monday to Sunday, and later one by video."""
    clinic = Clinic(days=12).session("09:00", "12:00", id="d0")
    for day in range(1, 7):
        clinic.session("09:00", "12:00", day=day, id=f"d{day}")
    return clinic.request("ann", **more)


def added(clinic: Clinic, place: tuple[str, str]) -> int:
    """Days that Ann is later, by the rule and by its judge alike."""
    cost, judged = counted(told_world(clinic), RULE, judge, "ann", place)
    assert cost == judged
    return cost


@pytest.mark.parametrize(
    ("place", "days"),
    [(("d1", "09:00"), 0), (("d2", "11:00"), 0), (("d3", "09:00"), 1), (("d5", "09:00"), 3)],
)
def test_days_after_the_due_date_are_added(place: tuple[str, str], days: int) -> None:
    """Told Monday, due by the end of Wednesday: Thursday is a day late."""
    clinic = week(see_by=date(2026, 3, 4)).appointment("09:00", "09:15", request="ann")
    assert added(clinic, place) == days


@pytest.mark.parametrize(
    ("place", "days"),
    [(("d2", "09:00"), 0), (("d3", "09:00"), 0), (("d3", "11:00"), 0), (("d4", "09:00"), 1)],
)
def test_who_was_late_before_adds_only_what_is_more(place: tuple[str, str], days: int) -> None:
    """Told Thursday, due Tuesday, two days late: Friday adds one; sooner takes nothing back."""
    clinic = week(see_by=date(2026, 3, 3)).appointment("10:00", "10:15", day=3, request="ann")
    assert added(clinic, place) == days


def test_whoever_stays_adds_nothing() -> None:
    """However late it was told."""
    clinic = week(see_by=date(2026, 3, 3)).appointment("10:00", "10:15", day=3, request="ann")
    world = told_world(clinic)
    final, plan = moved_to(world, {})
    assert solver_value(world, RULE, {}) == judge.contributions(RULE, final, plan).sum() == 0


def test_being_left_without_a_place_counts_elsewhere() -> None:
    """Not late, but unplaced."""
    clinic = week(see_by=date(2026, 3, 3)).appointment("10:00", "10:15", day=3, request="ann")
    world = told_world(clinic)
    final, plan = moved_to(world, {"ann": None})
    assert solver_value(world, RULE, {"ann": None}) == 0
    assert judge.contributions(RULE, final, plan).sum() == 0


@pytest.mark.parametrize(("day", "days"), [(3, 0), (4, 1)])
def test_a_seat_of_the_day_counts_days(day: int, days: int) -> None:
    """Told a seat on Wednesday whose session is closed; due on Thursday at eight: a seat on
    Thursday is in time, one on Friday a day late.
    """
    seats = {"kind": "day", "cell_minutes": None}
    clinic = Clinic(days=12).request("ann", see_by=at("08:00", 3))
    for each in (2, 3, 4):
        clinic.session("09:00", "17:00", day=each, id=f"d{each}", **seats)
    clinic.appointment("09:00", "17:00", day=2, request="ann")
    world = told_world(clinic, SessionClosed(session_id="d2"))
    assert counted(world, RULE, judge, "ann", (f"d{day}", "")) == (days, days)


@pytest.mark.parametrize(("clock", "days"), [("10:00", 0), ("10:15", 1)])
def test_hours_ignore_the_clock_change(clock: str, days: int) -> None:
    """Asked on Saturday at nine, 24 hours later the clock shows ten on Sunday."""
    clinic = week(urgency="emergent", created=at("09:00", 5))
    clinic.appointment("10:00", "10:15", day=5, request="ann")
    assert added(clinic, ("d6", clock)) == days


def test_off_by_default() -> None:
    """A match counts lateness itself."""
    assert "added_lateness" not in DEFAULT_RULES
