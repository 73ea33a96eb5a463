"""Free and busy times that are no events: VFREEBUSY, and the bounds of VAVAILABILITY."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.interchange.ical.text import Component, Property
from engine.interchange.ical.values import BadValueError, Length, Period, length, moment, moments
from engine.interchange.ical.zones import Zones
from engine.problems import Report

_ALWAYS = datetime(1600, 1, 1, tzinfo=UTC), datetime(2300, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Known:
    """A time of which is known whether it is free; instants in UTC."""

    path: str
    start: datetime
    end: datetime
    is_free: bool


def periods(part: Component, zones: Zones, findings: Report) -> Iterator[Known]:
    """Periods of a VFREEBUSY; what does not say that it is free is busy."""
    for found in part.properties.get("FREEBUSY", ()):
        is_free = found.parameters.get("FBTYPE", "").upper() == "FREE"
        try:
            for value in moments(found, zones.named):
                yield _known(found, value, is_free=is_free)
        except BadValueError as error:
            findings.error(error.code, error.path, str(error), error.value)


def _known(found: Property, value: object, *, is_free: bool) -> Known:
    if not isinstance(value, Period):
        raise BadValueError("wrong_value", found.path, "is no period", found.value)
    start = value.start.instant
    is_length = isinstance(value.end, Length)
    end = value.end.after(value.start) if isinstance(value.end, Length) else value.end.instant
    if not is_length and end < start:
        message = f"the period ends before it begins at {start.isoformat()}"
        raise BadValueError("empty_interval", found.path, message, end.isoformat())
    return Known(found.path, start, end, is_free)


def bounds(part: Component, zones: Zones, findings: Report) -> tuple[datetime, datetime] | None:
    """From when to when a VAVAILABILITY speaks; ``None``, and an error, where that is wrong."""
    start, end = _ALWAYS
    try:
        for name in ("DTSTART", "DTEND"):
            found = part.first(name)
            if found is not None:
                value = moment(found.value, found, zones.named)
                start, end = (value.instant, end) if name == "DTSTART" else (start, value.instant)
        lasts, begins = part.first("DURATION"), part.first("DTSTART")
        if lasts is not None and begins is not None:
            first = moment(begins.value, begins, zones.named)
            end = length(lasts.value, lasts.path).after(first)
    except BadValueError as error:
        findings.error(error.code, error.path, str(error), error.value)
        return None
    return start, end
