"""Slots of a bundle as sessions of one cell, and as blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from engine.domain import Appointment, Dataset, Session
from engine.interchange.assembly import Rows
from engine.interchange.fhir import names
from engine.interchange.fhir import shapes as fhir
from engine.interchange.fhir.appointments import SOURCE
from engine.interchange.fhir.codes import Codes
from engine.interchange.fhir.desks import Desks
from engine.interchange.fhir.occupied import Occupied
from engine.interchange.fhir.resources import Entry, Resources
from engine.interchange.fhir_shapes import CAPACITY_EXTENSION
from engine.interchange.fhir_time import span_of
from engine.interchange.make import make
from engine.time_grid import elapsed

_NOTHING = timedelta()
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A slot that can be used, on the clock of its role."""

    entry: Entry
    schedule: Entry
    role_id: str
    start: datetime
    end: datetime


class Slots:
    """Reads the slots of some resources.

    Parameters
    ----------
    dataset
        What they are read into; it holds the appointments that were read with them.
    resources, desks, codes
        What they are read out of, and with.
    imported
        Ids of the appointments that were read with them.
    """

    def __init__(
        self,
        dataset: Dataset,
        resources: Resources,
        desks: Desks,
        codes: Codes,
        imported: frozenset[str],
    ) -> None:
        self._dataset = dataset
        header = dataset.header
        self._now = header.as_of.astimezone(UTC)
        self._horizon = header.horizon.start.astimezone(UTC), header.horizon.end.astimezone(UTC)
        self._resources, self._desks, self._codes = resources, desks, codes
        self._findings, self._counted = resources.report.findings, resources.report.sessions
        ours = [row for row in dataset.appointments if row.id in imported]
        self._taken = Occupied(dataset, dataset.appointments)
        self._taken_by_imported = Occupied(dataset, ours)
        self._known = {row.id for row in dataset.appointments}
        self._names = Counter[str]()

    def rows(self) -> Rows:
        """Sessions, and the blocks of busy slots that no appointment explains."""
        stretches = list(self._stretches())
        blocks = [
            (row.entry.path, block)
            for row in stretches
            if self._is_blocked(row) and (block := self._block(row)) is not None
        ]
        blocked = Occupied(self._dataset, (block for _, block in blocks))
        sessions = [
            (row.entry.path, session)
            for row in stretches
            if not self._is_blocked(row) and (session := self._session(row, blocked)) is not None
        ]
        return {"sessions": sessions, "appointments": blocks}

    def _stretches(self) -> Iterator[_Stretch]:
        """Slots that can be used; the others are counted, or reported."""
        for entry in self._resources.all("Slot"):
            slot: fhir.Slot = entry.resource
            schedule = self._resources.target(slot.schedule, entry).entry
            if slot.status == "entered-in-error":
                self._counted["slots entered in error"] += 1
            elif schedule is None or not isinstance(schedule.resource, fhir.Schedule):
                message, where = "there is no such schedule", f"{entry.path}/schedule"
                shown = slot.schedule.shown()
                self._findings.error("unresolved_reference", where, message, shown)
            elif elapsed(slot.start, slot.end) <= _NOTHING:
                message = f"the end is not after the start {slot.start.isoformat()}"
                shown = slot.end.isoformat()
                self._findings.error("empty_interval", f"{entry.path}/end", message, shown)
            elif (role_id := self._desks.of_schedule(schedule)) is None:
                self._counted["slots on a schedule that cannot be used"] += 1
            elif why := self._out_of_use(slot, schedule.resource, role_id):
                self._counted[why] += 1
            else:
                zone = self._desks.zones[role_id]
                start, end = slot.start.astimezone(zone), slot.end.astimezone(zone)
                yield _Stretch(entry, schedule, role_id, start, end)

    def _out_of_use(self, slot: fhir.Slot, schedule: fhir.Schedule, role_id: str) -> str:
        """Why a slot is of no use, in the words it is counted by; empty where it is of use."""
        first, last = span_of(schedule.horizon, self._desks.zones[role_id])
        start, end = slot.start.astimezone(UTC), slot.end.astimezone(UTC)
        if not schedule.active:
            return "slots on an inactive schedule"
        if start < first or end > last:
            return "outside the planning horizon"
        if end <= self._now:
            return "over already"
        if end <= self._horizon[0]:
            return "before the horizon"
        return "after the horizon" if start >= self._horizon[1] else ""

    def _is_blocked(self, row: _Stretch) -> bool:
        """Whether a slot is busy, and no appointment but its own block says why."""
        is_busy = row.entry.resource.status.startswith("busy")
        is_explained = self._taken.count(row.role_id, row.start, row.end) > 0
        return is_busy and (not is_explained or _block_name(row) in self._known)

    def _block(self, row: _Stretch) -> Appointment | None:
        name = _block_name(row)
        if name in self._known:
            self._counted["blocks that are there already"] += 1
            return None
        values = {
            "id": self._unique(name),
            "role_id": row.role_id,
            "start": row.start,
            "end": row.end,
            "source": SOURCE,
        }
        return make(Appointment, values, row.entry.path, {}, self._findings)

    def _session(self, row: _Stretch, blocked: Occupied) -> Session | None:
        """A session of one cell; ``None`` where nobody can ever be placed in it."""
        slot: fhir.Slot = row.entry.resource
        if slot.overbooked:
            message = "is overbooked by what it says: it takes nobody else"
            self._findings.warn("overbooked", f"{row.entry.path}/overbooked", message, slot.id)
        taken = self._taken.count(row.role_id, row.start, row.end)
        capacity = self._capacity(row, taken)
        if not capacity:
            self._counted["not free"] += 1
            return None
        is_crowded = capacity <= taken or blocked.count(row.role_id, row.start, row.end)
        if slot.status == "free" and is_crowded and not slot.overbooked:
            message = "is free by what it says, and an appointment or a busy slot overlaps it"
            self._findings.warn("overlapping_slots", f"{row.entry.path}/start", message, slot.id)
        day = slot.extended(names.DAY_EXTENSION)
        is_day = day is not None and bool(day.value_boolean)
        minutes = elapsed(row.start, row.end) // _MINUTE
        values = {
            "id": self._unique(row.entry.name),
            "role_id": row.role_id,
            "start": row.start,
            "end": row.end,
            "kind": "day" if is_day else "timed",
            "cell_minutes": None if is_day else minutes,
            "capacity": capacity,
            "visit_type_ids": self._visit_types(row),
        }
        return make(Session, values, row.entry.path, {}, self._findings)

    def _capacity(self, row: _Stretch, taken: int) -> int:
        """Seats of a slot: those that are left, and those that appointments take.

        At most all the seats that it states to have; where it states neither those nor those
        that are left, it has one.
        """
        slot: fhir.Slot = row.entry.resource
        if slot.status == "busy-unavailable":
            return 0
        stated = slot.extended(CAPACITY_EXTENSION)
        left = stated.value_integer if stated is not None else None
        total = slot.extended(names.SEATS_EXTENSION)
        seats = total.value_integer if total is not None else None
        is_open = slot.status == "free" and not slot.overbooked
        if is_open and left is not None and seats is None:
            taken = self._taken_by_imported.count(row.role_id, row.start, row.end)
            return left + taken
        free = (1 if left is None else left) if is_open else 0
        return min(free + taken, 1 if seats is None else seats)

    def _visit_types(self, row: _Stretch) -> tuple[str, ...]:
        """Types of visit that a slot is for, by its codes, or else by its schedule's."""
        slot: fhir.Slot = row.entry.resource
        style = () if slot.appointment_type is None else (slot.appointment_type,)
        own = (*slot.service_type, *style, *slot.specialty)
        if own:
            return self._codes.visit_types(f"{row.entry.path}/serviceType", own)
        schedule: fhir.Schedule = row.schedule.resource
        where = f"{row.schedule.path}/serviceType"
        return self._codes.visit_types(where, (*schedule.service_type, *schedule.specialty))

    def _unique(self, name: str) -> str:
        """A name that no slot before has: ids need not be their own over schedules."""
        self._names[name] += 1
        return name if self._names[name] == 1 else f"{name}-{self._names[name]}"


def _block_name(row: _Stretch) -> str:
    """Id of the block of a busy slot: servers number slots and appointments alike."""
    return f"slot-{row.entry.name}"
