"""Data errors that end in double bookings, one kind each: what would have to be entered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from benchmarks.mixed import CAPPED, IN_ROOM
from engine.domain import Appointment, Dataset, DoctorWish, Request


@dataclass(frozen=True, slots=True)
class Draft:
    """Records of a data error.

    Parameters
    ----------
    rows
        Appointments that are meant to collide; those of known ids as they are from now on.
    requests
        Those that are others from now on.
    """

    rows: tuple[Appointment, ...]
    requests: tuple[Request, ...] = ()

    @property
    def ids(self) -> frozenset[str]:
        """Of the appointments."""
        return frozenset(row.id for row in self.rows)


class Directory:
    """Who could be taken for a data error; who was (``taken``, ids) is not again.

    Parameters
    ----------
    dataset
        In which nobody collides.
    visits, waiting
        Visits, and requests without a place, in the order in which they are taken.
    """

    def __init__(
        self, dataset: Dataset, visits: Iterable[Appointment], waiting: Iterable[Request]
    ) -> None:
        self.requests = {row.id: row for row in dataset.requests}
        self.taken: set[str] = set()
        self.types = {row.id: row for row in dataset.visit_types}
        self._roles = {row.id: row for row in dataset.roles}
        self._cell = {
            row.role_id: timedelta(minutes=row.cell_minutes or 0) for row in dataset.sessions
        }
        self._begins: dict[tuple[str, datetime], Appointment] = {}
        self._at: dict[datetime, list[Appointment]] = defaultdict(list)
        self._told: dict[str | None, list[Appointment]] = defaultdict(list)
        self._waiting: dict[str | None, list[Request]] = defaultdict(list)
        for row in visits:
            specialty = self.request_of(row).specialty
            self._begins[row.role_id, row.start] = row
            self._at[row.start].append(row)
            self._told[specialty].append(row)
        for request in waiting:
            self._waiting[request.specialty].append(request)

    def request_of(self, row: Appointment) -> Request:
        """Who comes."""
        return self.requests[row.request_id or ""]

    def doctor_of(self, row: Appointment) -> str:
        """To whom."""
        return self._roles[row.role_id].doctor_id or ""

    def location_of(self, row: Appointment) -> str | None:
        """Where."""
        return self._roles[row.role_id].location_id

    def cell(self, row: Appointment) -> timedelta:
        """Of the sessions in which a visit is."""
        return self._cell[row.role_id]

    def told_at(self, host: Appointment, start: datetime, turn: int) -> Iterator[Appointment]:
        """Others of a specialty, told to come to a doctor: every second time somebody who waits,
        otherwise somebody whose own place is free from then on.
        """
        specialty = self.request_of(host).specialty
        waiting = self._waiting[specialty] if turn else []
        entered = (self._entered(request, start) for request in waiting)
        others = (row for row in self._told[specialty] if row.id != host.id)
        for row in chain(entered, others):
            if row.id in self.taken:
                continue
            yield replace(row, role_id=host.role_id, start=start, end=start + (row.end - row.start))

    def _entered(self, request: Request, start: datetime) -> Appointment:
        end = start + timedelta(minutes=self.types[request.visit_type_id].minutes)
        name = f"planted-{request.id}"
        return Appointment(id=name, request_id=request.id, role_id="", start=start, end=end)

    def next_to(self, host: Appointment) -> Appointment | None:
        """Who comes when the doctor is done with a visit."""
        kind = self.types[self.request_of(host).visit_type_id]
        end = host.end + timedelta(minutes=kind.minutes_after + kind.minutes_before)
        return self._begins.get((host.role_id, end))

    def at_the_same_time(self, host: Appointment) -> Iterator[Appointment]:
        """Visits that begin then at other doctors."""
        for row in self._at[host.start]:
            if row.id not in self.taken and self.doctor_of(row) != self.doctor_of(host):
                yield row


def bound(dataset: Dataset) -> set[str]:
    """Requests that more than places bind: to stay within a cap, or beside another one."""
    linked = {name for link in dataset.links for name in link.request_ids}
    return linked | {r.id for r in dataset.requests if r.visit_type_id.endswith(CAPPED)}


def one_seat(directory: Directory, host: Appointment, turn: int) -> Iterator[Draft]:
    """Two visits begin together at one doctor."""
    for row in directory.told_at(host, host.start, turn):
        yield Draft((host, row))


def a_chain(directory: Directory, host: Appointment, turn: int) -> Iterator[Draft]:
    """One visit overlaps two that follow each other: by a cell of the first where it is long
    enough to reach into the second then, otherwise by half a cell.
    """
    after = directory.next_to(host)
    if after is None:
        return
    cell = directory.cell(host)
    for row in directory.told_at(host, after.start - cell / 2, turn):
        is_long = row.end - row.start > cell
        start = after.start - cell if is_long else row.start
        yield Draft((host, after, replace(row, start=start, end=start + (row.end - row.start))))


def two_places(directory: Directory, host: Appointment, _turn: int) -> Iterator[Draft]:
    """A patient was told to be at two doctors at once."""
    asked = directory.request_of(host)
    for row in directory.at_the_same_time(host):
        request = directory.request_of(row)
        if request.specialty == asked.specialty:
            yield Draft((host, row), (replace(request, patient_id=asked.patient_id),))


def a_bridge(directory: Directory, host: Appointment, turn: int) -> Iterator[Draft]:
    """Two in one seat, and the patient of one of them elsewhere at the same time."""
    pairs = zip(one_seat(directory, host, turn), two_places(directory, host, turn), strict=False)
    for seat, places in pairs:
        yield Draft((*seat.rows, places.rows[1]), places.requests)


def one_pinned(directory: Directory, host: Appointment, turn: int) -> Iterator[Draft]:
    """Two in one seat, of whom one may not move."""
    for draft in one_seat(directory, host, turn):
        one, other = draft.rows
        yield Draft((replace(one, pinned=not turn), replace(other, pinned=bool(turn))))


def a_pinned_middle(directory: Directory, host: Appointment, turn: int) -> Iterator[Draft]:
    """A chain of which the middle may not move: each of the two others has to, by itself."""
    for draft in a_chain(directory, host, turn):
        one, other, middle = draft.rows
        yield Draft((one, other, replace(middle, pinned=True)))


def both_pinned(directory: Directory, host: Appointment, turn: int) -> Iterator[Draft]:
    """Two in one seat, and neither may move: nobody can mend it."""
    for draft in one_seat(directory, host, turn):
        yield Draft(tuple(replace(row, pinned=True) for row in draft.rows))


def nowhere_else(directory: Directory, host: Appointment, turn: int) -> Iterator[Draft]:
    """Two in one seat, and both can come at that hour alone, and to nobody else."""
    wish = (DoctorWish(doctor_id=directory.doctor_of(host)),)
    for draft in one_seat(directory, host, turn):
        requests = [directory.request_of(row) for row in draft.rows]
        yield Draft(
            draft.rows,
            tuple(
                replace(
                    request,
                    earliest=host.start,
                    latest=max(row.end for row in draft.rows),
                    wishes=replace(request.wishes, doctors=wish),
                    insists_on=tuple(dict.fromkeys((*request.insists_on, "doctors"))),
                )
                for request in requests
            ),
        )


def one_room(directory: Directory, host: Appointment, _turn: int) -> Iterator[Draft]:
    """Two doctors need the one room of a place."""
    if not directory.types[directory.request_of(host).visit_type_id].resources:
        return
    for row in directory.at_the_same_time(host):
        request = directory.request_of(row)
        kind = request.visit_type_id + IN_ROOM
        if directory.location_of(row) == directory.location_of(host) and kind in directory.types:
            yield Draft((host, row), (replace(request, visit_type_id=kind),))


KINDS: Mapping[str, Callable[[Directory, Appointment, int], Iterator[Draft]]] = {
    "one seat": one_seat,
    "a chain": a_chain,
    "two places": two_places,
    "a bridge": a_bridge,
    "one pinned": one_pinned,
    "a pinned middle": a_pinned_middle,
    "nowhere else": nowhere_else,
    "both pinned": both_pinned,
    "one room": one_room,
}
"""What each enters: given whom it collides with, and whether it is the turn of who waits."""
