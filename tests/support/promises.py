"""What the service ought to do, on the night ward, in a dictionary: without the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

VISIT_MINUTES = 15
ROOM_MINUTES = {"visit": 0, "scan": 15}  # a scan keeps its doctor so much longer
DOCTOR = {"role": "dr", "far": "dr", "wide": "other"}
SCANNERS = 2
CELL = 15
MOVES_ARE_JUDGED = True
"""Whether a move into the past is refused, as a hold there is."""


@dataclass(frozen=True)
class Promise:
    """An appointment: whose, where, from which minute of the night, and until when it is held."""

    request: str
    role: str
    start: int
    status: str
    until: int = 0
    key: str | None = None

    @property
    def told(self) -> range:
        """Minutes of the patient."""
        return range(self.start, self.start + VISIT_MINUTES)

    @property
    def busy(self) -> range:
        """Minutes of doctor, seat and scanner."""
        return range(self.start, self.told.stop + ROOM_MINUTES[self.request.partition("-")[2]])


class Promises:
    """The service, without a database.

    Refusals are names of problems.

    Parameters
    ----------
    hours
        By role, first and last minutes of its sessions.
    requests
        Who may ask.
    now
        Seconds since the beginning of the night.
    """

    def __init__(
        self, hours: dict[str, list[tuple[int, int]]], requests: Iterable[str], now: int
    ) -> None:
        self.kept: dict[str, Promise] = {}
        self.seats = {"role": 1, "far": 1, "wide": 2}
        self.hours = {role: [*rows] for role, rows in hours.items()}
        self.requests = set(requests)
        self.now = now

    def hold(self, request: str, role: str, start: int, seconds: int, key: str) -> Promise | str:
        """A promise that can be kept, or why there is none."""
        made = Promise(request, role, start, "held", self.now + seconds, key)
        if request not in self.requests:
            return "no-such-record"
        if not self._is_place(made):
            return "invalid-request"
        if self.has_place(request):
            return "has-a-place"
        if not self._has_room(made, self._live()):
            return "place-taken"
        return made if self._is_to_come(made) else "invalid-request"

    def book(self, id: str, key: str) -> str | None:
        """Book it; why not."""
        refused = self._why_not(id, key)
        if refused is None and self.kept[id].status != "held":
            refused = "not-held"
        if refused is None:
            self.kept[id] = replace(self.kept[id], status="booked", key=None)
        return refused

    def move(self, id: str, role: str, start: int, key: str) -> str | None:
        """Put it elsewhere; why not."""
        if id not in self.kept:
            return "no-such-record"
        old = self.kept[id]
        status = "booked" if old.status == "conflicted" else old.status
        made = replace(old, role=role, start=start, status=status)
        if not self._is_place(made):
            return "invalid-request"
        refused = self._why_not(id, key)
        if refused is not None:
            return refused
        others = [row for name, row in self.kept.items() if name != id and self._is_live(row)]
        if not self._has_room(made, others):
            return "place-taken"
        if MOVES_ARE_JUDGED and not self._is_to_come(made):
            return "invalid-request"
        self.kept[id] = made
        return None

    def cancel(self, id: str, key: str) -> str | None:
        """Give it back; why not."""
        refused = self._why_not(id, key)
        if refused is None:
            del self.kept[id]
        return refused

    def free(self, request: str) -> set[tuple[str, int]]:
        """Roles and minutes where a request could go, its own place apart."""
        others = [row for row in self._live() if row.request != request]
        mine = [row for row in self._live() if row.request == request]
        found = set()
        for role, rows in self.hours.items():
            for opens, closes in rows:
                for start in range(opens, closes, CELL):
                    made = Promise(request, role, start, "held")
                    fits = self._is_place(made) and self._is_to_come(made)
                    if fits and self._has_room(made, others) and self._has_seat(made, mine, others):
                        found.add((role, start))
        return found

    def has_place(self, request: str) -> bool:
        """Whether it has one, or one is held for it."""
        return any(row.request == request for row in self._live())

    def set_seats(self, role: str, seats: int, *, breaking: bool) -> bool:
        """A session gets or loses seats: who came last has none; what is held ends then. Whether
        it was done.
        """
        if self.seats[role] == seats:
            return True
        before, was = dict(self.kept), self.seats[role]
        self.seats[role] = seats
        self.sweep()
        mine = {name: row for name, row in self.kept.items() if row.role == role}
        there = [r for n, r in self.kept.items() if n not in mine and r.status != "conflicted"]
        broken = False
        for status in ("booked", "held"):
            for name, row in mine.items():
                if row.status != status:
                    continue
                if self._has_room(row, there):
                    there.append(row)
                    continue
                broken = True
                if status == "held":
                    del self.kept[name]
                else:
                    self.kept[name] = replace(row, status="conflicted")
        if broken and not breaking:
            self.kept, self.seats[role] = before, was
        return breaking or not broken

    def sweep(self) -> None:
        """Forget what is over."""
        self.kept = {name: row for name, row in self.kept.items() if self._is_live(row)}

    def _why_not(self, id: str, key: str) -> str | None:
        row = self.kept.get(id)
        if row is None:
            return "no-such-record"
        if row.status == "held" and (row.key != key or not self._is_live(row)):
            return "not-held"
        return None

    def _live(self) -> Iterator[Promise]:
        return (row for row in self.kept.values() if self._is_live(row))

    def _is_live(self, row: Promise) -> bool:
        return row.status != "held" or row.until > self.now

    def _is_to_come(self, made: Promise) -> bool:
        return made.start * 60 >= self.now

    def _is_place(self, made: Promise) -> bool:
        busy = made.busy
        return any(opens <= busy.start and busy.stop <= closes for opens, closes in
                   self.hours[made.role])  # fmt: skip

    def _has_seat(self, made: Promise, mine: list[Promise], others: list[Promise]) -> bool:
        """Whether there is a seat beside the one that the request has already."""
        return not mine or self._has_room(made, [*others, *(_nobodys(row) for row in mine)])

    def _has_room(self, made: Promise, others: Iterable[Promise]) -> bool:
        rows = list(others)
        patient = made.request.partition("-")[0]
        for minute in made.told:
            there = [row for row in rows if minute in row.told]
            if any(row.request.partition("-")[0] == patient for row in there):
                return False
        for minute in made.busy:
            there = [row for row in rows if minute in row.busy]
            if sum(row.role == made.role for row in there) >= self.seats[made.role]:
                return False
            doctor = [row for row in there if DOCTOR[row.role] == DOCTOR[made.role]]
            if any(row.role != made.role for row in doctor):
                return False
            scans = sum(row.request.endswith("scan") for row in there)
            if made.request.endswith("scan") and scans >= SCANNERS:
                return False
        return True


def _nobodys(row: Promise) -> Promise:
    """The same with a patient who is no other's."""
    return replace(row, request=f"?-{row.request.partition('-')[2]}")
