"""What the store ought to do, on the ward, in a dictionary: by minutes, without the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

VISIT_MINUTES = 15
ROOM_MINUTES = {"visit": 0, "scan": 15}  # a scan keeps its doctor so much longer
DOCTOR = {"role": "dr", "far": "dr", "wide": "other"}
HOURS = {"role": (540, 660), "wide": (540, 660), "far": (570, 630)}
SCANNERS = 2


@dataclass(frozen=True)
class Promise:
    """An appointment: whose, where, from which minute of the day, and for how long it is held."""

    request: str
    role: str
    start: int
    status: str
    left: int = 0
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
    """The store, without a database.

    Refusals are the code of the error that is expected.
    """

    def __init__(self) -> None:
        self.kept: dict[str, Promise] = {}
        self.seats = {"role": 1, "far": 1, "wide": 2}

    def hold(self, request: str, role: str, start: int, seconds: int, key: str) -> Promise | str:
        """A promise that can be kept, or why there is none."""
        made = Promise(request, role, start, "held", seconds, key)
        if not self._is_place(made):
            return "unfit"
        if any(row.request == request for row in self._live()):
            return "unfit"
        return made if self._has_room(made, self._live()) else "taken"

    def book(self, id: str, key: str) -> str | None:
        """Book it; why not."""
        refused = self._why_not(id, key)
        if refused is None and self.kept[id].status != "held":
            refused = "not_held"
        if refused is None:
            self.kept[id] = replace(self.kept[id], status="booked", key=None)
        return refused

    def move(self, id: str, role: str, start: int, key: str) -> str | None:
        """Put it elsewhere; why not."""
        if id not in self.kept:
            return "not_there"
        old = self.kept[id]
        status = "booked" if old.status == "conflicted" else old.status
        made = replace(old, role=role, start=start, status=status)
        if not self._is_place(made):
            return "unfit"
        refused = self._why_not(id, key)
        if refused is not None:
            return refused
        others = [row for name, row in self.kept.items() if name != id and _is_live(row)]
        if not self._has_room(made, others):
            return "taken"
        self.kept[id] = made
        return None

    def cancel(self, id: str, key: str) -> str | None:
        """Give it back; why not."""
        refused = self._why_not(id, key)
        if refused is None:
            del self.kept[id]
        return refused

    def pass_time(self, seconds: int) -> None:
        """Holds grow older."""
        for name, row in self.kept.items():
            if row.status == "held":
                self.kept[name] = replace(row, left=row.left - seconds)

    def set_seats(self, role: str, seats: int) -> None:
        """A session gets or loses seats: who came last has none; what is held ends then."""
        if self.seats[role] == seats:
            return
        self.seats[role] = seats
        self.sweep()
        mine = {name: row for name, row in self.kept.items() if row.role == role}
        there = [r for n, r in self.kept.items() if n not in mine and r.status != "conflicted"]
        for status in ("booked", "held"):
            for name, row in mine.items():
                if row.status != status:
                    continue
                if self._has_room(row, there):
                    there.append(row)
                elif status == "held":
                    del self.kept[name]
                else:
                    self.kept[name] = replace(row, status="conflicted")

    def sweep(self) -> None:
        """Forget what is over."""
        self.kept = {name: row for name, row in self.kept.items() if _is_live(row)}

    def _why_not(self, id: str, key: str) -> str | None:
        row = self.kept.get(id)
        if row is None:
            return "not_there"
        if row.status == "held" and (row.key != key or row.left <= 0):
            return "not_held"
        return None

    def _live(self) -> Iterator[Promise]:
        return (row for row in self.kept.values() if _is_live(row))

    def _is_place(self, made: Promise) -> bool:
        opens, closes = HOURS[made.role]
        return opens <= made.busy.start and made.busy.stop <= closes

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


def _is_live(row: Promise) -> bool:
    return row.status != "held" or row.left > 0
