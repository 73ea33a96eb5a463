"""Clocks that a calendar defines itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.interchange.ical.expansion import Budget
from engine.interchange.ical.text import components
from engine.interchange.ical.values import BadValueError
from engine.interchange.ical.zones import Change, DefinedZone, Zones
from engine.problems import Report
from engine.time_grid import first_reading, is_skipped

NAMES = ("America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "UTC")
FIRST, LAST = datetime(2011, 6, 1), datetime(2015, 1, 1)


@cache
def copy_of(name: str) -> DefinedZone:
    """A zone by the changes of another."""
    zone, changes = ZoneInfo(name), list[Change]()
    instant = FIRST.replace(tzinfo=UTC)
    offset = first = instant.astimezone(zone).utcoffset() or timedelta()
    while instant.replace(tzinfo=None) < LAST:
        instant += timedelta(minutes=30)
        new = instant.astimezone(zone).utcoffset() or timedelta()
        if new != offset:
            changes.append((instant.replace(tzinfo=None) + offset, offset, new))
            offset = new
    return DefinedZone(name, changes or [(FIRST, first, first)])


@given(st.sampled_from(NAMES), st.datetimes(FIRST + timedelta(2), LAST - timedelta(2)))
def test_a_copy_of_a_zone_is_like_it(name: str, moment: datetime) -> None:
    """Instants become the same clock times, and clock times the same instants, read both ways."""
    zone, copy = ZoneInfo(name), copy_of(name)
    instant = moment.replace(tzinfo=UTC)
    for fold in (0, 1):
        wall = moment.replace(fold=fold)
        ours, theirs = (wall.replace(tzinfo=row).astimezone(UTC) for row in (copy, zone))
        assert ours == theirs
    ours, theirs = instant.astimezone(copy), instant.astimezone(zone)
    assert (ours.replace(tzinfo=None), ours.fold) == (theirs.replace(tzinfo=None), theirs.fold)
    assert is_skipped(moment, copy) == is_skipped(moment, zone)


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_is_like_the_zone_around_every_change(name: str) -> None:
    """Minute by minute, where clocks jump."""
    zone, copy = ZoneInfo(name), copy_of(name)
    for change in copy._instants:
        for minutes in range(-1500, 1500, 7):
            wall = change + timedelta(minutes=minutes)
            assert first_reading(wall, copy) == first_reading(wall, zone)


def zones_of(*lines: str) -> tuple[Zones, Report]:
    """The clocks of a calendar with one definition."""
    text = "\n".join(
        ["BEGIN:VCALENDAR", "BEGIN:VTIMEZONE", *lines, "END:VTIMEZONE", "END:VCALENDAR"]
    )
    findings = Report()
    top = components(text.encode(), "c.ics", findings)
    assert top is not None
    return Zones(ZoneInfo("America/New_York"), top[0], Budget(), findings), findings


STANDARD = (
    "BEGIN:STANDARD",
    "DTSTART:20200101T000000",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0100",
    "END:STANDARD",
)


def test_an_iana_name_means_the_zone_that_everybody_knows() -> None:
    """Though the calendar says otherwise: its copy is as old as the program that wrote it."""
    zones, findings = zones_of("TZID:Europe/London", *STANDARD)
    assert zones.named("Europe/London", "") == ZoneInfo("Europe/London")
    assert not findings.problems


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Eastern Standard Time", "America/New_York"),
        ("/example.org/2026/Europe/Berlin", "Europe/Berlin"),
        ("Nowhere", None),
    ],
)
def test_a_zone_that_nobody_defines_is_not_guessed(name: str, hint: str | None) -> None:
    """The error names what may be meant, and nothing is read as that."""
    zones, _ = zones_of("TZID:X", *STANDARD)
    with pytest.raises(BadValueError) as error:
        zones.named(name, "c.ics:3/DTSTART")
    assert error.value.code == "unknown_time_zone"
    assert ("Maybe" in str(error.value)) == (hint is not None)
    assert hint is None or hint in str(error.value)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (STANDARD, "missing_field"),
        (("TZID:X",), "missing_field"),
        (("TZID:X", *STANDARD[:1], *STANDARD[2:]), "missing_field"),
        (("TZID:X", *STANDARD[:2], *STANDARD[3:]), "missing_field"),
        (("TZID:X", *STANDARD[:3], "TZOFFSETTO:+2500", "END:STANDARD"), "wrong_value"),
        (("TZID:X", *STANDARD[:4], "RRULE:FREQ=SECONDLY", "END:STANDARD"), "costly_rule"),
        (("TZID:X", *STANDARD[:4], "RRULE:FREQ=DAILY;BYWEEKNO=x", "END:STANDARD"), "wrong_value"),
        (("TZID:X", *STANDARD[:4], "RRULE:FREQ=YEARLY;BYDAY=1MO,9FR", "END:STANDARD"), ""),
        (("TZID:X", *STANDARD[:4], "RRULE:FREQ=YEARLY;UNTIL=now", "END:STANDARD"), "bad_instant"),
        (("TZID:X", *STANDARD[:4], "RDATE:20260101/P1D", "END:STANDARD"), "wrong_value"),
        (("TZID:X", *STANDARD[:4], "RDATE:2026\x01", "END:STANDARD"), "bad_instant"),
    ],
)  # fmt: skip
def test_a_definition_that_is_wrong_defines_nothing(lines: tuple[str, ...], code: str) -> None:
    """It is reported once, and what uses it is told that it cannot."""
    zones, findings = zones_of(*lines)
    assert [problem.code for problem in findings.problems] == [code] * bool(code)
    if code:
        with pytest.raises(BadValueError, match="zone"):
            zones.named("X", "")


def test_the_first_of_two_definitions_counts() -> None:
    """The second is named in a warning."""
    other = [line.replace("+0100", "+0900") for line in STANDARD]
    zones, findings = zones_of(
        "TZID:X", *STANDARD, "END:VTIMEZONE", "BEGIN:VTIMEZONE", "TZID:X", *other
    )
    assert [problem.code for problem in findings.problems] == ["duplicate_id"]
    assert first_reading(datetime(2026, 1, 1, 1), zones.named("X", "")).hour == 0
