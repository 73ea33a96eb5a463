"""Types of the records' fields: format, range and length, each stated once.

Every alias carries its own validation, so that the JSON reader, the JSON Schema and
the documentation read the same declaration. Messages never repeat the value; the
reader adds it where it may be shown.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from engine.time_grid import zone_names

_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_FIRST_YEAR, _LAST_YEAR = 2000, 2099


def _instant(value: Any) -> Any:
    """Parse an RFC 3339 instant; an offset is required, numbers are refused."""
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        try:
            value = datetime.fromisoformat(value)
        except ValueError as error:
            raise PydanticCustomError("bad_instant", "no such instant") from error
    if not isinstance(value, datetime):
        raise PydanticCustomError(
            "bad_instant", "an instant is written like 2026-03-08T09:00:00-05:00, with its offset"
        )
    if value.utcoffset() is None:
        raise PydanticCustomError("bad_instant", "an instant needs an offset from UTC")
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise PydanticCustomError("out_of_range", "instants lie between 2000 and 2099")
    return value


def _day(value: Any) -> Any:
    """Parse a plain ISO date; a datetime is not a date here."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            value = date.fromisoformat(value)
        except ValueError as error:
            raise PydanticCustomError("bad_date", "no such date") from error
    if not isinstance(value, date) or isinstance(value, datetime):
        raise PydanticCustomError("bad_date", "a date is written like 2026-03-08")
    return value


def _day_or_instant(value: Any) -> Any:
    """Parse a plain date where one stands, an instant otherwise."""
    plain = isinstance(value, str) and _DAY.fullmatch(value)
    if plain or (isinstance(value, date) and not isinstance(value, datetime)):
        day = _day(value)
        if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise PydanticCustomError("out_of_range", "dates lie between 2000 and 2099")
        return day
    return _instant(value)


def _zone(value: Any) -> Any:
    if not isinstance(value, str) or value not in zone_names():
        raise PydanticCustomError(
            "unknown_time_zone", "a time zone is an IANA name like America/New_York"
        )
    return value


_JSON_INSTANT = {"type": "string", "format": "date-time", "examples": ["2026-03-09T09:00:00-04:00"]}
_JSON_DAY = {"type": "string", "format": "date", "examples": ["2026-03-09"]}

MAX_ID_LENGTH = 200
Id = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=MAX_ID_LENGTH, pattern=_PRINTABLE)
]
Text = Annotated[str, StringConstraints(strict=True, max_length=2000, pattern=_PRINTABLE)]
Instant = Annotated[datetime, BeforeValidator(_instant), WithJsonSchema(_JSON_INSTANT)]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema(_JSON_DAY)]
DayOrInstant = Annotated[
    datetime | date,
    BeforeValidator(_day_or_instant),
    WithJsonSchema({"anyOf": [_JSON_INSTANT, _JSON_DAY]}),
]
ZoneName = Annotated[
    str,
    BeforeValidator(_zone),
    WithJsonSchema({"type": "string", "examples": ["America/New_York"]}),
]
ClockTime = Annotated[
    str,
    StringConstraints(strict=True, pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"),
]
Flag = Annotated[bool, Field(strict=True)]
Count = Annotated[int, Field(strict=True, ge=0, le=100_000)]
Minutes = Annotated[int, Field(strict=True, ge=0, le=10_080)]
VisitLength = Annotated[int, Field(strict=True, ge=1, le=10_080)]
Years = Annotated[int, Field(strict=True, ge=0, le=150)]
Days = Annotated[float, Field(strict=True, ge=0, le=36_500, allow_inf_nan=False)]
Kilometres = Annotated[float, Field(strict=True, ge=0, le=20_040, allow_inf_nan=False)]
Latitude = Annotated[float, Field(strict=True, ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(strict=True, ge=-180, le=180, allow_inf_nan=False)]

Networks = Annotated[
    Annotated[tuple[Id, ...], Tag("list")] | Annotated[Literal["any"], Tag("any")],
    Discriminator(lambda value: "any" if isinstance(value, str) else "list"),
]
Gender = Literal["female", "male", "other"]
Modality = Literal["in_person", "video"]
AcceptsNew = Literal["all", "existing", "family", "none"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
