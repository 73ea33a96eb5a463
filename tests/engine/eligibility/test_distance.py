"""The place is near enough."""

from __future__ import annotations

import numpy as np
from clinic import CENTRE, Clinic, agree, starts

from engine.domain import Coordinates, PostalArea
from engine.geography import great_circle_metres
from engine.policy import Policy

NORTH = Coordinates(latitude=40.84, longitude=-73.99)
"""About ten kilometres from the centre."""

METRES = int(
    great_circle_metres(
        np.array(NORTH.latitude),
        np.array(NORTH.longitude),
        np.array(CENTRE.latitude),
        np.array(CENTRE.longitude),
    )
)


def from_the_north(limit_km: float | None) -> Clinic:
    """Ann lives ten kilometres north of the office."""
    return Clinic().session().patient("ann", home=NORTH).request("ann", max_travel_km=limit_km)


def test_exactly_the_limit_is_admitted() -> None:
    """As far as stated, to the metre, is near enough."""
    assert agree(from_the_north(METRES / 1000), "ann", ("s1", "09:00"), "distance")


def test_one_metre_more_is_refused() -> None:
    """One metre beyond what was stated is too far."""
    assert not agree(from_the_north((METRES - 1) / 1000), "ann", ("s1", "09:00"), "distance")


def test_policy_limits_who_states_nothing() -> None:
    """The policy's limit holds where the request has none."""
    near = Policy.default().replace("distance", default_max_km=5.0)
    far = Policy.default().replace("distance", default_max_km=11.0)
    assert not agree(from_the_north(None), "ann", ("s1", "09:00"), "distance", near)
    assert agree(from_the_north(None), "ann", ("s1", "09:00"), "distance", far)


def test_video_has_no_distance() -> None:
    """Nobody travels to a video visit."""
    clinic = from_the_north(1.0).video_role().session("10:00", "11:00", role_id="video", id="v")
    assert agree(clinic, "ann", ("v", "10:00"), "distance")


def test_unknown_home_is_admitted() -> None:
    """Where the home is unknown, every distance admits."""
    clinic = Clinic().session().patient("ann", home=None).request("ann")
    near = Policy.default().replace("distance", default_max_km=0.0)
    assert agree(clinic, "ann", ("s1", "09:00"), "distance", near)


def test_unknown_place_cannot_be_promised() -> None:
    """Who states a limit is not sent to a place that cannot be measured."""
    clinic = Clinic().location("nowhere", coordinates=None)
    clinic.role("role", location_id="nowhere").session().request("ann", max_travel_km=50.0)
    assert not agree(clinic, "ann", ("s1", "09:00"), "distance")
    assert starts(clinic.request("bob"), "bob")


def test_homes_by_postal_code() -> None:
    """A postal code stands for its centre: Brooklyn is within ten kilometres, Boston not."""
    clinic = Clinic().session()
    clinic.patient("ann", home=PostalArea(postal_code="11201-1234")).request(
        "ann", max_travel_km=10.0
    )
    clinic.patient("bob", home=PostalArea(postal_code="02108")).request("bob", max_travel_km=10.0)
    assert agree(clinic, "ann", ("s1", "09:00"), "distance")
    assert not agree(clinic, "bob", ("s1", "09:00"), "distance")
