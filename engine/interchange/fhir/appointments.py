"""Appointments of a bundle as appointments, blocks and requests of ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from engine.domain import Appointment, Dataset
from engine.interchange.assembly import Rows
from engine.interchange.fhir import names
from engine.interchange.fhir import shapes as fhir
from engine.interchange.fhir.codes import Codes
from engine.interchange.fhir.desks import Desks
from engine.interchange.fhir.requests import Asked, Requests
from engine.interchange.fhir.resources import Entry, Resources
from engine.interchange.make import make
from engine.time_grid import elapsed

SOURCE = "fhir"
"""Where such an appointment says that it came from."""

_STANDS = ("pending", "booked", "arrived", "checked-in", "fulfilled")
_ASKS = ("proposed", "waitlist")
_MINUTE = timedelta(minutes=1)


class Appointments:
    """Reads the appointments of some resources.

    Parameters
    ----------
    dataset, resources, desks, codes
        What they are read into, out of, and with.
    default_type
        Type of visit of an appointment that names none; ``None``: it becomes a block.
    """

    def __init__(
        self,
        dataset: Dataset,
        resources: Resources,
        desks: Desks,
        codes: Codes,
        default_type: str | None,
    ) -> None:
        self._resources = resources
        self._desks = desks
        self._findings = resources.report.findings
        self._requests = Requests(dataset, resources, codes, default_type)
        self._made: list[tuple[str, Appointment]] = []

    def rows(self) -> Rows:
        """Patients, requests and appointments, with their lines."""
        counted = self._resources.report.sessions
        for entry in self._resources.all("Appointment"):
            row: fhir.Appointment = entry.resource
            if row.status in _STANDS:
                self._read_place(entry)
            elif row.status in _ASKS and row.start is None and row.end is None:
                self._read_wish(entry)
            else:
                counted[f"appointments {row.status}"] += 1
        return {
            "patients": self._requests.patients.rows,
            "requests": self._requests.rows,
            "appointments": self._made,
        }

    def _read_place(self, entry: Entry) -> None:
        """What is promised: an appointment with its request, or a block."""
        row: fhir.Appointment = entry.resource
        role_id = self._role(entry)
        missing = [name for name in ("start", "end") if getattr(row, name) is None]
        for name in missing:
            message = f"an appointment that is {row.status} states its start and its end"
            self._findings.error("missing_field", f"{entry.path}/{name}", message)
        if role_id is None or missing:
            return
        values = self._place(entry, role_id)
        appointment = make(Appointment, values, entry.path, {}, self._findings)
        if appointment is None:
            return
        asked = self._asked(entry) if self._patients(entry) else None
        if asked is not None and asked.lacks:
            message = f"{asked.message}: it becomes a block"
            where = f"{entry.path}/{asked.lacks}"
            self._findings.warn("unusable_row", where, message, row.id)
        elif asked is not None and asked.request_id is None:
            return  # what is wrong is said already
        request_id = asked.request_id if asked is not None else None
        self._compare_minutes(entry, appointment)
        self._made.append((entry.path, replace(appointment, request_id=request_id)))

    def _read_wish(self, entry: Entry) -> None:
        """What is asked for without a time: an open request."""
        asked = self._asked(entry)
        if asked.lacks:
            message = f"{asked.message}: nothing can be asked for"
            where = f"{entry.path}/{asked.lacks}"
            self._findings.error("unusable_row", where, message, entry.resource.id)
        elif asked.request_id is not None and not asked.is_new:
            self._resources.report.sessions["requests that are there already"] += 1

    def _asked(self, entry: Entry) -> Asked:
        people = [self._resources.target(row, entry) for row in self._patients(entry)]
        return self._requests.of(entry, people)

    def _place(self, entry: Entry, role_id: str) -> dict[str, Any]:
        row: fhir.Appointment = entry.resource
        zone = self._desks.zones[role_id]
        start, end = (None if at is None else at.astimezone(zone) for at in (row.start, row.end))
        until = row.extended(names.HELD_UNTIL_EXTENSION)
        pinned = row.extended(names.PINNED_EXTENSION)
        is_held = row.status == "pending"
        held_until = until.value_instant if until is not None else None
        return {
            "id": entry.name,
            "role_id": role_id,
            "start": start,
            "end": end,
            "status": "held" if is_held else "booked",
            "held_until": (held_until or start) if is_held else None,
            "confirmed": self._is_confirmed(entry),
            "pinned": pinned is not None and bool(pinned.value_boolean),
            "source": SOURCE,
        }

    def _is_confirmed(self, entry: Entry) -> bool:
        """Whether a patient has accepted."""
        patients = self._patients(entry)
        return any(
            person.status == "accepted" and person.actor in patients
            for person in entry.resource.participant
        )

    def _patients(self, entry: Entry) -> list[fhir.Reference]:
        actors = [person.actor for person in entry.resource.participant if person.actor is not None]
        return [row for row in actors if self._resources.target(row, entry).kind == "Patient"]

    def _role(self, entry: Entry) -> str | None:
        """The role of an appointment, by its participants, or else by its slots."""
        row: fhir.Appointment = entry.resource
        actors = [
            person.actor
            for person in row.participant
            if person.actor is not None and person.status != "declined"
        ]
        found = self._desks.match(entry, actors)
        if found.role is not None:
            return found.role
        by_slot = self._roles_of_slots(entry, row.slot)
        fitting = by_slot & found.roles if found.roles else by_slot
        if len(fitting) == 1:
            return fitting.pop()
        message = "neither its participants nor its slots single out a role of the dataset"
        where = f"{entry.path}/participant"
        self._findings.error("unresolved_reference", where, message, found.shown())
        return None

    def _roles_of_slots(self, entry: Entry, slots: Sequence[fhir.Reference]) -> set[str]:
        """Roles of the schedules that an appointment's slots are of."""
        roles = set()
        for reference in slots:
            slot = self._resources.target(reference, entry).entry
            if slot is None or not isinstance(slot.resource, fhir.Slot):
                continue
            schedule = self._resources.target(slot.resource.schedule, slot).entry
            if schedule is not None and isinstance(schedule.resource, fhir.Schedule):
                roles.add(self._desks.of_schedule(schedule))
        return {role for role in roles if role is not None}

    def _compare_minutes(self, entry: Entry, appointment: Appointment) -> None:
        stated = entry.resource.minutes
        lasts = elapsed(appointment.start, appointment.end) // _MINUTE
        if stated is not None and stated != lasts:
            message = f"from its start to its end it lasts {lasts} minutes, and these count"
            self._findings.warn("repaired_value", f"{entry.path}/minutesDuration", message, stated)
