"""Values of properties: moments, lengths and numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from icalendar.prop import vDDDTypes, vDuration

from engine.interchange.ical.text import Property
from engine.time_grid import first_reading

Zone = Callable[[str, str], tzinfo]
"""The clock that a TZID names, of the property at a path; raises ``BadValueError``."""

MAX_LENGTH = timedelta(days=3660)
"""Longest event that is read."""

_FIRST_YEAR, _LAST_YEAR = 1600, 2200
_MOMENT = re.compile(r"[0-9]{8}(T[0-9]{6}Z?)?")
_DURATION = re.compile(
    r"\+?P(?:([0-9]{1,7})W)?(?:([0-9]{1,7})D)?(?:T(?=[0-9])(?:[0-9]{1,9}H)?(?:[0-9]{1,9}M)?(?:[0-9]{1,9}S)?)?"
)


class BadValueError(Exception):
    """A value cannot be used."""

    def __init__(self, code: str, path: str, message: str, value: object = None) -> None:
        super().__init__(message)
        self.code, self.path, self.value = code, path, value


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as a calendar writes it.

    Parameters
    ----------
    wall
        What the clock shows; midnight of a date.
    zone
        Whose clock.
    is_date
        A date is written, and no time.
    """

    wall: datetime
    zone: tzinfo
    is_date: bool = False

    @property
    def instant(self) -> datetime:
        """The instant in UTC, by RFC 5545, section 3.3.5."""
        return first_reading(self.wall, self.zone)

    def wall_in(self, zone: tzinfo) -> datetime:
        """What another clock shows then; of a date, its midnight on any clock."""
        if self.is_date or zone == self.zone:
            return self.wall
        return self.instant.astimezone(zone).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Length:
    """A duration: days by the calendar, and the rest as it passes."""

    days: int
    rest: timedelta

    def after(self, moment: Moment) -> datetime:
        """The instant that is so long after a moment."""
        if not self.days:
            return moment.instant + self.rest
        clock = moment.instant.astimezone(moment.zone).replace(tzinfo=None)
        return first_reading(clock + timedelta(days=self.days), moment.zone) + self.rest


@dataclass(frozen=True, slots=True)
class Period:
    """A moment, and what says when it is over."""

    start: Moment
    end: Moment | Length


def moment(text: str, found: Property, zone: Zone) -> Moment:
    """A date, or a time in UTC, of a zone, or of no zone (then of the place).

    Raises
    ------
    BadValueError
        It is none, or of a year that no dataset comes near.
    """
    text = text.strip()
    if not _MOMENT.fullmatch(text):
        message = "is no date or time like 20260302T090000"
        raise BadValueError("bad_instant", found.path, message, text)
    try:
        value = vDDDTypes.from_ical(text)
    except ValueError as error:
        raise BadValueError("bad_instant", found.path, "no such time", text) from error
    if not isinstance(value, date) or not _FIRST_YEAR <= value.year < _LAST_YEAR:
        message = f"a time lies between the years {_FIRST_YEAR} and {_LAST_YEAR}"
        raise BadValueError("out_of_range", found.path, message, text)
    if not isinstance(value, datetime):
        return Moment(
            datetime(value.year, value.month, value.day), zone("", found.path), is_date=True
        )
    if value.tzinfo is not None:
        return Moment(value.replace(tzinfo=None), UTC)
    return Moment(value, zone(found.parameters.get("TZID", ""), found.path))


def length(text: str, path: str) -> Length:
    """A duration, not negative.

    Raises
    ------
    BadValueError
        It is none, or longer than what is read.
    """
    text = text.strip().upper()
    match = _DURATION.fullmatch(text)
    if match is None or text.endswith(("P", "T")):
        raise BadValueError("wrong_value", path, "is no length like PT1H30M", text)
    whole = vDuration.from_ical(text)
    if whole > MAX_LENGTH:
        message = f"longer than {MAX_LENGTH.days} days"
        raise BadValueError("out_of_range", path, message, text)
    days = 7 * int(match[1] or 0) + int(match[2] or 0)
    return Length(days, whole - timedelta(days=days))


def moments(found: Property, zone: Zone) -> Iterator[Moment | Period]:
    """Every value of a list of times or periods."""
    for text in found.value.split(","):
        start, slash, end = text.strip().partition("/")
        if not slash:
            yield moment(start, found, zone)
        elif end.upper().startswith(("P", "+P")):
            yield Period(moment(start, found, zone), length(end, found.path))
        else:
            yield Period(moment(start, found, zone), moment(end, found, zone))
