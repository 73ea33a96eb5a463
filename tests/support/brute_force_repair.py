"""What a repair may do, a second time: every whole plan of all who may move, in plain Python.

The rules are those of ``brute_force``; who is forced and who contests a place is given by the
aftermath. Nothing else is shared with the engine but the records. For worlds of a handful of
appointments.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property
from itertools import chain, combinations, product
from typing import TYPE_CHECKING

from brute_force_cost import cost
from brute_force_places import places, suits
from brute_force_stays import Stay, fits, seats_hold
from brute_force_world import ORDER, Place, World

from engine.domain import Dataset, Session

if TYPE_CHECKING:
    from engine.events.findings import Aftermath

Values = tuple[int, ...]
"""Unplaced by class, people displaced, days late added, milli-days of disruption."""


@dataclass(frozen=True)
class Option:
    """What may become of one appointment, and what that counts."""

    stay: Stay | None
    is_moved: bool
    delay: int = 0
    disruption: int = 0


class Mending:
    """The world after an event, and who takes part in its repair."""

    def __init__(self, before: Dataset, aftermath: Aftermath, notice_hours: int) -> None:
        after = aftermath.dataset
        self.everybody = World(after)
        self._told = {row.request_id: row.is_timed for row in World(before).published}
        self._notice = timedelta(hours=notice_hours)
        self._records = {row.request_id: row for row in after.appointments if row.request_id}
        of_id = {row.id: row.request_id or "" for row in after.appointments}
        stuck = {row.appointment_id for row in aftermath.stuck}
        self.forced = {of_id[row.appointment_id] for row in aftermath.forced} - {
            of_id[name] for name in stuck
        }
        stays = {row.request_id: row for row in self._stays() if row.request_id}
        self.contested = set[str]()
        self._asked_first = set[str]()
        for cluster in aftermath.clusters:
            mine = [of_id[name] for name in cluster.appointment_ids]
            mine = [name for name in mine if self._is_free(stays[name])]
            self.contested |= set(mine)
            created = self.everybody.requests
            self._asked_first |= set(
                sorted(mine, key=lambda name: (created[name].created, name))[:1]
            )
        impossible = {of_id[row.appointment_id] for row in aftermath.forced}
        self.bystanders = {
            name
            for name, stay in stays.items()
            if name not in self.contested | impossible
            and self._is_free(stay)
            and stay.start - self.everybody.now >= self._notice
        }
        self._stays_by_name = stays
        while guilty := self._part_of_what_was_broken():
            self.bystanders -= guilty
        self.names = sorted(self.forced | self.contested | self.bystanders)
        gone = set(self.names)
        rest = tuple(row for row in after.appointments if row.request_id not in gone)
        self.world = World(replace(after, appointments=rest))

    def _stays(self) -> Iterator[Stay]:
        for row in self.everybody.published:
            yield Stay(
                row.request_id,
                row.patient_id or "",
                row.visit_type_id or "",
                row.role,
                row.start,
                row.end,
                row.busy_start,
                row.busy_end,
                row.sessions,
                row.is_timed,
            )

    def _is_free(self, stay: Stay) -> bool:
        """Whether it lies in one session, is to come, and nobody says that it stays."""
        row = self._records[stay.request_id]
        is_free = not row.pinned and row.status != "held"
        return is_free and stay.busy_start >= self.everybody.now and len(stay.sessions) == 1

    def fixed(self) -> list[Stay]:
        """Appointments that stay."""
        moving = self.forced | self.contested | self.bystanders
        return [replace(r, is_fixed=True) for r in self._stays() if r.request_id not in moving]

    def _part_of_what_was_broken(self) -> set[str]:
        """Bystanders in a smallest group that cannot stand together, or beside what stays."""
        guilty: set[str] = set()
        groups: list[set[str]] = []
        names, fixed = sorted(self.bystanders), self.fixed()
        for size in range(1, len(names) + 1):
            for group in combinations(names, size):
                if any(smaller <= set(group) for smaller in groups):
                    continue
                if not fits(self.everybody, [self._stays_by_name[n] for n in group] + fixed):
                    groups.append(set(group))
                    guilty |= set(group)
        return guilty

    def minimum(self) -> int:
        """People of whom a contested place is lost, whatever is done."""
        beside = [self._stays_by_name[name] for name in self.bystanders] + self.fixed()
        names, best = sorted(self.contested), len(self.contested)
        for group in chain(*(combinations(names, n) for n in range(len(names) + 1))):
            lost = {self._stays_by_name[name].patient_id for name in set(names) - set(group)}
            kept = [self._stays_by_name[name] for name in group]
            if len(lost) < best and fits(self.everybody, kept + beside, only=set(group)):
                best = len(lost)
        return best

    @cached_property
    def options(self) -> list[list[Option]]:
        """What may become of everybody who takes part."""
        return [list(self._options(name)) for name in self.names]

    @property
    def num_plans(self) -> int:
        """How many plans there are, good and bad."""
        return math.prod(map(len, self.options))

    def best(self) -> dict[int, Values]:
        """Best values by the number of people displaced, over every plan there is."""
        fixed, found = self.fixed(), dict[int, Values]()
        for choice in product(*self.options):
            displaced = {
                self._stays_by_name[name].patient_id
                for name, option in zip(self.names, choice, strict=True)
                if option.is_moved and name not in self.forced
            }
            value = self._value(choice, len(displaced))
            if len(displaced) in found and value >= found[len(displaced)]:
                continue
            stays = [option.stay for option in choice if option.stay is not None]
            if self._all_or_none(choice) and fits(self.world, stays + fixed):
                found[len(displaced)] = value
        return found

    def _value(self, choice: Sequence[Option], displaced: int) -> Values:
        left = [n for n, option in zip(self.names, choice, strict=True) if option.stay is None]
        urgency = [self.world.requests[name].urgency for name in left]
        delay, disruption = (sum(getattr(o, f) for o in choice) for f in ("delay", "disruption"))
        return (*(urgency.count(name) for name in ORDER), displaced, delay, disruption)

    def _all_or_none(self, choice: Sequence[Option]) -> bool:
        """Whether of linked people who cannot stay all are placed, or none."""
        placed = {n: o.stay is not None for n, o in zip(self.names, choice, strict=True)}
        for link in self.world.dataset.links:
            mine = [placed[name] for name in link.request_ids if name in self.forced]
            if link.all_or_none and any(mine) and not all(mine):
                return False
        return True

    def _options(self, name: str) -> Iterator[Option]:
        """To keep the place, to be left without (a bystander never is), or another place.

        Another place begins at another cell than the one that is kept, if that has room.
        """
        stay = self._stays_by_name[name]
        first = None
        if name not in self.forced:
            yield Option(stay, is_moved=False)
            beside = [stay, *self.fixed()]
            if all(seats_hold(session, beside) for session in self.world.dataset.sessions):
                first = stay.sessions[0], self._first_cell(stay)
        if name not in self.bystanders:
            yield Option(None, is_moved=True)
        for place in places(self.world, self.world.requests[name]):
            cell = place.busy_start if place.is_timed else place.start
            if (place.session.id, cell) != first:
                yield self._moved(name, place)

    def _first_cell(self, stay: Stay) -> datetime:
        """When the first cell begins that a stay touches."""
        session = next(s for s in self.world.dataset.sessions if s.id == stay.sessions[0])
        start = session.start.astimezone(UTC)
        if session.kind == "day":
            return start
        cell = timedelta(minutes=session.cell_minutes or 0)
        return start + max(0, (stay.busy_start - start) // cell) * cell

    def _moved(self, name: str, place: Place) -> Option:
        told = self._told_place(name)
        stay = Stay(
            name,
            place.request.patient_id,
            place.request.visit_type_id,
            place.role,
            place.start,
            place.end,
            place.busy_start,
            place.busy_end,
            (place.session.id,),
            place.is_timed,
        )
        delay = max(0, cost(self.world, place)[0] - cost(self.world, told)[0])
        return Option(stay, is_moved=True, delay=delay, disruption=self._price(name, told, place))

    def _told_place(self, name: str) -> Place:
        """What was told, as a place in a session that may be there no more."""
        stay = self._stays_by_name[name]
        is_timed = self._told[name]
        session = Session(
            id="told",
            role_id=stay.role.id,
            start=stay.start,
            end=stay.end,
            kind="timed" if is_timed else "day",
            cell_minutes=1 if is_timed else None,
        )
        request = self.world.requests[name]
        times = stay.start, stay.end, stay.start, stay.end
        return Place(request, session, stay.role, *times)

    def _price(self, name: str, told: Place, place: Place) -> int:
        """Milli-days of what differs, by the default prices."""
        world = self.world
        amount = 500
        amount += 5000 * (world.who(told.role) != world.who(place.role))
        by_video = (told.role.location_id is None) != (place.role.location_id is None)
        amount += 2000 * by_video
        other_place = told.role.location_id != place.role.location_id
        amount += 1000 * (other_place and not by_video)
        amount += 2750 * (suits(world, told) and not suits(world, place))
        days = (_day(world, place) - _day(world, told)).days
        amount += 1000 * days if days > 0 else -250 * days
        amount += max(0, _way(world, place) - _way(world, told))
        if name not in self.forced:
            amount += 1000 * self._records[name].confirmed
            amount += 100 * (name in self._asked_first)
        if told.start - world.now < timedelta(hours=72):
            amount *= 2
        moved = min(8, world.patients[place.request.patient_id].times_moved)
        factor = (Decimal("1.5") ** moved * 1000).to_integral_value(ROUND_HALF_UP)
        return math.floor(Fraction(amount) * Fraction(int(factor), 1000) + Fraction(1, 2))


def _day(world: World, place: Place) -> date:
    return place.start.astimezone(world.zone(place.role)).date()


def _way(world: World, place: Place) -> int:
    metres = world.metres(place.request, place.role) if place.role.location_id else None
    return math.floor(round(max(0, (metres or 0) - 5000) * 0.1, 6) + 0.5)


def frontier(mending: Mending, max_additional: int) -> list[Values]:
    """Values of the plans that no other beats in people left unplaced and people displaced."""
    best, minimum = mending.best(), mending.minimum()
    found: list[Values] = []
    for limit in range(max_additional + 1):
        within = [value for count, value in best.items() if count <= minimum + limit]
        value = min(within)
        if not found or value[: len(ORDER)] < found[-1][: len(ORDER)]:
            found.append(value)
    return found
