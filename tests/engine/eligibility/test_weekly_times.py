"""Only at the weekly times insisted on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from clinic import ZONE, Clinic, agree, starts

from engine.domain import WeeklyTime, Wishes


def only_at(*times: tuple[Any, str, str], **more: Any) -> dict[str, Any]:
    """A request that insists on weekly times."""
    stretches = tuple(WeeklyTime(days=days, start=start, end=end) for days, start, end in times)
    return {"wishes": Wishes(times=stretches), "insists_on": ("times",), **more}


def test_visit_inside_is_admitted() -> None:
    """A visit from the start to the end of a stretch lies in it."""
    clinic = Clinic().session().request("ann", **only_at((("mon",), "09:15", "09:30")))
    assert agree(clinic, "ann", ("s1", "09:15"), "weekly_times")


def test_one_minute_outside_is_refused() -> None:
    """A visit that ends a minute after the stretch does not."""
    clinic = Clinic().session().request("ann", **only_at((("mon",), "09:15", "09:29")))
    assert not agree(clinic, "ann", ("s1", "09:15"), "weekly_times")


def test_other_weekday_is_refused() -> None:
    """The clock suits, the day does not."""
    clinic = Clinic().session().request("ann", **only_at((("tue",), "09:00", "10:00")))
    assert not agree(clinic, "ann", ("s1", "09:15"), "weekly_times")


def test_adjoining_stretches_are_one() -> None:
    """A visit may cross from one stretch into the next."""
    clinic = Clinic().visit_type("visit", minutes=30).session()
    times = ((("mon",), "09:00", "09:15"), (("mon",), "09:15", "09:30"))
    assert agree(clinic.request("ann", **only_at(*times)), "ann", ("s1", "09:00"), "weekly_times")


def test_sunday_night_goes_on_into_monday() -> None:
    """A night worker's stretch over Sunday midnight is one stretch."""
    clinic = Clinic().visit_type("visit", minutes=60)
    clinic.session("23:30", "23:59", day=6, id="night", cell_minutes=29)
    clinic.sessions[0] = clinic.sessions[0].__class__(
        id="night",
        role_id="role",
        start=clinic.sessions[0].start,
        end=clinic.sessions[0].start.replace(day=9, hour=0, minute=30),
        cell_minutes=60,
    )
    times = ((("sun",), "22:00", "24:00"), (("mon",), "00:00", "02:00"))
    assert agree(
        clinic.request("ann", **only_at(*times)), "ann", ("night", "23:30"), "weekly_times"
    )


def test_wish_without_insisting_binds_nobody() -> None:
    """A mere wish leaves every place open."""
    wishes = Wishes(times=(WeeklyTime(days=("tue",), start="09:00", end="10:00"),))
    assert len(starts(Clinic().session().request("ann", wishes=wishes), "ann")) == 4


def test_day_session_suits_on_a_suitable_weekday() -> None:
    """A day session suits if any stretch falls on its weekday."""
    clinic = Clinic().session("08:00", "20:00", kind="day", cell_minutes=None, id="mon")
    clinic.session("08:00", "20:00", day=1, kind="day", cell_minutes=None, id="tue")
    clinic.request("ann", **only_at((("tue",), "06:00", "07:00")))
    assert agree(clinic, "ann", ("tue", "08:00"), "weekly_times")
    assert not agree(clinic, "ann", ("mon", "08:00"), "weekly_times")


def test_clock_is_that_of_the_place() -> None:
    """Nine o'clock is nine o'clock in Chicago for a visit there."""
    clinic = Clinic().location("chicago", time_zone="America/Chicago", coordinates=None)
    clinic.role("away", location_id="chicago").session("10:00", "11:00", role_id="away", id="c")
    clinic.request("ann", **only_at((("mon",), "09:00", "09:15")))
    assert starts(clinic, "ann") == ["c 09:00"]


def autumn(minutes: int, *times: tuple[Any, str, str]) -> Clinic:
    """A visit from 01:30 daylight time on the night when 01:00 to 02:00 comes twice."""
    night = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    clinic = Clinic(as_of=night - timedelta(days=1), days=300)
    clinic.visit_type("visit", minutes=minutes)
    start, end = night.astimezone(ZONE), (night + timedelta(minutes=minutes)).astimezone(ZONE)
    clinic.session(id="night")
    clinic.sessions[0] = replace(clinic.sessions[0], start=start, end=end, cell_minutes=minutes)
    return clinic.request("ann", **only_at(*times))


@pytest.mark.parametrize(
    ("minutes", "until", "suits"),
    [(15, "01:45", True), (15, "01:44", False), (45, "01:40", False), (45, "02:00", True)],
)
def test_every_minute_of_a_night_that_repeats_an_hour_must_suit(
    minutes: int, until: str, *, suits: bool
) -> None:
    """01:30 to 02:00 and again 01:00 to 01:15: the clock jumps back, the visit does not."""
    clinic = autumn(minutes, (("sun",), "01:00", until))
    assert agree(clinic, "ann", ("night", "01:30"), "weekly_times") == suits


def test_the_hour_that_a_night_skips_need_not_suit() -> None:
    """From 01:45 to 03:15 in spring there are 30 minutes, none of them between 2 and 3."""
    night = datetime(2026, 3, 8, 6, 45, tzinfo=UTC)
    clinic = Clinic().visit_type("visit", minutes=30).session(id="night")
    start, end = night.astimezone(ZONE), (night + timedelta(minutes=30)).astimezone(ZONE)
    clinic.sessions[0] = replace(clinic.sessions[0], start=start, end=end, cell_minutes=30)
    times = ((("sun",), "01:00", "02:00"), (("sun",), "03:00", "04:00"))
    clinic.request("ann", **only_at(*times))
    assert agree(clinic, "ann", ("night", "01:45"), "weekly_times")
