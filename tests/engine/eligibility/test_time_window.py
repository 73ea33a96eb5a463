"""The visit lies in the patient's window."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from clinic import Clinic, agree, at, starts


def test_whole_visit_inside_is_admitted() -> None:
    """Beginning at the earliest and ending at the latest is inside."""
    clinic = Clinic().session().request("ann", earliest=at("09:15"), latest=at("09:30"))
    assert agree(clinic, "ann", ("s1", "09:15"), "time_window")
    assert starts(clinic, "ann") == ["s1 09:15"]


def test_one_minute_too_early_or_late_is_refused() -> None:
    """A minute before the earliest, or ending a minute after the latest, is outside."""
    early = Clinic().session().request("ann", earliest=at("09:01"))
    assert not agree(early, "ann", ("s1", "09:00"), "time_window")
    late = Clinic().session().request("ann", latest=at("09:14"))
    assert not agree(late, "ann", ("s1", "09:00"), "time_window")


def test_plain_dates_are_whole_days() -> None:
    """A date as earliest is its midnight, as latest the end of the day."""
    clinic = Clinic()
    for day in (0, 1, 2):
        clinic.session("00:00", "00:15", day=day, id=f"first{day}")
        clinic.session("23:45", "23:59", day=day, id=f"last{day}", cell_minutes=14)
    clinic.visit_type("visit", minutes=14)
    clinic.request("ann", earliest=date(2026, 3, 3), latest=date(2026, 3, 3))
    assert starts(clinic, "ann") == ["first1 00:00", "last1 23:45"]


def test_day_session_is_judged_by_its_day() -> None:
    """A day session has no told time: it is open on the first day and on the last."""
    clinic = Clinic()
    for day in (0, 1, 2, 3):
        clinic.session("08:00", "20:00", day=day, id=f"d{day}", kind="day", cell_minutes=None)
    clinic.request("ann", earliest=at("15:00", 1), latest=at("09:00", 2))
    assert [place.split()[0] for place in starts(clinic, "ann")] == ["d1", "d2"]
    assert not agree(clinic, "ann", ("d0", "08:00"), "time_window")
    assert not agree(clinic, "ann", ("d3", "08:00"), "time_window")


def test_feasible_with_much_fixed() -> None:
    """A window of one visit, with urgency, limits and wishes stated, is still a place."""
    clinic = (
        Clinic()
        .session()
        .request(
            "ann",
            earliest=at("09:30"),
            latest=at("09:45"),
            urgency="urgent",
            max_travel_km=1.0,
            specialty=None,
        )
    )
    assert agree(clinic, "ann", ("s1", "09:30"), "time_window")


@pytest.mark.parametrize(
    ("zone", "place", "window", "day"),
    [
        ("America/New_York", "America/Los_Angeles", {"earliest": date(2026, 3, 3)}, 0),
        ("America/Los_Angeles", "America/New_York", {"latest": date(2026, 3, 3)}, 2),
    ],
)
def test_day_session_wholly_outside_the_window_is_refused(
    zone: str, place: str, window: dict[str, Any], day: int
) -> None:
    """A plain date is a day of the dataset's zone: what ends before it, or begins after it,
    is outside, whatever the date says at the place.
    """
    clinic = Clinic(zone=zone).location("coast", time_zone=place).role("coast", location_id="coast")
    clinic.session(id="d").request("ann", **window)
    start = at("09:00", day).replace(tzinfo=ZoneInfo(place))
    clinic.sessions[0] = replace(
        clinic.sessions[0],
        kind="day",
        role_id="coast",
        cell_minutes=None,
        start=start,
        end=start.replace(hour=17),
    )
    assert not agree(clinic, "ann", ("d", "09:00"), "time_window")
