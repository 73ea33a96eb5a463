"""What each of the forty calendars says, worked out by hand: every session and block, in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.domain import DATASET_SCHEMA, Dataset, Header, Interval, Location, Role, Service

FOLDER = Path(__file__).parents[1] / "engine" / "interchange" / "calendars"


@dataclass(frozen=True)
class Case:
    """A calendar of a role in a zone, what it says within a horizon, and what is found wrong."""

    name: str
    says: str
    codes: tuple[str, ...] = ()
    zone: str = "America/New_York"
    first: str = "2026-03-02"
    days: int = 14

    @property
    def file(self) -> Path:
        """The calendar."""
        return FOLDER / f"{self.name}.ics"

    @property
    def expected(self) -> list[str]:
        """A line per session or block, in order."""
        return sorted(line.strip() for line in self.says.strip().splitlines() if line.strip())

    def base(self) -> Dataset:
        """A dataset with one role in the zone, and nothing else."""
        start = datetime.fromisoformat(self.first).replace(tzinfo=ZoneInfo(self.zone))
        return Dataset(
            header=Header(
                schema=DATASET_SCHEMA,
                as_of=start,
                horizon=Interval(start=start, end=start + timedelta(days=self.days)),
                time_zone="UTC",
            ),
            services=(Service(id="chair"),),
            roles=(Role(id="role", service_id="chair", location_id="office", networks="any"),),
            locations=(Location(id="office", time_zone=self.zone),),
        )


def lines_of(dataset: Dataset) -> list[str]:
    """Sessions and blocks as the table writes them."""
    rows = [("hours", row.start, row.end) for row in dataset.sessions]
    rows += [("busy", row.start, row.end) for row in dataset.appointments]
    return sorted(f"{kind} {_utc(start)} - {_utc(end)}" for kind, start, end in rows)


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M}"


CASES = (
    Case(  # the clock goes forward on 8 March: nine o'clock is 14:00 before it, 13:00 after it
        "weekly",
        """hours 2026-03-03 14:00 - 2026-03-03 17:00
        hours 2026-03-05 14:00 - 2026-03-05 17:00
        hours 2026-03-10 13:00 - 2026-03-10 16:00
        hours 2026-03-12 13:00 - 2026-03-12 16:00""",
    ),
    Case(  # an exception counts towards COUNT
        "count-with-exdate",
        """hours 2026-03-02 14:00 - 2026-03-02 15:00
        hours 2026-03-03 14:00 - 2026-03-03 15:00
        hours 2026-03-05 14:00 - 2026-03-05 15:00
        hours 2026-03-06 14:00 - 2026-03-06 15:00""",
    ),
    Case(  # eight in the evening is one o'clock of the next day in UTC; UNTIL is inclusive
        "until-in-utc",
        """hours 2026-03-05 01:00 - 2026-03-05 02:00
        hours 2026-03-06 01:00 - 2026-03-06 02:00
        hours 2026-03-07 01:00 - 2026-03-07 02:00""",
    ),
    Case(
        "until-a-second-before",
        """hours 2026-03-05 01:00 - 2026-03-05 02:00
        hours 2026-03-06 01:00 - 2026-03-06 02:00""",
    ),
    Case(  # the RECURRENCE-ID is in UTC, the series is not
        "moved",
        """hours 2026-03-02 15:00 - 2026-03-02 16:00
        hours 2026-03-09 19:00 - 2026-03-09 20:00""",
    ),
    Case(
        "shortened-and-cancelled",
        """hours 2026-03-02 14:00 - 2026-03-02 17:00
        hours 2026-03-03 14:00 - 2026-03-03 14:30""",
    ),
    Case(  # one of January comes to 3 March, that of 9 March goes to April
        "moved-in-and-out",
        """hours 2026-03-02 15:00 - 2026-03-02 16:00
        hours 2026-03-03 13:00 - 2026-03-03 14:00""",
    ),
    Case(  # from 4 March on two hours later, and half as long
        "this-and-future",
        """hours 2026-03-02 14:00 - 2026-03-02 15:00
        hours 2026-03-03 14:00 - 2026-03-03 15:00
        hours 2026-03-04 16:00 - 2026-03-04 16:30
        hours 2026-03-05 16:00 - 2026-03-05 16:30
        hours 2026-03-06 16:00 - 2026-03-06 16:30""",
    ),
    Case(  # periods have their own lengths
        "rdate",
        """hours 2026-03-02 14:00 - 2026-03-02 15:00
        hours 2026-03-04 18:00 - 2026-03-04 19:00
        hours 2026-03-05 18:00 - 2026-03-05 19:00
        hours 2026-03-06 15:00 - 2026-03-06 15:30
        hours 2026-03-09 15:00 - 2026-03-09 17:00""",
    ),
    Case(
        "floating",
        """hours 2026-03-02 15:00 - 2026-03-02 18:00
        hours 2026-03-09 14:00 - 2026-03-09 17:00""",
        zone="America/Chicago",
    ),
    Case(  # the two days have 47 hours
        "whole-day",
        """busy 2026-03-07 05:00 - 2026-03-09 04:00
        busy 2026-03-10 04:00 - 2026-03-11 04:00""",
    ),
    Case("whole-day-hours", "hours 2026-03-04 15:00 - 2026-03-04 16:00", codes=("all_day_hours",)),
    Case(  # half past two is not shown on 8 March: it is half past three
        "new-york-gap",
        """busy 2026-03-07 07:30 - 2026-03-07 08:00
        busy 2026-03-08 07:30 - 2026-03-08 08:00
        busy 2026-03-09 06:30 - 2026-03-09 07:00""",
        codes=("doubtful_clock",),
    ),
    Case(  # half past one is shown twice on 1 November: the first counts, for half an hour
        "new-york-fold",
        """busy 2026-10-31 05:30 - 2026-10-31 06:00
        busy 2026-11-01 05:30 - 2026-11-01 06:00
        busy 2026-11-02 06:30 - 2026-11-02 07:00""",
        first="2026-10-26",
    ),
    Case(
        "london-gap",
        """busy 2026-03-28 01:30 - 2026-03-28 02:30
        busy 2026-03-29 01:30 - 2026-03-29 02:30
        busy 2026-03-30 00:30 - 2026-03-30 01:30""",
        codes=("doubtful_clock",),
        zone="Europe/London",
        first="2026-03-23",
    ),
    Case(  # the clock goes by half an hour: back on 5 April, forward on 4 October
        "lord-howe",
        """busy 2026-04-03 14:45 - 2026-04-03 15:45
        busy 2026-04-04 14:45 - 2026-04-04 15:45
        busy 2026-04-05 15:15 - 2026-04-05 16:15
        busy 2026-10-02 15:45 - 2026-10-02 16:45
        busy 2026-10-03 15:45 - 2026-10-03 16:45
        busy 2026-10-04 15:15 - 2026-10-04 16:15""",
        codes=("doubtful_clock",),
        zone="Australia/Lord_Howe",
        first="2026-04-01",
        days=200,
    ),
    Case(  # the clock goes back in the morning of 5 April
        "auckland",
        """hours 2026-04-03 20:00 - 2026-04-03 23:00
        hours 2026-04-04 21:00 - 2026-04-05 00:00
        hours 2026-04-05 21:00 - 2026-04-06 00:00""",
        zone="Pacific/Auckland",
        first="2026-04-01",
    ),
    Case(  # three quarters of an hour forward on 4 March, at two
        "own-zone",
        """hours 2026-03-02 23:30 - 2026-03-03 00:30
        hours 2026-03-03 23:30 - 2026-03-04 00:30
        hours 2026-03-04 22:45 - 2026-03-04 23:45""",
        codes=("doubtful_clock",),
    ),
    Case(  # defined behind the event that uses it, by rules from 1601
        "windows-zone",
        """hours 2026-03-06 14:00 - 2026-03-06 17:00
        hours 2026-03-07 14:00 - 2026-03-07 17:00
        hours 2026-03-08 13:00 - 2026-03-08 16:00
        hours 2026-03-09 13:00 - 2026-03-09 16:00""",
    ),
    Case(
        "zone-without-definition",
        "hours 2026-03-06 14:00 - 2026-03-06 15:00",
        codes=("unknown_time_zone",),
    ),
    Case(
        "utc",
        """hours 2026-03-06 14:00 - 2026-03-06 17:00
        hours 2026-03-07 14:00 - 2026-03-07 17:00
        hours 2026-03-08 14:00 - 2026-03-08 17:00
        hours 2026-03-09 14:00 - 2026-03-09 17:00""",
    ),
    Case(
        "across-midnight",
        """hours 2026-03-04 03:00 - 2026-03-04 11:00
        hours 2026-03-05 03:00 - 2026-03-05 11:00""",
    ),
    Case(  # a single event ends when it says; of a rule all last seven hours and a half
        "across-the-change",
        """busy 2026-03-08 03:00 - 2026-03-08 10:00
        busy 2026-03-08 03:30 - 2026-03-08 11:00
        busy 2026-03-15 02:30 - 2026-03-15 10:00""",
    ),
    Case(  # a day is one of the calendar, of 23 hours here; 24 hours are 24 hours
        "duration",
        """busy 2026-03-07 17:00 - 2026-03-08 16:00
        busy 2026-03-07 18:00 - 2026-03-08 18:00
        busy 2026-03-09 16:00 - 2026-03-16 16:00""",
    ),
    Case(  # every second week: which Sunday that is depends on where the week begins
        "week-start",
        """hours 2026-03-03 14:00 - 2026-03-03 15:00
        hours 2026-03-08 13:00 - 2026-03-08 14:00
        hours 2026-03-17 13:00 - 2026-03-17 14:00
        hours 2026-03-22 13:00 - 2026-03-22 14:00
        hours 2026-03-03 19:00 - 2026-03-03 20:00
        hours 2026-03-15 18:00 - 2026-03-15 19:00
        hours 2026-03-17 18:00 - 2026-03-17 19:00
        hours 2026-03-29 18:00 - 2026-03-29 19:00""",
        days=30,
    ),
    Case("leap-day", "hours 2028-02-29 14:00 - 2028-02-29 15:00", first="2028-02-25"),
    Case(  # the first and the last working day of a month
        "last-workday",
        """hours 2026-03-02 14:00 - 2026-03-02 15:00
        hours 2026-03-31 13:00 - 2026-03-31 14:00""",
        days=30,
    ),
    Case("folded", "hours 2026-03-02 14:00 - 2026-03-02 15:00"),
    Case("line-feeds", "hours 2026-03-02 14:00 - 2026-03-02 15:00"),
    Case("byte-order-mark", "hours 2026-03-02 14:00 - 2026-03-02 15:00"),
    Case(  # a time without an end lasts no time, a date one day
        "no-end", "busy 2026-03-03 05:00 - 2026-03-04 05:00", codes=("empty_interval",)
    ),
    Case(
        "end-before-start",
        "busy 2026-03-05 14:00 - 2026-03-05 15:00",
        codes=("empty_interval", "wrong_type", "wrong_value"),
    ),
    Case(  # a zone of the same name is another one in the next calendar
        "several-calendars",
        """hours 2026-03-03 07:00 - 2026-03-03 08:00
        hours 2026-03-03 12:00 - 2026-03-03 13:00
        busy 2026-03-04 09:00 - 2026-03-04 10:00""",
    ),
    Case("versions", "hours 2026-03-03 11:00 - 2026-03-03 12:00", codes=("superseded",)),
    Case(
        "free-and-busy",
        """hours 2026-03-03 14:00 - 2026-03-03 17:00
        hours 2026-03-04 14:00 - 2026-03-04 15:00
        busy 2026-03-03 15:00 - 2026-03-03 15:30
        busy 2026-03-05 00:00 - 2026-03-06 00:00""",
    ),
    Case(  # hours are cut at the bounds of what they stand in
        "availability",
        """hours 2026-03-03 14:00 - 2026-03-03 17:00
        hours 2026-03-04 14:00 - 2026-03-04 17:00
        hours 2026-03-05 14:00 - 2026-03-05 16:00""",
    ),
    Case(  # hours lose the minutes that are not whole, busy times gain them
        "seconds",
        """hours 2026-03-03 14:01 - 2026-03-03 15:00
        busy 2026-03-03 14:15 - 2026-03-03 14:30""",
        codes=("not_whole_minute",),
    ),
    Case(  # what only touches stays apart; busy times are not joined
        "overlapping-hours",
        """hours 2026-03-03 14:00 - 2026-03-03 17:00
        hours 2026-03-03 17:00 - 2026-03-03 18:00
        busy 2026-03-03 14:30 - 2026-03-03 15:00
        busy 2026-03-03 14:30 - 2026-03-03 15:00""",
        codes=("repaired_value",),
    ),
    Case(  # hours lie in the horizon as a whole, busy times in part
        "at-the-edges",
        """hours 2026-03-02 05:00 - 2026-03-02 06:00
        busy 2026-03-02 03:00 - 2026-03-02 07:00
        busy 2026-03-16 03:00 - 2026-03-20 04:00""",
    ),
    Case(
        "hostile",
        "busy 2026-03-03 15:00 - 2026-03-03 16:00",
        codes=("costly_rule", "out_of_range", "unknown_time_zone", "unusable_row", "wrong_value"),
    ),
)
