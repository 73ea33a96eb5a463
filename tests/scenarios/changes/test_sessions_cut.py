"""A role or a doctor has fewer sessions."""

from __future__ import annotations

from typing import Any

import pytest
from clinic import Clinic, at
from situations import after, hours, open_requests, wrong


def two_weeks() -> Clinic:
    """A doctor at the office on two Mondays and a Tuesday, by video on Monday afternoon."""
    clinic = Clinic().video_role().session().session(day=1).session(day=7)
    return clinic.session("14:00", "15:00", role_id="video")


def test_weekdays_of_a_role() -> None:
    """Its Mondays are gone; its Tuesday stays, and the other role."""
    found = after(two_weeks(), "sessions_cut", role_id="role", weekdays=["mon"]).dataset
    assert hours(found) == ["02 14:00-15:00", "03 09:00-10:00"]


def test_weekdays_of_a_doctor() -> None:
    """In every role."""
    found = after(two_weeks(), "sessions_cut", doctor_id="dr", weekdays=["mon"]).dataset
    assert hours(found) == ["03 09:00-10:00"]


def test_weekdays_for_a_while() -> None:
    """Only the first Monday is in the first week."""
    found = after(
        two_weeks(), "sessions_cut", role_id="role", weekdays=["mon"], end="2026-03-08"
    ).dataset
    assert hours(found, "role") == ["03 09:00-10:00", "09 09:00-10:00"]


def test_an_interval_cuts_out_of_the_middle() -> None:
    """Whole cells on either side stay, and who was to come in between asks again."""
    clinic = two_weeks().request("ann").request("bob").request("cat")
    clinic.appointment("09:00", "09:15", request="ann").appointment("09:30", "09:45", request="cat")
    clinic.appointment("09:15", "09:30", request="bob")
    found = after(
        clinic,
        "sessions_cut",
        role_id="role",
        start=at("09:15").isoformat(),
        end=at("09:30").isoformat(),
    ).dataset
    assert hours(found, "role")[:2] == ["02 09:00-09:15", "02 09:30-10:00"]
    assert open_requests(found) == ["bob"]


def test_days_are_those_of_the_place() -> None:
    """Monday evening in Los Angeles is Tuesday in New York, and is cut as Monday."""
    clinic = Clinic().location("west", time_zone="America/Los_Angeles")
    clinic.role("west-role", location_id="west")
    clinic.session("00:00", "01:00", day=1, role_id="west-role")
    assert (
        after(clinic, "sessions_cut", role_id="west-role", weekdays=["mon"]).dataset.sessions == ()
    )
    kept = after(clinic, "sessions_cut", role_id="west-role", weekdays=["tue"]).dataset.sessions
    assert len(kept) == 1


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, [("not_exactly_one", "role_id")]),
        ({"role_id": "role", "doctor_id": "dr"}, [("not_exactly_one", "role_id")]),
        ({"role_id": "x"}, [("dangling_reference", "role_id")]),
        ({"doctor_id": "x"}, [("dangling_reference", "doctor_id")]),
        ({"role_id": "role", "weekdays": ["mon", "mon"]}, [("duplicate_reference", "weekdays/1")]),
        ({"role_id": "role", "end": "2026-03-01"}, [("empty_interval", "end")]),
    ],
)
def test_everything_wrong_is_found(fields: dict[str, Any], found: list[tuple[str, str]]) -> None:
    """Each where it stands."""
    rows = wrong(two_weeks(), "sessions_cut", **fields)
    assert rows == [(code, f"/changes/0/{path}") for code, path in found]
