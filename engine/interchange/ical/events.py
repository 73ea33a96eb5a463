"""Events: what a component says of when something is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from engine.interchange.ical.own import PREFIX
from engine.interchange.ical.rules import rule_parts, until_of
from engine.interchange.ical.text import UNREADABLE, Component, Property
from engine.interchange.ical.values import (
    MAX_LENGTH,
    BadValueError,
    Length,
    Moment,
    Period,
    length,
    moment,
    moments,
)
from engine.interchange.ical.zones import Zones
from engine.problems import Report
from engine.time_grid import first_reading

T = TypeVar("T")

MAX_TIMES = 10_000
"""Most RDATEs and EXDATEs of an event."""

_NOTHING = timedelta()
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Event:
    """A component that says when something is.

    Parameters
    ----------
    path
        Where it begins.
    uid
        Events that share it change each other; empty: none.
    sequence
        The higher one counts.
    start, length
        Of its first occurrence, or its only one. The length is what its others have.
    end
        As written, where a time or date is.
    rule, until
        Parts of its RRULE, by name, and the last moment at which it holds.
    more, less
        RDATEs and EXDATEs.
    replaces, is_future
        The occurrence that it stands for, and whether for all behind it too.
    is_free, is_cancelled
        Whether it is transparent, whether it is off.
    own
        Properties of ours, by name.
    """

    path: str
    uid: str
    sequence: int
    start: Moment
    length: Length
    end: Moment | None
    rule: Mapping[str, str] | None
    until: Moment | None
    more: tuple[Moment | Period, ...]
    less: tuple[Moment, ...]
    replaces: Moment | None
    is_future: bool
    is_free: bool
    is_cancelled: bool
    own: Mapping[str, tuple[str, ...]]

    @property
    def is_alone(self) -> bool:
        """Whether it happens once, and stands for no occurrence of another."""
        return self.rule is None and not self.more and not self.less and self.replaces is None

    def ends(self, start: Moment) -> datetime:
        """When the occurrence that begins at ``start`` is over, an instant in UTC.

        The end of a single event counts as it is written, unless a change of the clock brings
        it before the start. All occurrences of a rule are as long as they are by the clock of
        the first.
        """
        is_written = self.end is not None and self.rule is None and start == self.start
        if is_written and self.end is not None and self.end.instant > start.instant:
            return self.end.instant
        if start.is_date:
            return first_reading(start.wall + timedelta(days=self.length.days), start.zone)
        return self.length.after(start)


class _Reader:
    """Reads the properties of one component; what is wrong with them is reported, all of it."""

    def __init__(self, component: Component, zones: Zones, findings: Report) -> None:
        self.component = component
        self.clock = zones.named
        self._findings = findings
        self.is_bad = UNREADABLE in component.properties

    def refuse(self, code: str, path: str, message: str, value: object = None) -> None:
        """Report that the component cannot be used."""
        self._findings.error(code, path, message, value)
        self.is_bad = True

    def read(self, name: str, how: Callable[[Property], T]) -> T | None:
        """The value of a property; ``None`` where it is absent, or wrong."""
        found = self.component.first(name)
        try:
            return None if found is None else how(found)
        except BadValueError as error:
            self.refuse(error.code, error.path, str(error), error.value)
            return None

    def moment(self, name: str) -> Moment | None:
        """A moment."""
        return self.read(name, lambda found: moment(found.value, found, self.clock))

    def all(self, name: str) -> list[Moment | Period]:
        """Every value of a property that may stand there often."""
        values: list[Moment | Period] = []
        for found in self.component.properties.get(name, ()):
            try:
                values += moments(found, self.clock)
            except BadValueError as error:
                self.refuse(error.code, error.path, str(error), error.value)
        if len(values) > MAX_TIMES:
            path = f"{self.component.path}/{name}"
            self.refuse("too_large", path, f"more than {MAX_TIMES} times", len(values))
        return values

    def sequence(self) -> int:
        """Its version."""
        found = self.component.first("SEQUENCE")
        if found is None:
            return 0
        if not _NUMBER.fullmatch(found.value.strip()):
            self.refuse("wrong_value", found.path, "is no number", found.value)
            return 0
        return int(found.value)


def event(component: Component, zones: Zones, findings: Report) -> Event | None:
    """The event of a component; ``None``, and errors, where it cannot be used."""
    reader = _Reader(component, zones, findings)
    start = reader.moment("DTSTART")
    if component.first("DTSTART") is None and not reader.is_bad:
        reader.refuse("missing_field", f"{component.path}/DTSTART", "the field is required")
    end = reader.moment("DTEND")
    lasts = reader.read("DURATION", lambda found: length(found.value, found.path))
    rule = _rule(reader)
    until = _until(reader, rule)
    replaces = reader.moment("RECURRENCE-ID")
    more, less = reader.all("RDATE"), reader.all("EXDATE")
    sequence = reader.sequence()
    if start is None or reader.is_bad:
        return None
    span = _length(reader, start, end, lasts)
    dates, is_future = _exceptions(reader, less), _is_future(reader)
    if span is None or reader.is_bad:
        return None
    return Event(
        component.path,
        _text(component, "UID"),
        sequence,
        start,
        span,
        end,
        rule,
        until,
        tuple(more),
        dates,
        replaces,
        is_future,
        component.word("TRANSP") == "TRANSPARENT" or component.name == "AVAILABLE",
        component.word("STATUS") == "CANCELLED",
        {
            name: tuple(found.value for found in rows)
            for name, rows in component.properties.items()
            if name.startswith(PREFIX)
        },
    )


def _text(component: Component, name: str) -> str:
    found = component.first(name)
    return found.value if found else ""


def _rule(reader: _Reader) -> dict[str, str] | None:
    """Parts of the rule; more than one rule, or one of exceptions, is refused."""
    for name, most in (("RRULE", 1), ("EXRULE", 0)):
        rules = reader.component.properties.get(name, ())
        if len(rules) > most:
            message = "is not read: an event has one rule, and dates as exceptions"
            reader.refuse("unusable_row", rules[most].path, message, rules[most].value)
    return reader.read("RRULE", rule_parts)


def _until(reader: _Reader, rule: dict[str, str] | None) -> Moment | None:
    if rule is None:
        return None
    return reader.read("RRULE", lambda found: until_of(rule, found, reader.clock))


def _is_future(reader: _Reader) -> bool:
    """Whether it changes all occurrences behind it; those before it cannot be changed."""
    found = reader.component.first("RECURRENCE-ID")
    range_ = "" if found is None else found.parameters.get("RANGE", "").upper()
    if found is not None and range_ not in ("", "THISANDFUTURE"):
        reader.refuse("wrong_value", found.path, "has no such range in RFC 5545", range_)
    return range_ == "THISANDFUTURE"


def _exceptions(reader: _Reader, less: list[Moment | Period]) -> tuple[Moment, ...]:
    """EXDATEs; they cannot be periods."""
    for value in less:
        if isinstance(value, Period):
            path = f"{reader.component.path}/EXDATE"
            reader.refuse("wrong_value", path, "is a period", value.start.wall.isoformat())
    return tuple(value for value in less if isinstance(value, Moment))


def _length(
    reader: _Reader, start: Moment, end: Moment | None, lasts: Length | None
) -> Length | None:
    """How long the event is; ``None``, and an error, where that cannot be."""
    path = reader.component.path
    if end is not None and lasts is not None:
        reader.refuse("not_exactly_one", f"{path}/DURATION", "states DTEND too")
    elif end is not None:
        return _between(reader, start, end)
    elif lasts is not None:
        if start.is_date and lasts.rest:
            message = "an event of whole days lasts whole days"
            reader.refuse("wrong_value", f"{path}/DURATION", message)
        return lasts
    else:
        return Length(int(start.is_date), _NOTHING)
    return None


def _between(reader: _Reader, start: Moment, end: Moment) -> Length | None:
    """From start to end: by the clock where both are on one, else as time passes."""
    path = f"{reader.component.path}/DTEND"
    if start.is_date != end.is_date:
        message = "start and end are both dates, or both times"
        reader.refuse("wrong_type", path, message, end.wall.isoformat())
        return None
    is_one_clock = start.is_date or start.zone == end.zone
    passed = end.wall - start.wall if is_one_clock else end.instant - start.instant
    if passed < _NOTHING or passed > MAX_LENGTH:
        code = "empty_interval" if passed < _NOTHING else "out_of_range"
        message = f"the end lies up to {MAX_LENGTH.days} days after {start.wall.isoformat()}"
        reader.refuse(code, path, message, end.wall.isoformat())
        return None
    return Length(passed.days, _NOTHING) if start.is_date else Length(0, passed)


def events_of(container: Component, name: str, zones: Zones, findings: Report) -> Iterator[Event]:
    """Events of all components of one name that can be used."""
    for part in container.parts:
        if part.name == name and (found := event(part, zones, findings)) is not None:
            yield found
