"""Measures of a repair, on worlds whose repair can be worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from clinic import Clinic, at
from repairs import CLOSED, chain, ledger, mended, two_lost

from engine.events.events import DoubleBookings
from engine.fairness import Fairness
from engine.repair.repair import Repair
from scenarios.measures import (
    Grouping,
    Row,
    gaps,
    rows_of_repair,
)


def measured(found: Repair, point: int = -1) -> SimpleNamespace:
    """Measures of all of a point, by default of the one that displaces most."""
    rows = rows_of_repair(found, ledger(found, point))
    return SimpleNamespace(**{row.measure: row.value for row in rows})


def one_lost(day: int, moved_before: int = 0) -> Clinic:
    """Ann loses Thursday, and finds a place on another day only."""
    clinic = Clinic(days=60).session("09:00", "09:15", 3, "lost").session("09:00", "09:15", day)
    clinic.patient("ann", times_moved=moved_before).request("ann")
    return clinic.appointment("09:00", "09:15", 3, "ann", id="ann")


def test_two_who_lose_thursday_come_on_friday() -> None:
    """Each is a day later and moved once: 1.5 equivalent days; both of the two visits of the
    month are lost, and replaced within the week.
    """
    assert measured(mended(two_lost(), CLOSED)) == SimpleNamespace(
        people_forced=2,
        people_moved=2,
        people_unplaced=0,
        people_stuck=0,
        people_displaced=0,
        additional_people=0,
        people_moved_again=0,
        bump_rate=1.0,
        rebooked_within_7_days=1.0,
        rebooked_within_30_days=1.0,
        equivalent_days=3.0,
        days_later=2.0,
    )


def test_chain_moves_two_who_could_have_stayed() -> None:
    """With nobody displaced Ann has no place; with two displaced everybody has one."""
    found = mended(chain(), CLOSED, most=3)
    first, last = measured(found, 0), measured(found)
    assert (first.people_moved, first.people_unplaced, first.additional_people) == (0, 1, 0)
    assert (first.bump_rate, first.rebooked_within_30_days) == (pytest.approx(1 / 3), 0.0)
    assert (last.people_moved, last.people_unplaced, last.people_forced) == (3, 0, 1)
    assert (last.people_displaced, last.additional_people, last.days_later) == (2, 2, 3.0)
    assert (last.bump_rate, last.rebooked_within_7_days) == (1.0, 1.0)
    assert last.equivalent_days == pytest.approx(3 * 6.5)


def test_loser_of_a_contest_is_displaced_and_not_additional() -> None:
    """Of two at one place, one has to go."""
    clinic = Clinic().session("09:00", "09:15", 3).session("09:00", "09:15", 5)
    for name in ("ann", "bob"):
        clinic.request(name).appointment("09:00", "09:15", 3, name, id=name)
    found = measured(mended(clinic, DoubleBookings()))
    assert (found.people_displaced, found.additional_people, found.people_moved) == (1, 0, 1)
    assert found.bump_rate == 0.5


@pytest.mark.parametrize(
    ("day", "week", "month"), [(10, 1.0, 1.0), (11, 0.0, 1.0), (33, 0.0, 1.0), (34, 0.0, 0.0)]
)
def test_rebooked_is_counted_from_the_lost_day(day: int, week: float, month: float) -> None:
    """Seven days after Thursday are in time for the week, eight are not; 30 and 31 alike."""
    found = measured(mended(one_lost(day), CLOSED))
    assert (found.rebooked_within_7_days, found.rebooked_within_30_days) == (week, month)
    assert found.days_later == day - 3


def test_bump_rate_is_that_of_the_next_30_days() -> None:
    """A visit 30 days of 24 hours ahead does not count, one just before it does, nor does one of
    the past; on the way the clock is set forward, so that noon is an hour later on it.
    """
    clinic = one_lost(5)
    clinic.as_of = at("12:00")
    for name, day, start, end in (
        ("near", 30, "12:45", "13:00"),
        ("far", 30, "13:00", "13:15"),
        ("past", 0, "09:00", "09:15"),
    ):
        clinic.session(start, end, day)
        clinic.request(name).appointment(start, end, day, name, id=name)
    found = mended(clinic, CLOSED)
    [row] = [row for row in rows_of_repair(found, ledger(found)) if row.measure == "bump_rate"]
    assert (row.value, row.count) == (0.5, 2)


def test_who_was_moved_before_is_counted_apart() -> None:
    """A second move of the same person."""
    assert measured(mended(one_lost(4, moved_before=1), CLOSED)).people_moved_again == 1
    assert measured(mended(one_lost(4), CLOSED)).people_moved_again == 0


def test_pinned_to_a_place_that_is_gone() -> None:
    """Ann is stuck: her place is lost, and she has no other."""
    clinic = Clinic().session("09:00", "09:15", 3, "lost").session("09:00", "09:15", 4)
    clinic.request("ann").appointment("09:00", "09:15", 3, "ann", id="ann", pinned=True)
    found = measured(mended(clinic, CLOSED))
    assert (found.people_stuck, found.people_moved, found.bump_rate) == (1, 0, 1.0)
    assert found.rebooked_within_30_days == 0.0


def test_people_are_counted_once() -> None:
    """Ann loses two visits; she is one person."""
    clinic = Clinic().session("09:00", "09:30", 3, "lost").session("09:00", "10:00", 4)
    for name, start, end in (("one", "09:00", "09:15"), ("two", "09:15", "09:30")):
        clinic.request(name, "ann").appointment(start, end, 3, name, id=name)
    found = measured(mended(clinic, CLOSED))
    assert (found.people_forced, found.people_moved, found.days_later) == (1, 1, 2.0)


def test_nothing_happened_to_nobody() -> None:
    """Open requests are no appointments: shares are unknown, sums are 0."""
    clinic = Clinic().session("09:00", "09:15", 3, "lost").request("ann")
    found = vars(measured(mended(clinic, CLOSED)))
    unknown = {name for name, value in found.items() if value is None}
    assert unknown == {"bump_rate", "rebooked_within_7_days", "rebooked_within_30_days"}
    assert {value for value in found.values() if value is not None} == {0}


def test_groups_of_a_repair_and_the_gap_between_them() -> None:
    """Those in the south lose their visits, the one in the north does not: a gap of 1."""
    clinic = two_lost()
    for name, area in (("ann", "south"), ("bob", "south"), ("cid", "north")):
        clinic.patient(name, groups={"area": area})
    clinic.request("cid").appointment("09:45", "10:00", 5, "cid", id="cid", role_id="two")
    found = mended(clinic, CLOSED)
    area = Grouping.of(clinic.dataset(), "area")
    rows = rows_of_repair(found, ledger(found), [area])
    bumped = [row for row in rows if row.measure == "bump_rate"]
    assert bumped == [
        Row("bump_rate", None, pytest.approx(2 / 3), 3, "share"),
        Row("bump_rate", "area=north", 0.0, 1, "share"),
        Row("bump_rate", "area=south", 1.0, 2, "share"),
    ]
    [gap] = [gap for gap in gaps(rows, Fairness(least_members=1)) if gap.measure == "bump_rate"]
    assert (gap.best.group, gap.worst.group, gap.size) == ("area=north", "area=south", 1.0)
