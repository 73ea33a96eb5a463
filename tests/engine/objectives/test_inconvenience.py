"""Prices in equivalent days: each objective at its edges, rule and judge alike."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from clinic import CENTRE, Clinic, at, plan_of

from engine.candidates import Candidates
from engine.domain import Coordinates, DoctorTerm, DoctorWish, WeeklyTime, Wishes
from engine.equivalent_days import half_up, milli_days
from engine.match import match
from engine.objectives.doctor_price import DoctorPrice
from engine.objectives.other_doctor import OtherDoctor
from engine.objectives.other_location import OtherLocation
from engine.objectives.other_modality import OtherModality
from engine.objectives.travel import Travel
from engine.objectives.unsuitable_time import UnsuitableTime
from engine.objectives.wait import Wait
from engine.policy import Policy
from engine.solve.limits import Limits
from engine.verify import (
    doctor_price,
    other_doctor,
    other_location,
    other_modality,
    travel,
    unsuitable_time,
    wait,
)

JUDGES: dict[type[Any], Any] = {
    Wait: wait,
    OtherDoctor: other_doctor,
    UnsuitableTime: unsuitable_time,
    Travel: travel,
    OtherLocation: other_location,
    OtherModality: other_modality,
    DoctorPrice: doctor_price,
}


def price(clinic: Clinic, rule: Any, session_id: str = "s1", clock: str = "09:00") -> int:
    """Milli-days that Ann pays at a place, by the rule and by its judge alike."""
    snapshot = clinic.snapshot()
    plan = plan_of(snapshot, {"ann": (session_id, clock)})
    index = snapshot.index.requests["ann"]
    session = snapshot.index.sessions[session_id]
    first, last = snapshot.sessions.first_cell[session : session + 2]
    cells = np.arange(first, last)
    ones = np.ones(len(cells), np.int64)
    candidates = Candidates.at(snapshot, index * ones, cells, ones)
    here = candidates.start == plan.start[index]
    paid = int(rule.cost(snapshot, candidates)[here][0])
    assert int(JUDGES[type(rule)].contributions(rule, snapshot, plan)[index]) == paid
    assert rule.unplaced(snapshot).tolist() == [0] * snapshot.num_requests
    return paid


@pytest.mark.parametrize(
    ("created", "milli"),
    [("09:00", 0), ("08:59", 1), ("21:00", -1), ("08:45", 10), ("03:00", 250)],
)
def test_wait_is_the_time_since_asking(created: str, milli: int) -> None:
    """A day costs 1000, half a milli-day counts up, and nobody waits less than nothing."""
    clinic = Clinic(as_of=at("00:00")).session().request("ann", created=at(created))
    assert price(clinic, Wait()) == max(milli, 0)


def test_wait_starts_with_the_earliest_date() -> None:
    """Who cannot come before Tuesday does not wait on Monday."""
    clinic = Clinic().session("00:00", "12:00", day=1).request("ann", earliest=date(2026, 3, 3))
    assert price(clinic, Wait(), clock="06:00") == 250


def test_wait_for_a_day_session_is_whole_days() -> None:
    """Without a told time, days are counted on the calendar."""
    clinic = Clinic().session("08:00", "20:00", day=2, kind="day", cell_minutes=None)
    clinic.request("ann", created=at("23:00"))
    assert price(clinic, Wait(), clock="") == 2000
    assert price(clinic, Wait(0.5), clock="") == 1000


def test_other_doctor_costs_by_the_place_in_the_list() -> None:
    """First of two: nothing; second: half the price; not on the list: all of it."""
    clinic = Clinic()
    for name in ("b", "c"):
        clinic.doctor(name).role(name, doctor_id=name).session(role_id=name, id=name)
    clinic.session(id="dr")
    wished = tuple(DoctorWish(doctor_id=name) for name in ("b", "dr"))
    clinic.request("ann", wishes=Wishes(doctors=wished))
    assert price(clinic, OtherDoctor(), "b") == 0
    assert price(clinic, OtherDoctor(), "dr") == 2500
    assert price(clinic, OtherDoctor(), "c") == 5000
    assert price(clinic, OtherDoctor(2.0), "c") == 2000


def test_other_doctor_with_stated_prices() -> None:
    """A stated price counts; nobody off the list is cheaper than the dearest on it."""
    clinic = Clinic().doctor("b").role("b", doctor_id="b").session(role_id="b", id="b")
    clinic.session(id="dr")
    clinic.request("ann", wishes=Wishes(doctors=(DoctorWish(doctor_id="dr", days=7.25),)))
    assert price(clinic, OtherDoctor(), "dr") == 7250
    assert price(clinic, OtherDoctor(), "b") == 7250


def test_no_list_no_price() -> None:
    """Who wishes for nobody pays for nobody."""
    assert price(Clinic().session().request("ann"), OtherDoctor()) == 0


def test_unsuitable_time() -> None:
    """Inside the times that suit: nothing; outside: the price; no times: nothing."""
    mornings = (WeeklyTime(days=("mon",), start="09:00", end="09:30"),)
    clinic = Clinic().session().request("ann", wishes=Wishes(times=mornings))
    assert price(clinic, UnsuitableTime(), clock="09:15") == 0
    assert price(clinic, UnsuitableTime(), clock="09:30") == 2750
    assert price(Clinic().session().request("ann"), UnsuitableTime()) == 0


def test_travel_is_free_for_the_first_kilometres() -> None:
    """Ten kilometres cost what lies beyond five, and nothing by video or from nowhere."""
    north = Coordinates(latitude=40.84, longitude=-73.99)
    clinic = Clinic().session().video_role().session("10:00", "11:00", role_id="video", id="v")
    clinic.patient("ann", home=north).request("ann")
    metres = int(clinic.snapshot().metres(np.array([0]), np.array([0]))[0])
    assert price(clinic, Travel()) == half_up(np.array((metres - 5000) * 100), 1000)
    assert price(clinic, Travel(0.1, 20.0)) == 0
    assert price(clinic, Travel(), "v", "10:00") == 0
    assert price(Clinic().session().patient("ann", home=CENTRE).request("ann"), Travel()) == 0
    assert price(Clinic().session().patient("ann", home=None).request("ann"), Travel()) == 0


def test_other_location() -> None:
    """A place on the list is free, another one or video costs; no list, no price."""
    clinic = Clinic().location("north").role("north", location_id="north").video_role()
    clinic.session(id="office").session("10:00", "11:00", role_id="north", id="north")
    clinic.session("11:00", "12:00", role_id="video", id="video")
    clinic.request("ann", wishes=Wishes(location_ids=("north",)))
    assert price(clinic, OtherLocation(), "north", "10:00") == 0
    assert price(clinic, OtherLocation(), "office") == 1000
    assert price(clinic, OtherLocation(), "video", "11:00") == 1000
    assert price(Clinic().session().request("ann"), OtherLocation()) == 0


def test_other_modality() -> None:
    """The wished modality is free, the other one costs; no wish, no price."""
    clinic = Clinic().video_role().session(id="office")
    clinic.session("11:00", "12:00", role_id="video", id="video")
    clinic.request("ann", wishes=Wishes(modality="video"))
    assert price(clinic, OtherModality(), "video", "11:00") == 0
    assert price(clinic, OtherModality(), "office") == 2000
    assert price(Clinic().session().request("ann"), OtherModality()) == 0


def test_doctor_price_is_what_the_request_states() -> None:
    """A price per doctor, to the milli-day; none stated, none paid."""
    clinic = (
        Clinic().session().request("ann", doctor_terms=(DoctorTerm(doctor_id="dr", days=1.2345),))
    )
    assert price(clinic, DoctorPrice()) == 1235
    assert price(Clinic().session().request("ann"), DoctorPrice()) == 0


@pytest.mark.parametrize(
    ("days", "milli"), [(0.0, 0), (0.0004, 0), (0.0005, 1), (2.75, 2750), (36_500.0, 36_500_000)]
)
def test_milli_days_round_half_up(days: float, milli: int) -> None:
    """Prices are whole milli-days; half counts up."""
    assert milli_days(days) == milli


@pytest.mark.parametrize(
    ("rule", "parameters"),
    [
        ("unsuitable_time", {"days": 0.5005}),
        ("unsuitable_time", {"days": 0.0014999999}),
        ("travel", {"free_km": 0.0025, "days_per_km": 10.0}),
    ],
)
def test_rule_and_judge_round_alike(rule: str, parameters: dict[str, float]) -> None:
    """Prices at the edge of a thousandth are rounded as they are written, twice the same."""
    clinic = Clinic().session("09:00", "09:15")
    clinic.patient("ann", home=Coordinates(latitude=40.84, longitude=-73.99))
    never = (WeeklyTime(days=("sun",), start="09:00", end="09:15"),)
    clinic.request("ann", wishes=Wishes(times=never))
    policy = Policy.default().replace(rule, **parameters)
    assert match(clinic.dataset(), policy, Limits(deterministic=True)).plan.is_placed.all()
