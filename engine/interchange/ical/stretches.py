"""From the text of a calendar to stretches of time in which a role is there, or is busy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.domain import Interval
from engine.interchange.ical.events import Event, events_of
from engine.interchange.ical.expansion import Budget
from engine.interchange.ical.freebusy import Known, bounds, periods
from engine.interchange.ical.options import CalendarOptions
from engine.interchange.ical.own import APPOINTMENT, RECORD, SESSION
from engine.interchange.ical.series import Occurrence, occurrences
from engine.interchange.ical.sources import Source
from engine.interchange.ical.text import Component
from engine.interchange.ical.zones import Zones
from engine.interchange.import_report import ImportReport
from engine.time_grid import elapsed

_NOTHING = timedelta()
_MINUTE = timedelta(minutes=1)
_READ = {"VEVENT", "VFREEBUSY", "VAVAILABILITY"}
_INSIDE = {  # what is read, or means nothing to us, inside of what
    "VTIMEZONE": {"STANDARD", "DAYLIGHT"},
    "VEVENT": {"VALARM"},
    "VFREEBUSY": set[str](),
    "VAVAILABILITY": {"AVAILABLE"},
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A session or a block to be.

    Parameters
    ----------
    path
        Where it comes from; no other has it.
    start, end
        Instants in UTC, on whole minutes.
    is_hours
        Somebody is there; otherwise, is busy.
    event
        Carries the record that was exported, if one was.
    """

    path: str
    start: datetime
    end: datetime
    is_hours: bool
    event: Event | None = None


class Reader:
    """Reads the calendars of a file.

    Parameters
    ----------
    source
        The file, and whose it is.
    horizon, options
        What is read, and as what.
    report
        Takes what was read, what became nothing, and what is wrong.
    """

    def __init__(
        self, source: Source, horizon: Interval, options: CalendarOptions, report: ImportReport
    ) -> None:
        self._source = source
        self._horizon = horizon
        self._events = options.events
        self._report = report
        self._findings = report.findings
        self._budget = Budget()
        self._said: set[tuple[str, str]] = set()
        self._num: dict[str, int] = {}

    def stretches(self, top: Sequence[Component]) -> Iterator[Stretch]:
        """Stretches of all calendars of the file."""
        events: list[Event] = []
        for calendar in top:
            if self._is_usable(calendar):
                zones = Zones(self._source.clock, calendar, self._budget, self._findings)
                events += events_of(calendar, "VEVENT", zones, self._findings)
                for part in calendar.parts:
                    yield from self._of_part(part, zones)
        yield from self._of_events(events, None)

    def _is_usable(self, calendar: Component) -> bool:
        """Whether it is a calendar in force; count what it holds, report what is not read."""
        if calendar.name != "VCALENDAR":
            self._unused(calendar)
            return False
        for part in calendar.parts:
            if part.name in _READ:
                self._report.read[part.name] += 1
            if part.name not in _INSIDE:
                self._unused(part)
            for inner in part.parts:
                if inner.name not in _INSIDE.get(part.name, {inner.name}):
                    self._unused(inner)
        if calendar.word("CALSCALE", "GREGORIAN") != "GREGORIAN":
            message = "only the Gregorian calendar is read"
            found = calendar.word("CALSCALE")
            self._findings.error("wrong_value", f"{calendar.path}/CALSCALE", message, found)
            return False
        if calendar.word("METHOD") == "CANCEL":
            off = sum(part.name in _READ for part in calendar.parts)
            self._report.sessions["cancelled"] += off
            return False
        return True

    def _unused(self, component: Component) -> None:
        self._report.read["other"] += 1
        message = "components of this kind are not read here"
        self._findings.warn("unused_resource", component.path, message, component.name)

    def _of_part(self, part: Component, zones: Zones) -> Iterator[Stretch]:
        """Stretches of what is no event."""
        if part.name == "VAVAILABILITY":
            within = bounds(part, zones, self._findings)
            if within is not None:
                available = list(events_of(part, "AVAILABLE", zones, self._findings))
                yield from self._of_events(available, within)
        elif part.name == "VFREEBUSY":
            for known in periods(part, zones, self._findings):
                yield from self._of_period(known)

    def _of_period(self, known: Known) -> Iterator[Stretch]:
        is_hours = self._is_hours(known.path, is_free=known.is_free)
        if is_hours is not None:
            yield from self._fitted(known.path, known.start, known.end, is_hours=is_hours)

    def _of_events(
        self, events: Sequence[Event], within: tuple[datetime, datetime] | None
    ) -> Iterator[Stretch]:
        """Stretches of some events, cut to the bounds of what they are in."""
        touching: set[str] = set()
        num_problems = len(self._findings.problems)
        for row in occurrences(events, self._horizon, self._budget, self._findings):
            start, end = row.begins, row.ends
            if within is not None and start < end:
                start, end = max(start, within[0]), min(end, within[1])
                if start >= end:
                    continue
            for stretch in self._of_occurrence(row, start, end):
                touching.add(row.event.path)
                yield stretch
            if self._touches(start, end):
                touching.add(row.event.path)
        found = self._findings.problems[num_problems:]  # not told of twice
        touching |= {problem.path.partition("/")[0] for problem in found}
        away = sum(event.path not in touching for event in events)
        if away:
            self._report.sessions["outside the horizon"] += away

    def _of_occurrence(self, row: Occurrence, start: datetime, end: datetime) -> Iterator[Stretch]:
        event = row.event
        if event.is_cancelled:
            if self._touches(start, end):
                self._report.sessions["cancelled"] += 1
            return
        is_hours = self._is_hours(event.path, is_free=event.is_free)
        if is_hours is None:
            return
        if event.is_alone and event.own.get(RECORD) == (SESSION if is_hours else APPOINTMENT,):
            start, end = self._whole_minutes(event.path, start, end, is_hours=is_hours)
            yield Stretch(event.path, start, end, is_hours, event)
            return
        if row.is_skipped and self._touches(start, end):
            message = "the clock skips this time: it is read with the offset from before the change"
            self._findings.warn("doubtful_clock", event.path, message, row.start.wall.isoformat())
        if is_hours and row.start.is_date and self._events == "mixed":
            message = "says no time of the day: it is no hours. Maybe: --events hours"
            self._once("all_day_hours", event.path, message)
            return
        yield from self._fitted(event.path, start, end, is_hours=is_hours)

    def _is_hours(self, path: str, *, is_free: bool) -> bool | None:
        """Hours or a block; ``None``, and counted, where it is neither."""
        if self._events == "busy" and is_free:
            if ("transparent", path) not in self._said:
                self._said.add(("transparent", path))
                self._report.sessions["transparent"] += 1
            return None
        return is_free or self._events == "hours"

    def _fitted(
        self, path: str, start: datetime, end: datetime, *, is_hours: bool
    ) -> Iterator[Stretch]:
        """A stretch of some length, on whole minutes, in the horizon."""
        if start >= end:
            self._report.sessions["without length"] += 1
            self._once("empty_interval", path, "lasts no time: it is left out")
            return
        if not self._touches(start, end):
            return
        is_out = start < self._horizon.start or end > self._horizon.end
        if is_hours and is_out:
            self._report.sessions["partly outside the horizon"] += 1
            return
        start, end = self._whole_minutes(path, start, end, is_hours=is_hours)
        if start < end:
            where = f"{path}/{start:%Y%m%dT%H%MZ}"
            number = self._num[where] = self._num.get(where, 0) + 1
            yield Stretch(where if number == 1 else f"{where}-{number}", start, end, is_hours)
        else:
            self._report.sessions["without length"] += 1

    def _touches(self, start: datetime, end: datetime) -> bool:
        """Whether a part of it, or all of it if it has no length, lies in the horizon."""
        begins, ends = self._horizon.start, self._horizon.end
        is_before_the_end = elapsed(start, ends) > _NOTHING
        return is_before_the_end and (elapsed(begins, end) > _NOTHING or begins == start == end)

    def _whole_minutes(
        self, path: str, start: datetime, end: datetime, *, is_hours: bool
    ) -> tuple[datetime, datetime]:
        """Hours are rounded inward, blocks outward: nobody is promised what is not there."""
        floors = [instant.replace(second=0, microsecond=0) for instant in (start, end)]
        if floors == [start, end]:
            return start, end
        self._once("not_whole_minute", path, "seconds: hours lose them, busy times grow by them")
        ceilings = [
            floor + _MINUTE * (floor < instant)
            for floor, instant in zip(floors, (start, end), strict=True)
        ]
        return (ceilings[0], floors[1]) if is_hours else (floors[0], ceilings[1])

    def _once(self, code: str, path: str, message: str) -> None:
        """Warn of an event, and not of every occurrence of it."""
        if (code, path) not in self._said:
            self._said.add((code, path))
            self._findings.warn(code, path, message)
