"""Who occupies what: whether there is room for more, and which seat it gets.

How many there are is counted; which of them somebody has matters to the database alone, which
compares seats. So where the seats of a room are scattered, those who meet there change theirs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from api.store.errors import Collision
from api.store.tables import GUARDED

_DAY = 86_400

JOINT = "\t"
"""Between the ids of what is named by two: no id holds one."""


@dataclass(frozen=True, slots=True)
class Need:
    """Something that an appointment needs, as ``engine.occupied.Use`` says it.

    Parameters
    ----------
    start, end
        Seconds since 1970.
    of, room, home
        As there.
    """

    kind: str
    of: tuple[str, ...]
    start: int
    end: int
    room: int
    home: str | None

    @property
    def id(self) -> str:
        """What it is, in one text."""
        return JOINT.join(self.of)


@dataclass(slots=True, eq=False)
class Occupied:
    """A row of the table ``occupation``.

    Parameters
    ----------
    number
        Its key there; ``None``: it is not there yet.
    """

    appointment_id: str
    kind: str
    id: str
    start: int
    end: int
    seat: int | None
    home: str | None
    state: str
    number: int | None = None

    @property
    def is_guarded(self) -> bool:
        """Whether the database keeps it apart from others."""
        return self.state in GUARDED


@dataclass(slots=True)
class Chart:
    """What is occupied, as far as it is of interest.

    Parameters
    ----------
    reseated
        Rows, there before, that got another seat.
    """

    reseated: set[Occupied] = field(default_factory=set)
    _of_day: dict[tuple[str, str, int], list[Occupied]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, rows: Iterable[Occupied]) -> None:
        """Put in what is there."""
        for row in rows:
            for day in range(row.start // _DAY, (row.end - 1) // _DAY + 1):
                self._of_day[row.kind, row.id, day].append(row)

    def collisions(
        self, needs: Sequence[Need], appointment_id: str | None = None
    ) -> list[Collision]:
        """Where there is no room for what an appointment needs.

        What lies outside of the database's guard counts as well: it is promised, or gone.
        """
        found = []
        for need in needs:
            others = list(self._meeting(need))
            if need.kind == "doctor":
                in_the_way = [row for row in others if row.home != need.home]
            else:
                in_the_way = _too_many(need, others)
            if in_the_way or not need.room:
                found.append(_collision(need, appointment_id, in_the_way))
        return found

    def occupy(self, appointment_id: str, needs: Sequence[Need], state: str) -> list[Occupied]:
        """Put in an appointment, for which there is room if ``state`` is guarded.

        Returns
        -------
        list of Occupied
            What it occupies now, with its seats.
        """
        rows = []
        for need in needs:
            row = Occupied(
                appointment_id, need.kind, need.id, need.start, need.end, None, need.home, state
            )
            if row.is_guarded and need.kind != "doctor":
                self._seat(row, need)
            self.add([row])
            rows.append(row)
        return rows

    def _seat(self, row: Occupied, need: Need) -> None:
        taken = {other.seat for other in self._meeting(need) if other.is_guarded}
        row.seat = next((seat for seat in range(need.room) if seat not in taken), None)
        if row.seat is None:
            self._seat_anew(row)

    def _seat_anew(self, new: Occupied) -> None:
        """Seats for all that meet, one with the next: in the order of their starts there are
        never more than meet at one time.
        """
        together, todo = {new}, [new]
        while todo:
            fresh = [row for row in self._meeting(todo.pop()) if row.is_guarded]
            todo += [row for row in fresh if row not in together]
            together.update(fresh)
        order = sorted(together, key=lambda row: (row.start, row.end, row.appointment_id))
        for index, row in enumerate(order):
            taken = {other.seat for other in order[:index] if other.end > row.start}
            seat = next(seat for seat in range(len(order)) if seat not in taken)
            if row is not new and row.seat != seat:
                self.reseated.add(row)
            row.seat = seat

    def _meeting(self, what: Need | Occupied) -> Iterator[Occupied]:
        """Rows that share a second with something, each once."""
        seen: set[Occupied] = set()
        for day in range(what.start // _DAY, (what.end - 1) // _DAY + 1):
            for row in self._of_day.get((what.kind, what.id, day), ()):
                if row.start < what.end and what.start < row.end and row not in seen:
                    seen.add(row)
                    yield row


def _too_many(need: Need, others: Sequence[Occupied]) -> list[Occupied]:
    """Rows that meet a need at a moment at which as many are there as there is room for."""
    moments = {need.start} | {row.start for row in others if row.start > need.start}
    full: set[Occupied] = set()
    for moment in moments:
        there = [row for row in others if row.start <= moment < row.end]
        if len(there) >= need.room:
            full.update(there)
    return [row for row in others if row in full]


def _collision(need: Need, appointment_id: str | None, rows: Iterable[Occupied]) -> Collision:
    start, end = (datetime.fromtimestamp(second, UTC) for second in (need.start, need.end))
    with_ids = tuple(dict.fromkeys(row.appointment_id for row in rows))
    return Collision(appointment_id, need.kind, need.of, start, end, with_ids)
