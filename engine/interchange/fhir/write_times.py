"""When: schedules, slots and appointments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.domain import Appointment, Dataset, Request
from engine.interchange.fhir import names
from engine.interchange.fhir.cells import Cells
from engine.interchange.fhir.parts import (
    Content,
    reference,
    resource,
    specialty,
    visit_type,
    without_nothing,
)
from engine.interchange.fhir.write_people import actors
from engine.interchange.fhir_shapes import CAPACITY_EXTENSION
from engine.interchange.unique_id import unique_id
from engine.snapshot import Snapshot
from engine.time_grid import elapsed

_STATUSES = {"booked": "booked", "conflicted": "booked", "held": "pending"}


class Times:
    """Writes schedules, slots and appointments of a dataset.

    Parameters
    ----------
    dataset, snapshot
        Records, and the same as arrays.
    lost
        Counts what FHIR has no words for.
    """

    def __init__(self, dataset: Dataset, snapshot: Snapshot, lost: Counter[str]) -> None:
        self._dataset, self._snapshot, self._lost = dataset, snapshot, lost
        self._cells = Cells(snapshot)
        self._zone = ZoneInfo(dataset.header.time_zone)
        self._requests = {row.id: row for row in dataset.requests}
        self._roles = {row.id: row for row in dataset.roles}
        self._type_names = {row.id: row.name for row in dataset.visit_types}

    def schedules(self) -> Iterator[Content]:
        """One per role, of the same id."""
        for role in self._dataset.roles:
            yield resource("Schedule", role.id, active=True, actor=actors(role))

    def slots(self) -> Iterator[Content]:
        """One per cell of every session, with the seats that appointments leave."""
        sessions = self._snapshot.sessions
        first, used = sessions.first_cell.tolist(), self._snapshot.used
        for number, session in enumerate(self._dataset.sessions):
            if not session.capacity:
                self._lost["sessions without seats"] += 1
                continue
            if session.reserved_for is not None:
                self._lost["for whom sessions are reserved"] += 1
            shared = {
                "serviceType": [self._visit_type(name) for name in session.visit_type_ids],
                "schedule": reference("Schedule", session.role_id),
            }
            zone = int(self._snapshot.roles.zone[sessions.role[number]])
            for cell in range(first[number], first[number + 1]):
                seats = session.capacity, int(used[cell])
                yield self._slot(cell, shared, zone, seats, is_day=session.kind == "day")

    def _slot(
        self, cell: int, shared: Content, zone: int, seats: tuple[int, int], *, is_day: bool
    ) -> Content:
        capacity, used = seats
        left = max(capacity - used, 0)
        extension: list[Content] = []
        if left and (is_day or capacity > 1):
            extension.append({"url": CAPACITY_EXTENSION, "valueInteger": left})
        if is_day or capacity > 1:
            extension.append({"url": names.SEATS_EXTENSION, "valueInteger": capacity})
        if is_day:
            extension.append({"url": names.DAY_EXTENSION, "valueBoolean": True})
        grid = self._snapshot.grid
        start, end = self._snapshot.sessions.cell_start[cell], self._cells.end[cell]
        return resource(
            "Slot",
            self._cells.names[cell],
            extension=extension,
            **shared,
            status="free" if left else "busy",
            start=grid.instant(int(start), zone).isoformat(),
            end=grid.instant(int(end), zone).isoformat(),
            overbooked=True if used > capacity else None,
        )

    def appointments(self) -> Iterator[Content]:
        """Appointments, blocks, and, as waiting for one, requests without any."""
        made: set[str] = set()
        for row in self._dataset.appointments:
            made.add(row.id)
            yield self._appointment(row)
        placed = {row.request_id for row in self._dataset.appointments}
        for request in self._dataset.requests:
            if request.id in placed:
                continue
            people = [_participant("Patient", request.patient_id, "needs-action")]
            yield resource(
                "Appointment",
                unique_id(request.id, made),
                *_asked(request),
                status="waitlist",
                **self._wanted(request),
                participant=people,
            )

    def _appointment(self, row: Appointment) -> Content:
        request = self._requests.get(row.request_id or "")
        people = [{"actor": actor, "status": "accepted"} for actor in actors(self._role(row))]
        if request is not None:
            answer = "accepted" if row.confirmed else "needs-action"
            people.insert(0, _participant("Patient", request.patient_id, answer))
        if row.status == "conflicted":
            self._lost["that appointments are conflicted"] += 1
        if row.source not in ("", "fhir"):
            self._lost["where appointments came from"] += 1
        taken = [self._cells.names[cell] for cell in self._cells.taken_by(row.id).tolist()]
        zone = self._zone_of(row)
        return resource(
            "Appointment",
            row.id,
            *(_asked(request) if request is not None else ()),
            extension=list(self._extensions(row, zone)),
            status=_STATUSES[row.status],
            **(self._wanted(request) if request is not None else {}),
            start=row.start.astimezone(zone).isoformat(),
            end=row.end.astimezone(zone).isoformat(),
            minutesDuration=int(elapsed(row.start, row.end).total_seconds()) // 60,
            slot=[reference("Slot", name) for name in taken],
            participant=people,
        )

    def _extensions(self, row: Appointment, zone: ZoneInfo) -> Iterator[Content]:
        if row.held_until is not None and row.status == "held":
            until = row.held_until.astimezone(zone).isoformat()
            yield {"url": names.HELD_UNTIL_EXTENSION, "valueInstant": until}
        if row.pinned:
            yield {"url": names.PINNED_EXTENSION, "valueBoolean": True}

    def _wanted(self, request: Request) -> Content:
        """What a request asks for, as far as FHIR has words for it."""
        self._count_lost(request)
        bounds = {"start": self._bound(request.earliest), "end": self._bound(request.latest)}
        period = without_nothing(bounds)
        return {
            "serviceType": [self._visit_type(request.visit_type_id)],
            "specialty": [specialty(request.specialty)] if request.specialty else [],
            "priority": names.PRIORITIES.get(request.urgency),
            "created": request.created.astimezone(self._zone).isoformat(),
            "requestedPeriod": [period] if period else [],
        }

    def _count_lost(self, request: Request) -> None:
        blank = Request(id="-", patient_id="-", visit_type_id="-", created=request.created)
        for field, words in _UNSAID.items():
            if getattr(request, field) != getattr(blank, field):
                self._lost[words] += 1
        if request.urgency not in names.PRIORITIES:
            self._lost["urgency classes that are not ours by default"] += 1

    def _bound(self, value: date | datetime | None) -> str | None:
        if isinstance(value, datetime):
            value = value.astimezone(self._zone)
        return None if value is None else value.isoformat()

    def _visit_type(self, name: str) -> Content:
        return visit_type(name, self._type_names[name])

    def _role(self, row: Appointment) -> Any:
        return self._roles[row.role_id]

    def _zone_of(self, row: Appointment) -> ZoneInfo:
        index = self._snapshot.index.roles[row.role_id]
        return ZoneInfo(self._snapshot.grid.zones[int(self._snapshot.roles.zone[index])])


_UNSAID = {
    "see_by": "by when requests are due",
    "max_travel_km": "how far patients travel",
    "wishes": "wishes",
    "insists_on": "what is insisted on",
    "doctor_terms": "minutes and prices per doctor",
    "declined": "what was declined",
}
"""Fields of a request that FHIR has no words for, as they are counted."""


def _asked(request: Request) -> tuple[Content, ...]:
    return ({"system": names.REQUEST_SYSTEM, "value": request.id},)


def _participant(kind: str, name: str, status: str) -> Content:
    return {"actor": reference(kind, name), "status": status}
