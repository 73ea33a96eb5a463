"""Linked visits not too far apart."""

from __future__ import annotations

from typing import Any

import pytest
from clinic import Clinic, judged

from engine.match import match
from engine.solve.limits import Limits

FAST = Limits(deterministic=True)


def family(size: int = 3, **link: Any) -> Clinic:
    """Brothers and sisters with one doctor, Monday to Thursday morning."""
    clinic = Clinic()
    for day in range(4):
        clinic.session("09:00", "12:00", day, f"s{day}")
    names = [f"child{number}" for number in range(size)]
    for name in names:
        clinic.request(name)
    return clinic.link(*names, **link)


def told(*places: tuple[int, str]) -> dict[str, tuple[str, str]]:
    """Each child's day and time."""
    return {f"child{n}": (f"s{day}", clock) for n, (day, clock) in enumerate(places)}


@pytest.mark.parametrize(
    ("ordered", "places", "holds"),
    [
        (True, ((0, "09:00"), (0, "09:30"), (0, "10:00")), True),
        (True, ((0, "09:00"), (0, "09:30"), (0, "10:15")), False),
        (False, ((0, "10:00"), (0, "09:00"), (0, "09:30")), True),
        (False, ((0, "10:00"), (0, "09:00"), (0, "10:30")), False),
        (False, ((0, "09:30"), (0, "10:15"), (0, "11:00")), False),
    ],
)
def test_minutes_between(ordered: bool, places: Any, *, holds: bool) -> None:
    """Fifteen minutes at most between one and the next, in the order listed or any."""
    clinic = family(max_gap_minutes=15, ordered=ordered)
    assert judged(clinic, told(*places)) == (set() if holds else {"linked_max_gap"})


@pytest.mark.parametrize(
    ("ordered", "days", "holds"),
    [
        (True, (0, 1, 2), True),
        (True, (0, 1, 3), False),
        (False, (2, 0, 1), True),
        (False, (3, 0, 1), False),
        (False, (3, 3, 0), False),
    ],
)
def test_days_between(ordered: bool, days: Any, *, holds: bool) -> None:
    """A day at most between one and the next; two on one day do not bridge a gap."""
    clinic = family(max_gap_days=1, ordered=ordered)
    places = told(*((day, f"09:{15 * n:02d}") for n, day in enumerate(days)))
    assert judged(clinic, places) == (set() if holds else {"linked_max_gap"})


def test_who_is_left_out_leaves_no_gap_in_any_order() -> None:
    """Two of three placed side by side are a chain."""
    clinic = family(max_gap_minutes=0)
    assert judged(clinic, told((0, "09:15"), (0, "09:00"))) == set()
    assert judged(clinic, told((0, "09:30"), (0, "09:00"))) == {"linked_max_gap"}


def test_appointment_is_a_link_of_the_chain() -> None:
    """One child holds 10:00: the others come right before or right after."""
    clinic = family(max_gap_minutes=0, all_or_none=True)
    clinic.appointment("10:00", "10:15", request="child1")
    result = match(clinic.dataset(), limits=FAST)
    clocks = sorted(result.snapshot.grid.instant(m, 0).strftime("%H:%M") for m in result.plan.start)
    assert clocks == ["09:30", "09:45", "10:00"]
    assert result.certificate.is_proven


def test_gap_that_appointments_left_may_persist_and_not_grow() -> None:
    """Two children hold 9:00 and 11:00: the third joins either, and not the middle."""
    clinic = family(max_gap_minutes=0)
    clinic.appointment("09:00", "09:15", request="child0")
    clinic.appointment("11:00", "11:15", request="child1")
    result = match(clinic.dataset(), limits=FAST)
    assert [violation.rule for violation in result.prior] == ["linked_max_gap"]
    assert result.plan.is_placed.sum() == 1
    assert judged(clinic, {"child2": ("s0", "09:15")}) == set()
    assert judged(clinic, {"child2": ("s0", "10:00")}) == {"linked_max_gap"}


def test_solver_puts_a_family_back_to_back() -> None:
    """Blocks leave a run of two, and a run of three an hour later: the family takes that."""
    clinic = family(max_gap_minutes=0, all_or_none=True)
    clinic.appointment("09:30", "10:00").appointment("10:45", "12:00")
    result = match(clinic.dataset(), limits=FAST)
    clocks = sorted(result.snapshot.grid.instant(m, 0).strftime("%H:%M") for m in result.plan.start)
    assert clocks == ["10:00", "10:15", "10:30"]
    assert result.certificate.is_proven
