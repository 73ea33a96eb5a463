"""A place closes."""

from __future__ import annotations

from clinic import Clinic
from situations import after, hours, open_requests, wrong


def two_places() -> Clinic:
    """One doctor, at the office and in the north on two days each, and by video."""
    clinic = Clinic().location("north").role("north-role", location_id="north").video_role()
    for day in (0, 1):
        clinic.session(day=day).session("14:00", "15:00", day=day, role_id="north-role")
    return clinic.session("16:00", "17:00", role_id="video")


def test_nobody_is_there_any_more() -> None:
    """From the day on, for good; other places and video stay."""
    found = after(two_places(), "location_closes", location_id="north", start="2026-03-03").dataset
    assert hours(found, "north-role") == ["02 14:00-15:00"]
    assert len(hours(found, "role")) == 2
    assert len(hours(found, "video")) == 1
    assert [row.id for row in found.locations] == ["office", "north"]


def test_it_opens_again() -> None:
    """After the last day closed."""
    found = after(two_places(), "location_closes", location_id="north", end="2026-03-02").dataset
    assert hours(found, "north-role") == ["03 14:00-15:00"]


def test_who_was_to_come_asks_again() -> None:
    """There, and nowhere else."""
    clinic = two_places().request("ann").request("bob")
    clinic.appointment("09:00", "09:15", request="ann")
    clinic.appointment("14:00", "14:15", request="bob", role_id="north-role")
    found = after(clinic, "location_closes", location_id="north").dataset
    assert open_requests(found) == ["bob"]


def test_an_unknown_place_is_refused() -> None:
    """And a closure without a length."""
    found = wrong(
        two_places(), "location_closes", location_id="x", start="2026-03-03", end="2026-03-02"
    )
    assert found == [
        ("dangling_reference", "/changes/0/location_id"),
        ("empty_interval", "/changes/0/end"),
    ]
