"""Time to get from one visit to the next."""

from __future__ import annotations

import pytest
from clinic import CENTRE, Clinic, judged, starts

from engine.domain import Coordinates
from engine.match import match
from engine.policy import Policy
from engine.solve.limits import Limits

FAST = Limits(deterministic=True)
TEN_KM_NORTH = Coordinates(latitude=CENTRE.latitude + 10 / 111.195, longitude=CENTRE.longitude)
"""13 km by road, 19.5 minutes at 40 km/h."""


def across_town(gap: int) -> Clinic:
    """Ann needs two visits: at nine in the centre, then so many minutes after its end."""
    clinic = Clinic().location("north", coordinates=TEN_KM_NORTH).role("north", location_id="north")
    clinic.session("09:00", "09:15", id="centre")
    minute = 15 + gap
    start, end = (f"{9 + m // 60:02d}:{m % 60:02d}" for m in (minute, minute + 15))
    clinic.session(start, end, id="north", role_id="north")
    return clinic.request("one", "ann").request("two", "ann")


BOTH = {"one": ("centre", "09:00")}


@pytest.mark.parametrize(("gap", "holds"), [(20, True), (19, False), (0, False)])
def test_the_way_needs_its_time(gap: int, *, holds: bool) -> None:
    """Twenty minutes do for 13 km at 40 km/h, nineteen do not."""
    clinic = across_town(gap)
    broken = judged(clinic, {**BOTH, "two": ("north", f"09:{15 + gap:02d}")})
    assert broken == (set() if holds else {"travel_time"})
    result = match(clinic.dataset(), limits=FAST)
    assert result.plan.is_placed.sum() == (2 if holds else 1)
    assert result.certificate.is_proven


def test_speed_and_detour_are_the_policys() -> None:
    """At 80 km/h as the crow flies it takes 7.5 minutes."""
    policy = Policy.default().replace("travel_time", speed_km_per_hour=80.0, detour=1.0)
    assert judged(across_town(8), {**BOTH, "two": ("north", "09:23")}, policy) == set()
    assert judged(across_town(7), {**BOTH, "two": ("north", "09:22")}, policy) == {"travel_time"}


def test_no_time_is_needed_at_one_place_by_video_or_nowhere() -> None:
    """The same place, the screen, and a place that is not known."""
    clinic = across_town(0).session("09:15", "09:30", id="here").video_role()
    clinic.session("09:15", "09:30", id="screen", role_id="video")
    assert judged(clinic, {**BOTH, "two": ("here", "09:15")}) == set()
    assert judged(clinic, {**BOTH, "two": ("screen", "09:15")}) == set()
    unknown = Clinic().location("north", coordinates=None).role("north", location_id="north")
    unknown.session("09:00", "09:15", id="centre")
    unknown.session("09:15", "09:30", id="north", role_id="north")
    unknown.request("one", "ann").request("two", "ann")
    assert judged(unknown, {**BOTH, "two": ("north", "09:15")}) == set()


def test_other_patients_do_not_travel_together() -> None:
    """Two people may be across town from each other."""
    clinic = across_town(0).request("three", "bob")
    assert judged(clinic, {**BOTH, "three": ("north", "09:15")}) == set()


def test_next_to_an_appointment_so_close_there_is_no_candidate() -> None:
    """Ann holds nine o'clock in the centre: a quarter past nine up north is out of reach."""
    clinic = across_town(0).appointment("09:00", "09:15", request="one")
    clinic.session("09:45", "10:00", id="later", role_id="north")
    assert starts(clinic, "two") == ["later 09:45"]


def test_feasible_with_much_fixed() -> None:
    """Three visits in a row at two places, each just in time."""
    clinic = across_town(20).session("10:10", "10:25", id="back").request("three", "ann")
    plan = {**BOTH, "two": ("north", "09:35"), "three": ("back", "10:10")}
    assert judged(clinic, plan) == set()
    assert match(clinic.dataset(), limits=FAST).plan.is_placed.all()
