"""Dates and instants as office programs write them."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from engine.interchange.csv_tables.cell_error import CellError
from engine.problems import one_of
from engine.time_grid import clock_reading

_DIRECTIVES = {
    **dict.fromkeys("Yy", "year"),
    **dict.fromkeys("mbB", "month"),
    "d": "day",
    **dict.fromkeys("HI", "hour"),
    "M": "minute",
    "S": "second",
    "f": "fraction",
    "p": "half of the day",
    "z": "offset",
    **dict.fromkeys("aA", "weekday"),
}
_DIRECTIVE = re.compile(r"%(.?)", re.DOTALL)
_ISO_WALL = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?", re.ASCII)
_ISO_INSTANT = re.compile(_ISO_WALL.pattern + r"(Z|[+-]\d\d:\d\d)", re.ASCII)
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DURATION = re.compile(r"(\d{1,6})|(\d{1,3}):([0-5]\d)", re.ASCII)
_YEARS = range(2000, 2100)

Reading = Literal["once", "skipped", "repeated"]


def parts_of(format_: str) -> set[str]:
    """What a format states, such as the year, the month and the hour.

    Raises
    ------
    ValueError
        It has a directive that is not known, or says one thing twice.
    """
    names = [name for name in _DIRECTIVE.findall(format_) if name != "%"]
    unknown = [name for name in names if name not in _DIRECTIVES]
    if unknown:
        known = (f"%{name}" for name in _DIRECTIVES)
        raise ValueError(f"there is no directive %{unknown[0]}. {one_of(known)}")
    parts = Counter(_DIRECTIVES[name] for name in names)
    twice = [part for part, number in parts.items() if number > 1]
    if twice:
        raise ValueError(f"states the {twice[0]} twice")
    return set(parts)


def judge_format(format_: str, *, needs_time: bool, may_have_time: bool) -> set[str]:
    """Parts that a format states, if they are enough.

    Raises
    ------
    ValueError
        It does not, or is no format; says why.
    """
    parts = parts_of(format_)
    missing = {"year", "month", "day"} - parts
    if missing:
        raise ValueError(f"does not state the {min(missing)}")
    if needs_time and "hour" not in parts:
        raise ValueError("does not state the time of day")
    if not may_have_time and parts & {"hour", "minute", "second", "fraction", "offset"}:
        raise ValueError("states a time of day, and this field is a date")
    if ("%I" in format_) != ("half of the day" in parts):
        raise ValueError("%I and %p go together")
    if "hour" not in parts and parts & {"minute", "second", "fraction", "offset"}:
        raise ValueError("states minutes or an offset without the hour")
    if not needs_time and not may_have_time and "%y" in format_:
        raise ValueError("two digits do not tell the century of a date")
    return parts


def read_date(text: str, format_: str | None) -> str:
    """A date as ISO 8601 writes it; without a format the text must be so.

    Raises
    ------
    CellError
        The text does not read by the format.
    """
    if format_ is not None:
        return _parsed(text, format_, "bad_date").date().isoformat()
    if is_iso_date(text):
        return text
    message = "a date is written like 2026-03-08. Maybe the mapping must give a format"
    raise CellError("bad_date", message)


def is_iso_date(text: str) -> bool:
    """Whether a text looks like a date of ISO 8601."""
    return _ISO_DAY.fullmatch(text) is not None


def read_instant(text: str, format_: str | None, zone: ZoneInfo) -> tuple[str, Reading]:
    """An instant with its offset, as ISO 8601 writes it.

    Parameters
    ----------
    text, format_
        Without a format the text must be in ISO 8601; what has an offset is left as it is.
    zone
        The clock that shows it, where no offset is written.

    Returns
    -------
    str, str
        The instant, and how often that clock shows the time.

    Raises
    ------
    CellError
        The text does not read by the format, or lies outside the years that are known.
    """
    if format_ is not None:
        wall = _parsed(text, format_, "bad_instant")
    elif _ISO_WALL.fullmatch(text):
        wall = _parsed_iso(text)
    elif _ISO_INSTANT.fullmatch(text):
        return text.replace(" ", "T"), "once"
    else:
        message = "is not written like 2026-03-08T09:00. Maybe the mapping must give a format"
        raise CellError("bad_instant", message)
    if wall.year not in _YEARS:
        raise CellError("out_of_range", "instants lie between 2000 and 2099")
    if wall.tzinfo is not None:
        return wall.isoformat(), "once"
    instant, reading = clock_reading(wall, zone)
    return instant.isoformat(), reading


def read_minutes(text: str) -> int:
    """Minutes, from ``30`` or ``0:30``.

    Raises
    ------
    CellError
        The text is neither.
    """
    found = _DURATION.fullmatch(text)
    if not found:
        raise CellError("wrong_type", "minutes are written like 30 or 0:30")
    minutes, hours, rest = found.groups()
    return int(minutes) if minutes else int(hours) * 60 + int(rest)


def later(instant: str, minutes: int) -> str:
    """An instant so many minutes later; ISO 8601 with an offset, both.

    Raises
    ------
    ValueError
        The instant is none.
    OverflowError
        There are no such years.
    """
    start = datetime.fromisoformat(instant)
    if start.tzinfo is None:
        raise ValueError("an instant needs an offset from UTC")
    return (start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(start.tzinfo).isoformat()


def _parsed(text: str, format_: str, code: str) -> datetime:
    try:
        return datetime.strptime(text, format_)
    except (ValueError, OverflowError) as error:
        raise CellError(code, f"is not written as {format_}") from error


def _parsed_iso(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise CellError("bad_instant", "no such instant") from error
