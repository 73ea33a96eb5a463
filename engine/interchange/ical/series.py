"""Occurrences of events that share a UID: repeated, moved, cancelled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from engine.domain import Interval
from engine.interchange.ical.events import Event
from engine.interchange.ical.expansion import Budget, CostlyRuleError, Part, starts
from engine.interchange.ical.values import Length, Moment, Period
from engine.problems import Report
from engine.time_grid import first_reading, is_skipped

MAX_CHANGES = 1_000
"""Most changes of occurrences that one series has."""

_MARGIN = timedelta(days=2)
_FORMAT = "%Y%m%dT%H%M%S"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Once that an event happens.

    Parameters
    ----------
    event
        Which.
    start
        On the clock of the event.
    begins, ends
        Instants in UTC.
    """

    event: Event
    start: Moment
    begins: datetime
    ends: datetime

    @property
    def is_skipped(self) -> bool:
        """Whether the clock never shows its start."""
        return not self.start.is_date and is_skipped(self.start.wall, self.start.zone)


def occurrences(
    events: Sequence[Event], horizon: Interval, budget: Budget, findings: Report
) -> Iterator[Occurrence]:
    """Occurrences of some events of one file; of rules, at least those in the horizon.

    What cannot be expanded is reported and left out.
    """
    together: dict[object, list[Event]] = {}
    for event in events:
        together.setdefault(event.uid or id(event), []).append(event)
    for rows in together.values():
        series = _latest(rows, findings)
        if len(series) == 1 and series[0].is_alone:
            yield _occurrence(series[0], series[0].start)
            continue
        try:
            found = _expanded(series, horizon, budget, findings)
            # the library keeps changes in a set: their order is another in every run
            yield from sorted(found, key=lambda row: (row.begins, row.event.path))
        except CostlyRuleError as error:
            findings.error("costly_rule", f"{series[0].path}/RRULE", str(error))
        except (ValueError, OverflowError) as error:
            findings.error("wrong_value", f"{series[0].path}/RRULE", str(error))


def _latest(rows: Sequence[Event], findings: Report) -> list[Event]:
    """The latest version of every event, the one without RECURRENCE-ID first."""
    latest: dict[datetime | None, Event] = {}
    for event in rows:
        key = None if event.replaces is None else event.replaces.instant
        known = latest.get(key)
        if known is None:
            latest[key] = event
            continue
        older, newer = sorted((known, event), key=lambda row: row.sequence)
        latest[key] = newer
        message = f"the event at {newer.path} has its UID, and is no older: this one is not read"
        findings.warn("superseded", older.path, message)
    return sorted(latest.values(), key=lambda row: row.replaces is not None)


def _expanded(
    series: Sequence[Event], horizon: Interval, budget: Budget, findings: Report
) -> Iterator[Occurrence]:
    """Occurrences of events that change each other."""
    if len(series) > MAX_CHANGES:
        message = f"more than {MAX_CHANGES} events share a UID"
        findings.error("too_large", series[0].path, message, len(series))
        return
    main = series[0]
    clock = main.start.zone
    parts = [_part(event, main, clock, findings) for event in series]
    extra = {_wall(value, clock): value for value in main.more} if main.replaces is None else {}
    first, last = _window(series, horizon, clock)
    for index, wall in starts(parts, first, last, budget):
        event, part = series[index], parts[index]
        move = part.start - part.replaces if part.replaces is not None else timedelta()
        value = extra.get(wall - move) if wall != part.start else None
        if wall == part.start:
            yield _occurrence(event, event.start)
        elif isinstance(value, Period):
            yield _of_period(event, value, findings)
        elif value is not None:
            yield _occurrence(event, value)
        else:
            start = Moment(wall, clock, is_date=event.start.is_date)
            original = Moment(wall - move, clock)
            if main.until is None or original.instant <= main.until.instant:
                yield _occurrence(event, start)


def _window(series: Sequence[Event], horizon: Interval, clock: tzinfo) -> tuple[datetime, datetime]:
    """Between which clock times an occurrence begins that touches the horizon."""
    longest = timedelta()
    for event in series:
        lengths = [event.length, *(_length(value) for value in event.more)]
        longest = max(longest, *(timedelta(days=row.days) + row.rest for row in lengths))
    start, end = (
        instant.astimezone(clock).replace(tzinfo=None) for instant in (horizon.start, horizon.end)
    )
    return start - longest - _MARGIN, end + _MARGIN


def _length(value: Moment | Period) -> Length:
    if isinstance(value, Moment):
        return Length(0, timedelta())
    if isinstance(value.end, Length):
        return value.end
    return Length(0, value.end.instant - value.start.instant)


def _part(event: Event, main: Event, clock: tzinfo, findings: Report) -> Part:
    """An event on the clock of the series, without a zone."""
    start = event.start.wall_in(clock)
    if event.replaces is not None:
        if event.rule is not None or event.more:
            message = "an event that stands for an occurrence does not repeat: the rule is not read"
            findings.warn("repaired_value", f"{event.path}/RRULE", message)
        return Part(start, _as_of(event.replaces, main, clock), event.is_future)
    rule = dict(event.rule) if event.rule is not None else None
    if rule is not None and event.until is not None:
        # a little late, for the library has no zones; what lies behind is dropped here
        rule["UNTIL"] = f"{event.until.wall_in(clock) + _MARGIN:{_FORMAT}}"
    less: list[date] = []
    for value in event.less:
        is_day = value.is_date and not event.start.is_date
        less.append(value.wall.date() if is_day else _as_of(value, main, clock))
    more = tuple(_wall(value, clock) for value in event.more)
    return Part(start, rule=rule, more=more, less=tuple(less))


def _as_of(value: Moment, main: Event, clock: tzinfo) -> datetime:
    """The clock time of the occurrence that a moment names.

    It may name it by the date alone, or by the instant of a clock time that is skipped.
    """
    wall = value.wall_in(clock)
    usual = datetime.combine(wall.date(), main.start.wall.time())
    is_by_date = main.start.is_date or value.is_date
    return usual if is_by_date or first_reading(usual, clock) == value.instant else wall


def _wall(value: Moment | Period, clock: tzinfo) -> datetime:
    return (value.start if isinstance(value, Period) else value).wall_in(clock)


def _of_period(event: Event, value: Period, findings: Report) -> Occurrence:
    """An occurrence that says itself when it is over."""
    is_length = isinstance(value.end, Length)
    ends = value.end.after(value.start) if isinstance(value.end, Length) else value.end.instant
    occurrence = _occurrence(event, value.start)
    if not is_length and ends < occurrence.begins:
        message = f"the period ends before it begins at {value.start.wall.isoformat()}"
        findings.error("empty_interval", f"{event.path}/RDATE", message, ends.isoformat())
        ends = occurrence.begins
    return Occurrence(event, value.start, occurrence.begins, ends)


def _occurrence(event: Event, start: Moment) -> Occurrence:
    return Occurrence(event, start, start.instant, event.ends(start))
