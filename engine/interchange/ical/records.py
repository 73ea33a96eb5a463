"""From stretches of time to sessions and appointments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from engine.domain import Appointment, Dataset, Session
from engine.interchange.assembly import Rows
from engine.interchange.ical import own
from engine.interchange.ical.sources import Source
from engine.interchange.ical.stretches import Stretch
from engine.interchange.import_report import ImportReport
from engine.interchange.make import make
from engine.interchange.unique_id import unique_id
from engine.time_grid import elapsed

SOURCE = "calendar"
"""Where blocks say that they came from, before the name of the file."""


class Records:
    """Makes records of stretches.

    Parameters
    ----------
    base
        The dataset that they are added to.
    cell_minutes
        Of the sessions that do not say it themselves.
    report
        Where it is said what is there already, repaired, or wrong.

    Attributes
    ----------
    rows
        Sessions and appointments, and where each comes from.
    """

    def __init__(self, base: Dataset, cell_minutes: int, report: ImportReport) -> None:
        self._cell_minutes = cell_minutes
        self._findings, self._counted = report.findings, report.sessions
        blocks = [row for row in base.appointments if row.request_id is None]
        self._known = {_when(row.role_id, row.start, row.end) for row in blocks}
        self._taken = {row.id for row in base.appointments}
        self.rows: Rows = {"sessions": [], "appointments": []}

    def add(self, rows: Iterable[tuple[Source, Stretch]]) -> None:
        """Add what the calendars of one role say; what has an id already comes first."""
        hours: list[tuple[Source, Stretch]] = []
        blocks: list[tuple[Source, Stretch]] = []
        for source, stretch in rows:
            if stretch.event is not None:
                self._add_own(source, stretch)
            elif stretch.is_hours:
                hours.append((source, stretch))
            else:
                blocks.append((source, stretch))
        self._taken |= {row.id for _, row in self.rows["appointments"]}
        for source, stretch in blocks:
            self._add_block(source, stretch)
        for source, path, start, end in self._united(hours):
            values = {"cell_minutes": self._cell_minutes}
            self._add_session(source, path, start, end, values)

    def _united(
        self, rows: list[tuple[Source, Stretch]]
    ) -> Iterator[tuple[Source, str, datetime, datetime]]:
        """Hours of which none overlap: those that do become their union."""
        rows.sort(key=lambda row: (row[1].start, row[1].end))
        last: tuple[Source, str, datetime, datetime] | None = None
        for source, stretch in rows:
            if last is None or stretch.start >= last[3]:
                if last is not None:
                    yield last
                last = source, stretch.path, stretch.start, stretch.end
            else:
                message = f"overlaps the hours at {last[1]}: their union is used"
                self._findings.warn("repaired_value", stretch.path, message)
                last = (*last[:3], max(last[3], stretch.end))
        if last is not None:
            yield last

    def _add_session(
        self, source: Source, path: str, start: datetime, end: datetime, more: dict[str, Any]
    ) -> None:
        begins, ends = start.astimezone(source.clock), end.astimezone(source.clock)
        values = {
            "id": f"{source.role.id}-{_clock(begins)}",
            "role_id": source.role.id,
            "start": begins,
            "end": ends,
        }
        self._make("sessions", Session, values | more, path)

    def _add_block(self, source: Source, stretch: Stretch) -> None:
        start, end = (at.astimezone(source.clock) for at in (stretch.start, stretch.end))
        if _when(source.role.id, start, end) in self._known:
            self._counted["busy times that are there already"] += 1
            return
        values = {
            "id": unique_id(f"{source.role.id}-busy-{_clock(start)}", self._taken),
            "role_id": source.role.id,
            "start": start,
            "end": end,
            "source": f"{SOURCE} {source.label}",
        }
        self._make("appointments", Appointment, values, stretch.path)

    def _add_own(self, source: Source, stretch: Stretch) -> None:
        """A record that was exported, with the times that the event has now."""
        if stretch.event is None:
            return
        kind = own.SESSION if stretch.is_hours else own.APPOINTMENT
        values = own.values_of(kind, stretch.event.own)
        for name, instant in (("start", stretch.start), ("end", stretch.end)):
            written = own.instant_of(name, stretch.event.own)
            is_same = written is not None and not elapsed(written, instant)
            values[name] = written if is_same else instant.astimezone(source.clock)
        values["role_id"] = source.role.id
        if kind == own.SESSION:
            if values.get("kind", "timed") == "timed":
                values.setdefault("cell_minutes", self._cell_minutes)
            self._make("sessions", Session, values, stretch.path)
        else:
            self._make("appointments", Appointment, values, stretch.path)

    def _make(self, collection: str, record_type: type, values: dict[str, Any], path: str) -> None:
        sources = {name: own.property_of(name) for name in values if name not in ("start", "end")}
        values.setdefault("id", "")
        record = make(record_type, values, path, sources, self._findings)
        if record is not None:
            self.rows[collection].append((path, record))


def _when(role_id: str, start: datetime, end: datetime) -> tuple[str, datetime, datetime]:
    """Whose time it is, and from when to when; alike on every clock."""
    return role_id, start.astimezone(UTC), end.astimezone(UTC)


def _clock(start: datetime) -> str:
    """A time by the clock; in an hour that the clock shows twice, which of them it is."""
    return f"{start:%Y%m%d-%H%M}{'-again' if start.fold else ''}"
