"""When a role is there: weekly hours, its period, and the exceptions to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from engine.interchange import fhir_shapes as fhir
from engine.interchange.fhir_time import ALWAYS, span_of
from engine.interchange.plan_net.directory import Entry
from engine.interchange.weekly_hours import Span, WeeklyHours, merged
from engine.problems import Report
from engine.time_grid import MINUTES_PER_DAY, clock_minutes

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Absence:
    """A stretch in which a role is not there, and the field that says so."""

    span: Span
    field: str


def weekly_hours(entry: Entry, findings: Report) -> tuple[WeeklyHours, ...]:
    """Weekly hours of a role, of which none overlap; what is wrong with them is reported."""
    rows = entry.resource.available_time
    if not rows:
        message = "the role states no weekly hours: it gets no sessions"
        findings.warn("no_hours", f"{entry.path}/availableTime", message)
    numbers, found = [], []
    for number, row in enumerate(rows):
        start = 0 if row.all_day or row.start is None else clock_minutes(row.start[:5])
        end = MINUTES_PER_DAY if row.all_day or row.end is None else clock_minutes(row.end[:5])
        if end <= start:
            where = f"{entry.path}/availableTime/{number}"
            findings.error("empty_interval", where, "the hours end before they begin", row.end)
        else:
            numbers.append(number)
            found.append(WeeklyHours.on(row.days, start, end))
    hours, overlapping = merged(found)
    for index in sorted(overlapping):
        where = f"{entry.path}/availableTime/{numbers[index]}"
        message = "overlaps other hours of the role: their union is used"
        findings.warn("repaired_value", where, message, _clock(found[index]))
    return hours


def _clock(hours: WeeklyHours) -> str:
    (start, start_minute), (end, end_minute) = divmod(hours.start, 60), divmod(hours.end, 60)
    return f"{start:02}:{start_minute:02} to {end:02}:{end_minute:02}"


def absences(entry: Entry, zone: ZoneInfo, findings: Report) -> Iterator[Absence]:
    """Before and after a role's period, and during its exceptions, in whole minutes of UTC."""
    role: fhir.PractitionerRole = entry.resource
    start, end = span_of(role.period, zone)
    for span in ((ALWAYS[0], start), (end, ALWAYS[1])):
        if span[0] < span[1]:
            yield Absence(_whole_minutes(span), "period")
    for number, row in enumerate(role.not_available):
        where = f"notAvailable/{number}"
        span = span_of(row.during, zone)
        if row.during == fhir.Period():
            message = "the exception states no time: it cannot be applied"
            findings.warn("unusable_row", f"{entry.path}/{where}", message, row.description)
        elif span[0] >= span[1]:
            message = "the exception ends before it begins"
            findings.error("empty_interval", f"{entry.path}/{where}/during", message)
        else:
            yield Absence(_whole_minutes(span), f"{where}/during")


def _whole_minutes(span: Span) -> Span:
    """The shortest stretch of whole minutes around a span."""
    start, end = span
    floor = end.replace(second=0, microsecond=0)
    return start.replace(second=0, microsecond=0), floor if floor == end else floor + _MINUTE
