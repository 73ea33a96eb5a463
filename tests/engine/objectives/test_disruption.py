"""What it costs people to be told another place: each parameter at its edges, by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from clinic import CENTRE, Clinic, at
from told import counted, moved_to, solver_value, told_world

from engine.domain import Coordinates, WeeklyTime, Wishes
from engine.events.events import SessionClosed
from engine.objectives.disruption import Disruption
from engine.policy import DEFAULT_RULES
from engine.verify import disruption as judge

FREE: dict[str, Any] = {
    "moved": 0.0,
    "other_doctor": 0.0,
    "unsuitable_time": 0.0,
    "other_modality": 0.0,
    "other_place": 0.0,
    "per_day_later": 0.0,
    "per_day_earlier": 0.0,
    "travel_per_km": 0.0,
    "confirmed": 0.0,
    "asked_first": 0.0,
    "short_notice": 1.0,
    "per_earlier_move": 1.0,
}
NORTH = Coordinates(latitude=40.84, longitude=-73.99)  # 10,008 m from the centre


def clinic_of(**more: Any) -> Clinic:
    """Ann was told Wednesday at ten, in the office."""
    clinic = Clinic(days=12).request("ann", **more)
    clinic.appointment("10:00", "10:15", day=2, request="ann", id="a")
    return clinic.session("09:00", "12:00", day=2, id="s")


def price(clinic: Clinic, place: tuple[str, str], *events: SessionClosed, **parameters: Any) -> int:
    """Milli-days that Ann is owed at a place, by the rule and by its judge alike."""
    rule = Disruption(**(FREE | parameters))
    cost, judged = counted(told_world(clinic, *events), rule, judge, "ann", place)
    assert cost == judged
    return cost


def test_moved_is_paid_once() -> None:
    """A quarter of an hour later at the same place."""
    assert price(clinic_of(), ("s", "10:15"), moved=0.5) == 500


def test_whoever_stays_is_owed_nothing() -> None:
    """By default prices; nor is who is left without a place: that counts above."""
    world, rule = told_world(clinic_of()), Disruption()
    for places in ({}, {"ann": None}):
        final, plan = moved_to(world, places)
        assert solver_value(world, rule, places) == 0
        assert not judge.contributions(rule, final, plan).any()


@pytest.mark.parametrize(("doctor", "milli"), [("dr", 0), ("other", 5_000)])
def test_another_doctor(doctor: str, milli: int) -> None:
    """A second role of the same doctor is no other doctor."""
    clinic = clinic_of().doctor("other").role("second", doctor_id=doctor)
    clinic.session("09:00", "10:00", day=3, id="t", role_id="second")
    assert price(clinic, ("t", "09:00"), other_doctor=5.0) == milli


@pytest.mark.parametrize(("place", "milli"), [(("s", "10:15"), 0), (("s", "10:30"), 2_750)])
def test_a_time_that_does_not_suit(place: tuple[str, str], milli: int) -> None:
    """Ann can on Wednesdays until half past ten."""
    times = (WeeklyTime(days=("wed",), start="09:00", end="10:30"),)
    assert price(clinic_of(wishes=Wishes(times=times)), place, unsuitable_time=2.75) == milli


def test_a_time_that_never_suited_takes_nothing_away() -> None:
    """Told a time that did not suit either."""
    times = (WeeklyTime(days=("mon",), start="09:00", end="10:30"),)
    assert price(clinic_of(wishes=Wishes(times=times)), ("s", "10:30"), unsuitable_time=2.75) == 0


def test_a_lost_seat_suited_by_its_day() -> None:
    """Ann can on Wednesday mornings; a seat of Wednesday suited, Thursday does not. The session
    is closed, and its seats had no told time all the same.
    """
    times = (WeeklyTime(days=("wed",), start="09:00", end="10:00"),)
    seats = {"kind": "day", "cell_minutes": None}
    clinic = Clinic(days=12).request("ann", wishes=Wishes(times=times))
    clinic.session("08:00", "17:00", day=2, id="s", **seats)
    clinic.session("08:00", "17:00", day=3, id="t", **seats)
    clinic.appointment("08:00", "17:00", day=2, request="ann")
    closed = SessionClosed(session_id="s")
    assert price(clinic, ("t", ""), closed, unsuitable_time=2.75) == 2_750


def test_video_is_another_modality_and_no_other_place() -> None:
    """From the office to video."""
    clinic = clinic_of().video_role().session("09:00", "10:00", day=3, id="v", role_id="video")
    assert price(clinic, ("v", "09:00"), other_modality=2.0, other_place=1.0) == 2_000


@pytest.mark.parametrize(("location", "milli"), [("office", 0), ("north", 1_000)])
def test_another_place(location: str, milli: int) -> None:
    """In person, elsewhere."""
    clinic = clinic_of().location("north", coordinates=NORTH).role("second", location_id=location)
    clinic.session("09:00", "10:00", day=3, id="t", role_id="second")
    assert price(clinic, ("t", "09:00"), other_modality=2.0, other_place=1.0) == milli


@pytest.mark.parametrize(
    ("day", "clock", "milli"),
    [
        (2, "11:45", 0),
        (3, "09:00", 1_000),
        (7, "09:00", 5_000),
        (1, "11:45", 250),
        (0, "09:00", 500),
    ],
)
def test_later_and_earlier_days(day: int, clock: str, milli: int) -> None:
    """Local days, whatever the hour; over a change of the clock too."""
    clinic = clinic_of()
    for each in (0, 1, 3, 7):
        clinic.session("09:00", "12:00", day=each, id=f"s{each}")
    place = ("s" if day == 2 else f"s{day}", clock)
    assert price(clinic, place, per_day_later=1.0, per_day_earlier=0.25) == milli


def test_days_are_those_of_the_clock_at_the_place() -> None:
    """At half past eleven at night in New York it is half past eight in Los Angeles."""
    clinic = Clinic(days=12).request("ann").session("21:00", "23:45", id="s")
    clinic.appointment("23:15", "23:30", request="ann")
    clinic.location("coast", time_zone="America/Los_Angeles")
    clinic.role("far", location_id="coast", doctor_id="dr")
    clinic.session("02:00", "03:00", day=1, id="t", role_id="far")  # 23:00 on Monday there
    assert price(clinic, ("t", "23:00"), per_day_later=1.0) == 0


@pytest.mark.parametrize(("free", "milli"), [(5.0, 501), (10.0, 1), (10.1, 0)])
def test_the_way_beyond_what_is_free(free: float, milli: int) -> None:
    """10,008 metres: 0.1 days for each kilometre beyond the free ones."""
    clinic = clinic_of().location("north", coordinates=NORTH).role("second", location_id="north")
    clinic.session("09:00", "10:00", day=3, id="t", role_id="second")
    assert price(clinic, ("t", "09:00"), travel_per_km=0.1, free_km=free) == milli


def test_a_shorter_way_takes_nothing_back() -> None:
    """Ann lives in the north, and is moved there."""
    clinic = clinic_of().patient("ann", home=NORTH)
    clinic.location("north", coordinates=NORTH).role("second", location_id="north")
    clinic.session("09:00", "10:00", day=3, id="t", role_id="second")
    assert price(clinic, ("t", "09:00"), travel_per_km=0.1) == 0
    clinic = clinic.patient("ann", home=CENTRE)
    assert price(clinic, ("t", "09:00"), travel_per_km=0.1) == 501


def test_reasons_to_keep_a_place() -> None:
    """Who has confirmed, and who of a cluster asked first, is owed more; nobody who is forced."""
    clinic = clinic_of(created=at("00:10"))
    clinic.appointments = [replace(row, confirmed=True) for row in clinic.appointments]
    assert price(clinic, ("s", "11:00"), confirmed=1.0, asked_first=0.1) == 1_000
    clinic.session("09:00", "10:00", day=3, id="t")
    closed = SessionClosed(session_id="s")
    assert price(clinic, ("t", "09:00"), closed, confirmed=1.0, asked_first=0.1) == 0
    clinic.request("bob", created=at("00:20")).appointment("10:00", "10:15", day=2, request="bob")
    assert price(clinic, ("s", "11:00"), confirmed=1.0, asked_first=0.1) == 1_100
    clinic.request("cat", created=at("00:05")).appointment("10:00", "10:15", day=2, request="cat")
    assert price(clinic, ("s", "11:00"), confirmed=1.0, asked_first=0.1) == 1_000


@pytest.mark.parametrize(("hours", "milli"), [(58, 500), (59, 1_000), (60, 1_000)])
def test_short_notice(hours: int, milli: int) -> None:
    """Wednesday at ten is 58 hours from now: short if it is less than what is short."""
    assert (
        price(clinic_of(), ("s", "11:00"), moved=0.5, notice_hours=hours, short_notice=2.0) == milli
    )


@pytest.mark.parametrize(("times", "milli"), [(0, 333), (1, 500), (2, 749), (8, 8_534), (9, 8_534)])
def test_earlier_moves(times: int, milli: int) -> None:
    """Times 1.5 for each: 333 × 1.5 = 499.5, rounded up; beyond eight no more."""
    clinic = clinic_of().patient("ann", times_moved=times)
    assert price(clinic, ("s", "11:00"), moved=0.333, per_earlier_move=1.5) == milli


def test_each_product_is_rounded_half_up() -> None:
    """0.001 × 1.5 = 1.5, which is 2; times 1.5 is 3."""
    clinic = clinic_of().patient("ann", times_moved=1)
    found = price(
        clinic, ("s", "11:00"), moved=0.001, short_notice=1.5, notice_hours=72, per_earlier_move=1.5
    )
    assert found == 3


def test_off_by_default() -> None:
    """Nobody was told anything in a match."""
    assert "disruption" not in DEFAULT_RULES
