"""Who collides with whom, told a second time: visit by visit, in plain Python.

Nothing is shared with the engine but the records. For worlds in which every session has one seat,
every kind of room is there once at a place, and no visit leaves its session.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from engine.domain import Appointment, Dataset, Request
from engine.events.findings import ConflictKind

Owner = tuple[ConflictKind, str, str | None]
"""What is there once: its kind, id, and where it is if it is a room."""


@dataclass(frozen=True, slots=True)
class Collision:
    """Two appointments that need the same at the same time.

    Parameters
    ----------
    owner
        What both need.
    start, end
        When both need it.
    pair
        Ids of the two.
    """

    owner: Owner
    start: datetime
    end: datetime
    pair: frozenset[str]


@dataclass(frozen=True, slots=True, order=True)
class _Use:
    start: datetime
    end: datetime
    appointment_id: str


class Book:
    """Who needs which doctor, patient and room, and when.

    Parameters
    ----------
    dataset
        Of which doctors, places and types of visits are those.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._roles = {row.id: row for row in dataset.roles}
        self._types = {row.id: row for row in dataset.visit_types}
        self._uses: dict[Owner, list[_Use]] = defaultdict(list)

    @classmethod
    def of(cls, dataset: Dataset) -> Book:
        """The book of all appointments of a dataset."""
        book = cls(dataset)
        requests = {row.id: row for row in dataset.requests}
        for row in dataset.appointments:
            book.enter(row, requests[row.request_id] if row.request_id else None)
        return book

    def enter(self, row: Appointment, request: Request | None) -> None:
        """Write an appointment down; without a request, a block."""
        for owner, use in self._needs(row, request):
            insort(self._uses[owner], use)

    def erase(self, row: Appointment, request: Request) -> None:
        """Take a visit out again."""
        for owner, use in self._needs(row, request):
            self._uses[owner].remove(use)

    def met_by(self, row: Appointment, request: Request) -> list[Collision]:
        """With whom a visit would collide that is not written down."""
        return [
            found
            for owner, use in self._needs(row, request)
            for other in self._uses[owner]
            for found in _collision(owner, use, other)
        ]

    def collisions(self) -> list[Collision]:
        """Every two that collide."""
        found: list[Collision] = []
        for owner, uses in self._uses.items():
            going: list[_Use] = []
            for use in uses:
                going = [other for other in going if other.end > use.start]
                for other in going:
                    found += _collision(owner, other, use)
                going.append(use)
        return found

    def busy(self, row: Appointment, request: Request | None) -> tuple[datetime, datetime]:
        """From when until when the doctor has to be there."""
        if request is None:
            return row.start, row.end
        kind = self._types[request.visit_type_id]
        before, after = (timedelta(minutes=n) for n in (kind.minutes_before, kind.minutes_after))
        return row.start - before, row.end + after

    def _needs(self, row: Appointment, request: Request | None) -> Iterator[tuple[Owner, _Use]]:
        role = self._roles[row.role_id]
        busy = _Use(*self.busy(row, request), row.id)
        yield ("doctor", role.doctor_id or "", None), busy
        if request is None:
            return
        yield ("patient", request.patient_id, None), _Use(row.start, row.end, row.id)
        for kind in self._types[request.visit_type_id].resources:
            yield ("room", kind, role.location_id), busy


def _collision(owner: Owner, one: _Use, other: _Use) -> Iterator[Collision]:
    start, end = max(one.start, other.start), min(one.end, other.end)
    if start < end:
        pair = frozenset((one.appointment_id, other.appointment_id))
        yield Collision(owner, start, end, pair)


@dataclass(frozen=True, slots=True)
class Knot:
    """Visits that collide, one with the next, and all that they collide with.

    Parameters
    ----------
    members
        Ids of those that can be moved.
    collisions
        At least one of each pair is a member.
    """

    members: frozenset[str]
    collisions: tuple[Collision, ...]

    def conflicts(self) -> set[tuple[Owner, datetime, datetime, frozenset[str]]]:
        """What each thing is needed for, by whom, from the first minute to the last."""
        of_owner: dict[Owner, list[Collision]] = defaultdict(list)
        for row in self.collisions:
            of_owner[row.owner].append(row)
        return {
            (
                owner,
                min(row.start for row in rows),
                max(row.end for row in rows),
                frozenset().union(*(row.pair for row in rows)),
            )
            for owner, rows in of_owner.items()
        }

    def minimum(self, patient_of: Mapping[str, str]) -> int:
        """The fewest people without whose visits nothing of this collides: every set is tried."""
        people = sorted({patient_of[name] for name in self.members})
        for size in range(len(people)):
            for gone in combinations(people, size):
                left = {name for name in self.members if patient_of[name] not in gone}
                if not any(self._collides(row, left) for row in self.collisions):
                    return size
        return len(people)

    def _collides(self, row: Collision, left: Collection[str]) -> bool:
        """Whether both are there, of the members those that are left."""
        return all(name in left or name not in self.members for name in row.pair)


def knots(collisions: Iterable[Collision], fixed: Collection[str]) -> list[Knot]:
    """Put together who collides; what is fixed (ids) takes part and holds nobody together."""
    held, beside = frozenset(fixed), defaultdict[str, list[Collision]](list)
    for row in collisions:
        for name in row.pair - held:
            beside[name].append(row)
    found: list[Knot] = []
    seen: set[str] = set()
    for first in sorted(beside):
        members, waiting = set[str](), [] if first in seen else [first]
        while waiting:
            name = waiting.pop()
            if name not in members:
                members.add(name)
                waiting += [other for row in beside[name] for other in row.pair - held]
        if members:
            rows = dict.fromkeys(row for name in sorted(members) for row in beside[name])
            found.append(Knot(frozenset(members), tuple(rows)))
            seen |= members
    return found
