"""Formats of dates and instants: what they must state, and what they give."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from engine.interchange.csv_tables.cell_error import CellError
from engine.interchange.csv_tables.moments import (
    judge_format,
    later,
    read_date,
    read_instant,
    read_minutes,
)

ZONE = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("format_", "said"),
    [
        ("%Q", "no directive %Q"),
        ("%Z", "no directive %Z"),
        ("%j", "no directive %j"),
        ("%-d", "no directive %-"),
        ("%Y-%m-%d %H:%M%", "no directive %"),
        ("%Y-%m-%d %y %H", "states the year twice"),
        ("%m/%d %H:%M", "does not state the year"),
        ("%Y/%d %H:%M", "does not state the month"),
        ("%Y %B %H:%M", "does not state the day"),
        ("%Y-%m-%d", "does not state the time of day"),
        ("%Y-%m-%d %M", "does not state the time of day"),
        ("%Y-%m-%d %I:%M", "%I and %p go together"),
        ("%Y-%m-%d %H:%M %p", "%I and %p go together"),
        ("", "does not state the day"),
    ],
)
def test_formats_that_leave_an_instant_open_are_refused(format_: str, said: str) -> None:
    """A locale, a zone without an offset, half of the day: nothing is guessed."""
    with pytest.raises(ValueError, match=said):
        judge_format(format_, needs_time=True, may_have_time=True)


@pytest.mark.parametrize("format_", ["%Y-%m-%d %H", "%y%%%b%d%H%M%S%f%z", "%A %d. %B %Y %I:%M%p"])
def test_formats_that_state_an_instant_are_taken(format_: str) -> None:
    """An hour is enough; a percent sign is itself."""
    assert "hour" in judge_format(format_, needs_time=True, may_have_time=True)


@pytest.mark.parametrize("format_", ["%Y-%m-%d %H", "%Y-%m-%d %z", "%y-%m-%d", "%Y-%m-%d %M"])
def test_formats_that_are_no_date_are_refused(format_: str) -> None:
    """No time of day, and a century."""
    with pytest.raises(ValueError, match=r"time of day|century|without the hour"):
        judge_format(format_, needs_time=False, may_have_time=False)
    assert judge_format("%d.%m.%Y", needs_time=False, may_have_time=False)


def test_minutes_of_a_moment_need_the_hour() -> None:
    """It may be a date, but not a date and a half."""
    with pytest.raises(ValueError, match="without the hour"):
        judge_format("%Y-%m-%d %M", needs_time=False, may_have_time=True)
    assert judge_format("%y-%m-%d", needs_time=False, may_have_time=True)


@pytest.mark.parametrize(
    ("text", "format_", "instant", "reading"),
    [
        ("2026-03-08T01:59", None, "2026-03-08T01:59:00-05:00", "once"),
        ("2026-03-08T02:00", None, "2026-03-08T03:00:00-04:00", "skipped"),
        ("2026-03-08T02:59:59", None, "2026-03-08T03:00:00-04:00", "skipped"),
        ("2026-03-08T03:00", None, "2026-03-08T03:00:00-04:00", "once"),
        ("11/1/2026 0:59", "%m/%d/%Y %H:%M", "2026-11-01T00:59:00-04:00", "once"),
        ("11/1/2026 1:00", "%m/%d/%Y %H:%M", "2026-11-01T01:00:00-04:00", "repeated"),
        ("2026-11-01 01:59:59.5", None, "2026-11-01T01:59:59.500000-04:00", "repeated"),
        ("2026-11-01 02:00", None, "2026-11-01T02:00:00-05:00", "once"),
        ("2026-11-01 01:30Z", None, "2026-11-01T01:30Z", "once"),
        ("2026-11-01T01:30-05:00", None, "2026-11-01T01:30-05:00", "once"),
    ],
)
def test_clock_times_and_offsets(
    text: str, format_: str | None, instant: str, reading: str
) -> None:
    """Just before, in and after the two nights of the year; an offset is believed."""
    assert read_instant(text, format_, ZONE) == (instant, reading)


@pytest.mark.parametrize("text", ["", "9:00", "2026-03-08", "2026-3-8T09:00", "2026-03-08T25:00"])
def test_other_texts_are_no_instants(text: str) -> None:
    """The finding says how one is written."""
    with pytest.raises(CellError) as caught:
        read_instant(text, None, ZONE)
    assert caught.value.code == "bad_instant"


def test_dates_are_written_as_iso_8601_has_them() -> None:
    """Also those of the first century, which some libraries write with fewer digits."""
    assert read_date("1/2/0033", "%d/%m/%Y") == "0033-02-01"
    assert read_date("2026-03-08", None) == "2026-03-08"


@pytest.mark.parametrize(("text", "minutes"), [("0", 0), ("90", 90), ("1:30", 90), ("0:05", 5)])
def test_minutes(text: str, minutes: int) -> None:
    """Alone, or behind hours."""
    assert read_minutes(text) == minutes


def test_later_is_counted_as_time_that_passes() -> None:
    """Across the night in which the clock jumps, and not from what has no offset."""
    assert later("2026-03-08T01:30:00-05:00", 60) == "2026-03-08T02:30:00-05:00"
    with pytest.raises(ValueError, match="offset"):
        later("2026-03-08T01:30:00", 60)
