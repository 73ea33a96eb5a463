"""Calendars of the roles of a dataset: sessions are transparent events, appointments opaque."""

from __future__ import annotations

from datetime import UTC
from urllib.parse import quote

from icalendar import Calendar, Event
from icalendar.prop import vText

from engine.domain import Appointment, Dataset, Session
from engine.errors import DatasetError
from engine.interchange.ical import own
from engine.interchange.ical.sources import file_name
from engine.problems import Report

_LONGEST_NAME = 255  # of a file, in bytes, on the file systems in use
_PRODUCT = "-//Slotmatch//Slotmatch//EN"


def texts(dataset: Dataset, findings: Report) -> dict[str, bytes | None]:
    """Calendars by the names of their files; ``None`` where there is nothing to write.

    Raises
    ------
    DatasetError
        A role's id is too long for the name of a file.
    """
    events: dict[str, list[Event]] = {role.id: [] for role in dataset.roles}
    stamp = dataset.header.as_of.astimezone(UTC)
    for session in dataset.sessions:
        events[session.role_id].append(_session(session))
    for appointment in dataset.appointments:
        events[appointment.role_id].append(_appointment(appointment))
    calendars: dict[str, bytes | None] = {}
    for role_id, rows in events.items():
        name = file_name(role_id)
        if len(name) > _LONGEST_NAME:
            message = f"as the name of a file it is longer than {_LONGEST_NAME} bytes"
            findings.error("out_of_range", "roles/id", message, role_id)
        for row in rows:
            row.add("DTSTAMP", stamp)
        calendars[name] = _calendar(role_id, rows) if rows else None
    if findings.num_errors:
        raise DatasetError.of(findings)
    return calendars


def _calendar(role_id: str, events: list[Event]) -> bytes:
    calendar = Calendar()
    calendar.add("PRODID", _PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("X-WR-CALNAME", vText(role_id), encode=False)
    for event in events:
        calendar.add_component(event)
    return calendar.to_ical()


def _session(session: Session) -> Event:
    """Hours, during which the doctor can be booked: nothing of them is busy."""
    event = _event(own.SESSION, session, "Hours")
    event.add("TRANSP", "TRANSPARENT")
    event.add("STATUS", "CONFIRMED")
    return event


def _appointment(appointment: Appointment) -> Event:
    """A visit, by the id of its request and nothing else; or a block."""
    is_held = appointment.status == "held"
    what = f"Visit {appointment.request_id}" if appointment.request_id is not None else "Busy"
    event = _event(own.APPOINTMENT, appointment, what)
    event.add("TRANSP", "OPAQUE")
    event.add("STATUS", "TENTATIVE" if is_held else "CONFIRMED")
    return event


def _event(kind: str, record: Session | Appointment, summary: str) -> Event:
    """A record on the clock of UTC, which every program shows on its own."""
    event = Event()
    event.add("UID", vText(f"{kind.lower()}-{quote(record.id, safe='')}@slotmatch"), encode=False)
    event.add("SUMMARY", vText(summary), encode=False)
    event.add("DTSTART", record.start.astimezone(UTC))
    event.add("DTEND", record.end.astimezone(UTC))
    lines = [(own.RECORD, kind), (own.ID, record.id)]
    lines += [(own.START, record.start.isoformat()), (own.END, record.end.isoformat())]
    for name, text in (*lines, *own.texts_of(kind, record)):
        event.add(name, vText(text), encode=False)
    return event
