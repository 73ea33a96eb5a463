"""Promises that a repair may not break."""

from __future__ import annotations

import numpy as np
import pytest
from clinic import Clinic, at
from told import moved_to, solver_value, told_world

from engine.events.aftermath import aftermath_of
from engine.events.events import SessionClosed
from engine.objectives.protected_people import ProtectedPeople
from engine.policy import DEFAULT_RULES, Policy
from engine.repair.movable import Movable
from engine.snapshot import BYSTANDER, take_snapshot
from engine.verify import protected_people as judge


def crowd(count: int, people: int = 9) -> Clinic:
    """So many visits in the morning, of so many people; the afternoon is free."""
    clinic = Clinic().session("09:00", "12:00", id="s").session("14:00", "17:00", id="t")
    for number in range(count):
        hour, minute = divmod(540 + 15 * number, 60)
        start = at("00:00").replace(hour=hour, minute=minute)
        clinic.request(f"r{number}", f"p{number % people}")
        clinic.appointment(
            f"{start:%H:%M}", f"{start.replace(minute=minute + 14):%H:%M}", request=f"r{number}"
        )
    return clinic


def broken(clinic: Clinic, limit: int, places: dict[str, tuple[str, str] | None]) -> int:
    """People beyond what is protected, by the rule and by its judge alike."""
    rule, world = ProtectedPeople(limit=limit), told_world(clinic)
    final, plan = moved_to(world, places)
    counted = int(judge.contributions(rule, final, plan).sum()) + judge.shared(rule, final, plan)
    assert solver_value(world, rule, places) == counted
    return counted


def moved(count: int) -> dict[str, tuple[str, str] | None]:
    """The first of them, in the afternoon."""
    clocks = [f"{14 + number // 4}:{15 * (number % 4):02d}" for number in range(count)]
    return {f"r{number}": ("t", clock) for number, clock in enumerate(clocks)}


@pytest.mark.parametrize("limit", [0, 1, 2, 3, 5])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
def test_people_beyond_the_limit_count(limit: int, count: int) -> None:
    """One for each beyond it, and nothing up to it."""
    assert broken(crowd(5), limit, moved(count)) == max(0, count - limit)


@pytest.mark.parametrize(("limit", "value"), [(0, 2), (1, 1), (2, 0)])
def test_people_with_two_appointments_are_one(limit: int, value: int) -> None:
    """Four visits of two people are moved: two people."""
    assert broken(crowd(4, people=2), limit, moved(4)) == value


def test_nobody_else_is_left_without_a_place() -> None:
    """A bystander without a place counts by itself, also within the limit."""
    assert broken(crowd(2), 1, {"r0": None}) == 1
    assert broken(crowd(2), 0, {"r0": None}) == 2


def test_who_contests_a_place_may_be_left_without() -> None:
    """Two at nine, and the limit allows one: one goes without a place."""
    clinic = crowd(1).request("b").appointment("09:00", "09:14", request="b")
    assert broken(clinic, 1, {"b": None}) == 0
    assert broken(clinic, 0, {"b": None}) == 1


@pytest.mark.parametrize(("hours", "may_move"), [(33, True), (34, False)])
def test_whom_short_notice_protects(hours: int, may_move: bool) -> None:
    """A visit at nine on Tuesday, from Monday at midnight: 33 hours ahead."""
    clinic = Clinic().session("09:00", "12:00", day=1, id="s").session(id="x")
    clinic.request("a").appointment("09:00", "09:15", day=1, request="a")
    policy = Policy.default().replace("protected_people", notice_hours=hours)
    aftermath = aftermath_of(clinic.dataset(), [SessionClosed(session_id="x")], policy)
    movable = Movable.of(aftermath, take_snapshot(aftermath.dataset), policy)
    assert np.array_equal(movable.standing, [BYSTANDER if may_move else -1])


def test_off_by_default() -> None:
    """Nobody was told anything in a match."""
    assert "protected_people" not in DEFAULT_RULES
