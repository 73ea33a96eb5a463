"""Recurrence rules: checked against counting days, and bounded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from forty_calendars import Case
from hypothesis import given
from hypothesis import strategies as st

from engine.domain import Dataset
from engine.errors import DatasetError
from engine.interchange.ical import CalendarOptions, read_calendars
from engine.interchange.import_report import ImportReport

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
CHANGES = {  # zone to a day at which its clock changes
    "America/New_York": ("2026-03-08", "2026-11-01"),
    "Europe/London": ("2026-03-29", "2026-10-25"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),
    "America/Santiago": ("2026-04-05", "2026-09-06"),
    "Africa/Cairo": ("2026-04-24", "2026-10-30"),
}


def imported(
    *lines: str, case: Case | None = None, base: Dataset | None = None
) -> tuple[Dataset, ImportReport]:
    """What a calendar with these lines says."""
    text = "\n".join(("BEGIN:VCALENDAR", *lines, "END:VCALENDAR"))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "role.ics"
        file.write_text(text)
        into = base or (case or Case("", "")).base()
        return read_calendars(into, [str(file)], CalendarOptions())


def event(*lines: str, start: str = "DTSTART:20260301T090000Z", length: str = "PT1H") -> list[str]:
    """An opaque event of an hour."""
    return ["BEGIN:VEVENT", start, f"DURATION:{length}", *lines, "END:VEVENT"]


def refused(*lines: str) -> list[str]:
    """The errors of a calendar in which nothing can be used, without the one that says so."""
    with pytest.raises(DatasetError) as caught:
        imported(*lines)
    *errors, last = [row.code for row in caught.value.problems if row.is_error]
    assert last == "empty_dataset"
    return errors


def codes(report: ImportReport) -> set[str]:
    """What was found."""
    return {problem.code for problem in report.findings.problems}


def first_shown(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant at which a clock shows a time; else by its offset on the day before."""
    bare = wall.replace(tzinfo=UTC)
    hours = [bare + timedelta(hours=number) for number in range(-30, 30)]
    offsets = [hour.astimezone(zone).utcoffset() or timedelta() for hour in hours]
    ways = sorted({bare - offset for offset in offsets})
    shown = (way for way in ways if way.astimezone(zone).replace(tzinfo=None) == wall)
    return next(shown, bare - offsets[0])


@given(
    st.sampled_from([(zone, day) for zone, days in CHANGES.items() for day in days]),
    st.sets(st.sampled_from(DAYS), min_size=1),
    st.integers(0, 5 * 12 - 1),
    st.integers(1, 600),
)
def test_weekly_rules_are_like_counting_days(
    change: tuple[str, str], days: set[str], five_minutes: int, minutes: int
) -> None:
    """Around every change of a clock, with starts at night: starts by the clock, equal lengths."""
    name, day = change
    zone, around = ZoneInfo(name), date.fromisoformat(day)
    case = Case("", "", zone=name, first=str(around - timedelta(days=4)), days=9)
    clock = datetime.min.replace(hour=five_minutes // 12, minute=five_minutes % 12 * 5).time()
    start = f"DTSTART;TZID={name}:{around - timedelta(days=30):%Y%m%d}T{clock:%H%M%S}"
    rule = f"RRULE:FREQ=WEEKLY;BYDAY={','.join(sorted(days))}"
    dataset, _ = imported(*event(rule, start=start, length=f"PT{minutes}M"), case=case)
    horizon = case.base().header.horizon
    expected = []
    for number in range(-6, 8):
        at = around + timedelta(days=number)
        begins = first_shown(datetime.combine(at, clock), zone)
        ends = begins + timedelta(minutes=minutes)
        if DAYS[at.weekday()] in days and ends > horizon.start and begins < horizon.end:
            expected.append((begins, ends))
    found = [(row.start.astimezone(UTC), row.end.astimezone(UTC)) for row in dataset.appointments]
    assert sorted(found) == expected


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=HOURLY;BYSETPOS=2",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYWEEKNO=1;BYYEARDAY=200",
        "FREQ=SECONDLY;COUNT=9999999",
        "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9;BYMINUTE=0,10,20,30,40,50;BYSECOND=0,1,2,3,4,5",
    ],
)
def test_rules_that_take_too_long_are_refused(rule: str) -> None:
    """They have an error, and the events beside them are read."""
    start = "DTSTART:20200101T000000Z"
    dataset, report = imported(*event(f"RRULE:{rule}", start=start), *event("RRULE:FREQ=WEEKLY"))
    assert codes(report) == {"costly_rule"}
    assert not report.sessions
    assert len(dataset.appointments) == 2


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "DAILY",
        "FREQ=NEVER",
        "COUNT=3",
        "FREQ=DAILY;COUNT=3;UNTIL=20260310",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=1,2",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=٣",
        "FREQ=DAILY;BYHOUR=24",
        "FREQ=DAILY;BYMONTH=-1",
        "FREQ=DAILY;BYDAY=1MO,",
        "FREQ=MONTHLY;BYDAY=99999999999999999999MO",
        "FREQ=DAILY;WKST=XX",
        "FREQ=DAILY;UNTIL=",
        "FREQ=DAILY;BYSECOND=60",
        "RSCALE=HEBREW;FREQ=YEARLY",
        "FREQ=DAILY;BYMONTHDAY=" + ",".join(["1"] * 600),
        "FREQ=HOURLY;INTERVAL=24;BYHOUR=3",
    ],
)
def test_rules_that_are_malformed_are_refused(rule: str) -> None:
    """One error each, and no event."""
    assert refused(*event(f"RRULE:{rule}")) == ["wrong_value"]


def test_an_end_beyond_every_dataset_is_none() -> None:
    """UNTIL in the year 9999 is how some programs write endless."""
    dataset, report = imported(*event("RRULE:FREQ=WEEKLY;UNTIL=99991231T235959Z"))
    assert len(dataset.appointments) == 2
    assert not codes(report)


def test_an_end_on_a_date_means_the_whole_day() -> None:
    """Until 5 March, of a rule with times."""
    dataset, _ = imported(*event("RRULE:FREQ=DAILY;UNTIL=20260305"))
    assert [row.start.day for row in dataset.appointments] == [2, 3, 4, 5]


def test_exceptions_of_every_form_are_found() -> None:
    """In UTC, on another clock, as a date; the last takes its whole day away."""
    zone = "TZID=America/New_York"
    lines = event(
        "RRULE:FREQ=DAILY;COUNT=6",
        "EXDATE:20260302T140000Z",
        "EXDATE;TZID=Europe/London:20260303T140000,20260304T140000",
        "EXDATE;VALUE=DATE:20260305",
        start=f"DTSTART;{zone}:20260302T090000",
    )
    dataset, _ = imported(*lines)
    assert [row.start.day for row in dataset.appointments] == [6, 7]


def test_a_skipped_occurrence_is_found_by_its_instant() -> None:
    """Half past two on 8 March, left out or moved by the UTC of the half past three it is."""
    lines = ("UID:a", "RRULE:FREQ=DAILY;COUNT=3")
    start = "DTSTART;TZID=America/New_York:20260307T023000"
    gap = "20260308T073000Z"
    dataset, _ = imported(*event(*lines, f"EXDATE:{gap}", start=start))
    assert [row.start.day for row in dataset.appointments] == [7, 9]
    moved = event("UID:a", f"RECURRENCE-ID:{gap}", start="DTSTART:20260312T090000Z")
    dataset, _ = imported(*event(*lines, start=start), *moved)
    assert [row.start.day for row in dataset.appointments] == [7, 9, 12]


def test_changes_without_their_series_are_read() -> None:
    """A calendar may hold nothing of a series but the occurrence that was moved."""
    lines = event("UID:a", "RECURRENCE-ID:20260101T090000Z", start="DTSTART:20260303T090000Z")
    dataset, report = imported(*lines)
    assert [row.start.day for row in dataset.appointments] == [3]
    assert not codes(report)


def test_a_change_may_be_on_another_clock() -> None:
    """And counts as it is written there."""
    dataset, _ = imported(
        *event("UID:a", "RRULE:FREQ=DAILY;COUNT=2", start="DTSTART:20260302T090000Z"),
        *event(
            "UID:a",
            "RECURRENCE-ID:20260303T090000Z",
            start="DTSTART;TZID=Asia/Tokyo:20260304T090000",
        ),
    )
    starts = [f"{row.start.astimezone(UTC):%d %H}" for row in dataset.appointments]
    assert starts == ["02 09", "04 00"]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (event("EXRULE:FREQ=DAILY"), "unusable_row"),
        (event("RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"), "unusable_row"),
        (event("DTEND:20260301T100000Z"), "not_exactly_one"),
        (event("UID:a", "SEQUENCE:one"), "wrong_value"),
        (event("RECURRENCE-ID;RANGE=THISANDPRIOR:20260303T090000Z"), "wrong_value"),
        (event("UID:a", "UID:b"), "duplicate_key"),
        (event("RDATE:" + ",".join(["20260303T090000Z"] * 10_001)), "too_large"),
        (event("EXDATE;VALUE=PERIOD:20260303T090000Z/PT1H"), "wrong_value"),
        (event("RDATE;VALUE=PERIOD:20260303T090000Z/20260303T080000Z"), "empty_interval"),
        (event(start="DTSTART;VALUE=DATE:20260303"), "wrong_value"),
        (event(start="DTSTART:20260230T090000Z"), "bad_instant"),
        (event(start="DTSTART:2026-03-02T09:00:00Z"), "bad_instant"),
        (event(start="DTSTART:00010101T000000Z"), "out_of_range"),
        (event(length="P"), "wrong_value"),
        (event(length="PT"), "wrong_value"),
        (event(length="P9999999W"), "out_of_range"),
        (["BEGIN:VEVENT", "UID:x", "END:VEVENT"], "missing_field"),
        (["CALSCALE:HEBREW", *event()], "wrong_value"),
        (["BEGIN:VFREEBUSY", "FREEBUSY:20260303T090000Z", "END:VFREEBUSY"], "wrong_value"),
        (
            ["BEGIN:VFREEBUSY", "FREEBUSY:20260303T090000Z/20260302T090000Z", "END:VFREEBUSY"],
            "empty_interval",
        ),
        (["BEGIN:VAVAILABILITY", "DTSTART:today", "END:VAVAILABILITY"], "bad_instant"),
    ],
)
def test_what_cannot_be_used_has_one_error(lines: list[str], code: str) -> None:
    """And where it is all there is, nothing is made."""
    assert refused(*lines) == [code]


def test_the_events_beside_what_cannot_be_used_are_read() -> None:
    """An error is no reason to do without the rest."""
    dataset, report = imported(
        *event("EXRULE:FREQ=DAILY"), *event(start="DTSTART:20260303T090000Z")
    )
    assert codes(report) == {"unusable_row"}
    assert len(dataset.appointments) == 1


def test_a_second_calendar_takes_its_time_too() -> None:
    """Read later, it may begin at the same time and last longer; what is the same is counted."""
    first = event(start="DTSTART:20260303T090000Z")
    before, _ = imported(*first)
    longer = event(start="DTSTART:20260303T090000Z", length="PT3H")
    after, report = imported(*first, *longer, base=before)
    assert not report.findings.problems
    assert report.sessions == {"busy times that are there already": 1}
    names = [(row.id, row.end.astimezone(UTC).hour) for row in after.appointments]
    assert names == [("role-busy-20260303-0400", 10), ("role-busy-20260303-0400-2", 12)]


def test_events_that_never_come_are_counted() -> None:
    """Those that lie before and behind the horizon, whether or not they repeat."""
    away = [event(start=f"DTSTART:{day}T090000Z") for day in ("20260101", "20270101")]
    over = event("RRULE:FREQ=DAILY;COUNT=3", start="DTSTART:20250101T090000Z")
    _, report = imported(*away[0], *away[1], *over)
    assert report.sessions == {"outside the horizon": 3}


def test_nothing_is_dropped_without_a_word() -> None:
    """Other components, inside and outside, are warned of; a calendar that cancels is counted."""
    inner = ["BEGIN:VEVENT", "END:VEVENT"]
    dataset, report = imported("BEGIN:VTODO", "END:VTODO", *event(*inner))
    assert report.findings.counts["warning", "unused_resource"] == 2
    assert len(dataset.appointments) == 0
    dataset, report = imported("METHOD:CANCEL", *event(start="DTSTART:20260303T090000Z"))
    assert report.sessions == {"cancelled": 1}
    assert not dataset.appointments


def test_too_many_changes_of_a_series_are_refused() -> None:
    """The library compares all of them for every occurrence."""
    names = [f"202603{n % 28 + 1:02}T{n // 60:02}{n % 60:02}00Z" for n in range(1_001)]
    rows = [line for name in names for line in event("UID:a", f"RECURRENCE-ID:{name}")]
    assert refused(*rows) == ["too_large"]
