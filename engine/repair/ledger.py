"""The ledger: what a repair does to everybody it touches, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.arrays import Int
from engine.events.findings import Forced
from engine.explain import ruled_out_by
from engine.plan import NO_CANDIDATE, PLACED, UNPLACED
from engine.repair.causes import GaveWay, who_gave_way
from engine.repair.compared import Compared, parts_of, why_kept
from engine.repair.places import days_late, moved_appointments, opened, planned
from engine.repair.point import Point
from engine.repair.repair import Repair
from engine.where import Where, where_told

Standing = Literal["forced", "contested", "bystander"]
"""The event took the place; several hold it; or nothing happened to it."""

Outcome = Literal["kept", "moved", "unplaced", "stuck"]
"""Stuck: the place is impossible, and the appointment is pinned to it."""


@dataclass(frozen=True, slots=True)
class NoPlace:
    """Why somebody is left without a place.

    Parameters
    ----------
    reason
        Nothing they could take at all, whoever of those who took part made room; or others hold all
        of it, or what goes with it.
    ruled_out_by
        The rule that took the last candidate away, where there is no candidate.
    """

    reason: Literal["no_candidate", "crowded_out"]
    ruled_out_by: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One appointment in the ledger.

    Parameters
    ----------
    appointment_id, request_id, patient_id
        Whose.
    urgency
        Class of the request.
    standing, outcome
        What happened to the place, and what becomes of it.
    before, after
        What was told, and what will be; ``None``: no place.
    parts
        Price of the move by its parts, milli-days: what differs, then what short notice and
        earlier moves add. Those that are 0 are left out.
    days_late
        Whole days beyond the standard that the move adds.
    forced
        What the event did to the place.
    gave_way
        For whom a place was given up that could have been kept, alone.
    no_place
        Why there is none.
    compared
        Why a contested place is kept: beside everybody who lost it.
    """

    appointment_id: str
    request_id: str
    patient_id: str
    urgency: str
    standing: Standing
    outcome: Outcome
    before: Where
    after: Where | None
    parts: Mapping[str, int]
    days_late: int = 0
    forced: Forced | None = None
    gave_way: GaveWay | None = None
    no_place: NoPlace | None = None
    compared: tuple[Compared, ...] = ()

    @property
    def price(self) -> int:
        """Milli-days of waiting that the move is worth."""
        return sum(self.parts.values())

    @property
    def is_displaced(self) -> bool:
        """Whether a place is lost that could have been kept."""
        return self.standing != "forced" and self.outcome in ("moved", "unplaced")


@dataclass(frozen=True, slots=True)
class Count:
    """How many, in people and in appointments."""

    people: int
    appointments: int

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Count:
        """Count some entries."""
        return cls(len({entry.patient_id for entry in entries}), len(entries))


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everybody a repair touches.

    Parameters
    ----------
    entries
        Who is forced, contested or moved, one row per appointment, in the order of the dataset.
    minimum
        People of whom clusters displace at least so many, whatever is done.
    """

    entries: tuple[Entry, ...]
    minimum: int

    @property
    def forced(self) -> Count:
        """Whose place the event took."""
        return Count.of([row for row in self.entries if row.standing == "forced"])

    @property
    def contested(self) -> Count:
        """Whose place several hold."""
        return Count.of([row for row in self.entries if row.standing == "contested"])

    @property
    def displaced(self) -> Count:
        """Who loses a place that could have been kept: bystanders, and who lost a contest."""
        return Count.of([row for row in self.entries if row.is_displaced])

    @property
    def additional_people(self) -> int:
        """The same beyond what clusters demand; people."""
        return self.displaced.people - self.minimum

    @property
    def moved(self) -> Count:
        """Who is told another place."""
        return self._with("moved")

    @property
    def unplaced(self) -> Count:
        """Who is left without one."""
        return self._with("unplaced")

    @property
    def kept(self) -> Count:
        """Who keeps a contested place."""
        return self._with("kept")

    @property
    def stuck(self) -> Count:
        """Who is pinned to an impossible place."""
        return self._with("stuck")

    @property
    def price(self) -> int:
        """Milli-days of all moves, as the certificate counts them."""
        return sum(entry.price for entry in self.entries)

    @property
    def days_late(self) -> int:
        """Whole days beyond the standards that all moves add, as the certificate counts them."""
        return sum(entry.days_late for entry in self.entries)

    @property
    def days_later(self) -> int:
        """Days by which visits are later than they were told, all together."""
        days = (row.before.days_until(row.after) for row in self.entries if row.after is not None)
        return sum(max(0, some) for some in days)

    @property
    def other_doctor(self) -> Count:
        """Who is to see another doctor or service than they were told."""
        return Count.of(
            [row for row in self.entries if row.after and not row.before.is_with(row.after)]
        )

    def _with(self, outcome: Outcome) -> Count:
        return Count.of([row for row in self.entries if row.outcome == outcome])


def ledger_of(repair: Repair, point: Point) -> Ledger:
    """What one of a repair's points does to everybody it touches."""
    return Ledger(tuple(_Book(repair, point).entries()), point.minimum)


class _Book:
    """Looks everything up that the entries say."""

    def __init__(self, repair: Repair, point: Point) -> None:
        self._repair, self._point = repair, point
        self._index = {name: row for row, name in enumerate(repair.snapshot.published.ids)}
        self._forced = {row.appointment_id: row for row in repair.aftermath.forced}
        self._contested = {
            name for cluster in repair.aftermath.clusters for name in cluster.appointment_ids
        }
        self._gave_way = who_gave_way(repair, point)
        self._why_kept = why_kept(repair, point)
        self._straw = self._ruled_out_by()
        places = planned(point)
        request = places.request.tolist()
        self._parts = dict(zip(request, parts_of(point, point.snapshot, places), strict=True))
        late = days_late(point, places)
        self._days_late = dict(zip(request, late.tolist(), strict=True))

    def entries(self) -> Iterator[Entry]:
        """One row per appointment that is touched, in the order of the dataset."""
        touched = {self._index[name] for name in (*self._forced, *self._contested)}
        touched.update(moved_appointments(self._repair, self._point).tolist())
        for row in sorted(touched):
            yield self._entry(row)

    def _entry(self, row: int) -> Entry:
        published, requests = self._repair.snapshot.published, self._repair.snapshot.requests
        request, name = int(published.request[row]), published.ids[row]
        patients, urgencies = self._repair.snapshot.patients, self._repair.snapshot.index.urgencies
        outcome = self._outcome(row, request)
        before = self._where(
            published.role[row], published.session[row], published.start[row], published.end[row]
        )
        return Entry(
            appointment_id=name,
            request_id=requests.ids[request],
            patient_id=patients.ids[requests.patient[request]],
            urgency=list(urgencies)[requests.urgency[request]],
            standing=self._standing(name),
            outcome=outcome,
            before=before,
            after=before if outcome == "kept" else self._after(request),
            parts=self._parts.get(request, {}),
            days_late=self._days_late.get(request, 0),
            forced=self._forced.get(name),
            gave_way=self._gave_way.get(row),
            no_place=self._no_place(request) if outcome == "unplaced" else None,
            compared=self._why_kept.get(row, ()),
        )

    def _standing(self, name: str) -> Standing:
        if name in self._forced:
            return "forced"
        return "contested" if name in self._contested else "bystander"

    def _outcome(self, row: int, request: int) -> Outcome:
        if not self._point.moved[request]:
            return "stuck" if self._repair.snapshot.published.ids[row] in self._forced else "kept"
        return "moved" if self._point.plan.state[request] == PLACED else "unplaced"

    def _after(self, request: int) -> Where | None:
        plan = self._point.plan
        if plan.state[request] != PLACED:
            return None
        return self._where(
            plan.role[request], plan.session[request], plan.start[request], plan.end[request]
        )

    def _where(self, role: int, session: int, start: int, end: int) -> Where:
        return where_told(self._repair.snapshot, int(role), int(session), int(start), int(end))

    def _no_place(self, request: int) -> NoPlace:
        if self._point.plan.reason[request] == NO_CANDIDATE:
            return NoPlace("no_candidate", self._straw.get(request))
        return NoPlace("crowded_out")

    def _ruled_out_by(self) -> dict[int, str]:
        """The rule that took the last candidate, of those who have none in the solved world."""
        repair, plan = self._repair, self._point.plan
        none: Int = np.flatnonzero((plan.state == UNPLACED) & (plan.reason == NO_CANDIDATE))
        none = none[self._point.moved[none]]
        if not len(none):
            return {}
        all_open = repair.snapshot.published.of_request[np.flatnonzero(self._point.takes_part)]
        world = opened(repair, self._point, np.sort(all_open))
        return ruled_out_by(world, self._point.policy, none)
