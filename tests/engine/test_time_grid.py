"""Instants, clocks and days, over daylight-saving nights in both directions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.time_grid import (
    TimeGrid,
    at_clock,
    beginning_of,
    clock_reading,
    day_of,
    elapsed,
    end_of,
    first_reading,
    is_skipped,
    minute_of_week,
    working_day_ends,
    zone_names,
)

ORIGIN = datetime(2026, 3, 1, 5, tzinfo=UTC)
ZONES = (
    "America/New_York",
    "America/Phoenix",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/St_Johns",
)
GRID = TimeGrid.spanning(ORIGIN, ORIGIN - timedelta(days=500), ORIGIN + timedelta(days=500), ZONES)


@given(st.integers(-500 * 1440, 500 * 1440), st.sampled_from(range(len(ZONES))))
def test_wall_clock_is_that_of_the_standard_library(minute: int, zone: int) -> None:
    """Vectorised clock time equals zoneinfo's, and minutes survive the way there and back."""
    instant = GRID.instant(minute, zone)
    wall = instant.replace(tzinfo=None) - datetime(1970, 1, 1)
    assert GRID.wall(zone, minute) == wall // timedelta(minutes=1)
    assert GRID.minutes(instant) == minute
    assert day_of(int(GRID.day(zone, minute))) == instant.date()


@pytest.mark.parametrize("name", sorted(zone_names() - {"Factory", "localtime"}))
def test_every_zone_over_every_change_of_a_year(name: str) -> None:
    """Every zone there is, an hour before, at and after every change of its offset."""
    grid = TimeGrid.spanning(ORIGIN, ORIGIN, ORIGIN + timedelta(days=400), [name])
    for key in grid.change_key.tolist()[1:]:
        for delta in (-60, -1, 0, 1, 60):
            minute = key - grid.shift + delta
            wall = grid.instant(minute, 0).replace(tzinfo=None) - datetime(1970, 1, 1)
            assert int(grid.wall(0, minute)) == wall // timedelta(minutes=1)


def test_two_instants_of_one_zone_are_compared_as_instants() -> None:
    """Over the night the clock jumps, a day is 23 hours, although Python subtracts 24."""
    zone = ZoneInfo("America/New_York")
    start, end = datetime(2026, 3, 7, 12, tzinfo=zone), datetime(2026, 3, 8, 12, tzinfo=zone)
    assert end - start == timedelta(hours=24)
    assert elapsed(start, end) == timedelta(hours=23)


def test_clock_time_that_is_skipped_is_the_jump() -> None:
    """Half past two on 8 March is three o'clock; half past one on 1 November the first one."""
    zone = ZoneInfo("America/New_York")
    assert at_clock(date(2026, 3, 8), 150, zone).isoformat() == "2026-03-08T03:00:00-04:00"
    assert at_clock(date(2026, 11, 1), 90, zone).isoformat() == "2026-11-01T01:30:00-04:00"


@pytest.mark.parametrize("name", sorted(zone_names() - {"Factory", "localtime"}))
def test_how_often_a_clock_shows_a_time(name: str) -> None:
    """In every zone, around every change of a year: as often as a search of instants finds it."""
    zone = ZoneInfo(name)
    grid = TimeGrid.spanning(ORIGIN, ORIGIN, ORIGIN + timedelta(days=400), [name])
    for key in grid.change_key.tolist()[1:]:
        change = grid.instant(key - grid.shift, 0)
        for seconds in (-5400, -1, 0, 1, 1799, 1800, 3599, 3600, 5400):
            wall = change.replace(tzinfo=None, fold=0) + timedelta(seconds=seconds)
            shown = [
                instant
                for offset in {(change + timedelta(days=days)).utcoffset() for days in (-1, 1)}
                for instant in [(wall - (offset or timedelta())).replace(tzinfo=UTC)]
                if instant.astimezone(zone).replace(tzinfo=None) == wall
            ]
            instant, reading = clock_reading(wall, zone)
            assert reading == ("skipped", "once", "repeated")[len(shown)]
            assert instant.astimezone(UTC) == min(shown, default=change.astimezone(UTC))


def test_calendars_read_what_is_skipped_or_repeated_by_their_own_standard() -> None:
    """Half past two that is skipped is half past three; the first of two half past ones counts."""
    zone = ZoneInfo("America/New_York")
    gap, fold = datetime(2026, 3, 8, 2, 30), datetime(2026, 11, 1, 1, 30, fold=1)
    assert first_reading(gap, zone) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert first_reading(fold, zone) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert is_skipped(gap, zone)
    assert not is_skipped(fold, zone)


def test_day_begins_with_the_jump_where_midnight_is_skipped() -> None:
    """In Cairo 24 April 2026 begins at one o'clock."""
    zone = ZoneInfo("Africa/Cairo")
    assert beginning_of(date(2026, 4, 24), zone).isoformat() == "2026-04-24T01:00:00+03:00"
    assert end_of(date(2026, 4, 23), zone) == beginning_of(date(2026, 4, 24), zone)
    index = ZONES.index("Africa/Cairo")
    minute = GRID.midnight(date(2026, 4, 24), index)
    assert GRID.instant(minute, index).isoformat() == "2026-04-24T01:00:00+03:00"


def test_seconds_are_rounded_towards_the_side_that_is_safe() -> None:
    """Down for what lies behind, up for what lies ahead."""
    assert GRID.minutes(ORIGIN + timedelta(seconds=119)) == 1
    assert GRID.minutes_up(ORIGIN + timedelta(seconds=61)) == 2


def test_week_begins_on_monday() -> None:
    """Monday 2 March 2026, midnight in New York, is minute 0 of the week."""
    minute = GRID.minutes(datetime(2026, 3, 2, tzinfo=ZoneInfo("America/New_York")))
    assert minute_of_week(GRID.wall(0, minute)) == 0


def test_working_days_skip_weekends_and_holidays() -> None:
    """From Friday, Saturday and Sunday the next working day is Monday, or the day after."""
    monday = (date(2026, 11, 23) - date(1970, 1, 1)).days
    days = monday - np.array([3, 2, 1])
    assert working_day_ends(days, 1, ()).tolist() == [monday] * 3
    assert working_day_ends(days, 1, (date(2026, 11, 23),)).tolist() == [monday + 1] * 3
    assert working_day_ends(days, 0, ()).tolist() == [monday - 3] * 3
