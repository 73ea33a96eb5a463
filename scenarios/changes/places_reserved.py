"""Places of every day are kept for the urgent."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from typing import Annotated, Literal

from pydantic import Field

from engine.domain import Dataset, Role, Session
from engine.domain.fields import Flag, Id, VisitLength
from engine.domain.record import record
from engine.interchange.unique_id import unique_id
from engine.policy import Policy
from engine.problems import Report
from engine.snapshot import Snapshot, take_snapshot
from engine.time_grid import elapsed, later
from engine.urgency import MINUTES_PER_HOUR
from scenarios.changes.checking import Checker
from scenarios.changes.specialties import below, practised
from scenarios.situation import Situation

_RULE = "reserved_cells"


@record
class PlacesReserved:
    """So many places of every doctor and day are kept for an urgency class and those more urgent.

    They are the last free ones of the day, so that who asks in the morning can still come. A
    place is one cell, or as many in a row as its minutes need; where cells take several visits,
    all their seats are kept, and each is a place. Where not so many are free, all are kept that
    are. The sessions are split there: no other visit reaches over a kept place. Sessions that
    are reserved already are left alone, and day sessions, whose seats have no time.
    """

    kind: Literal["places_reserved"] = "places_reserved"
    """What changes."""
    urgency: Id
    """The class they are kept for, and those more urgent."""
    places: Annotated[int, Field(strict=True, ge=1, le=1_000)]
    """Places per doctor (or service) and local day, over all its roles that are meant."""
    minutes: VisitLength | None = None
    """Length of one place; none: one cell of its session."""
    release_hours: Annotated[int, Field(strict=True, ge=0, le=168)] | None = None
    """They are open to all so long before they begin, as is all that is reserved; none: as the
    policy says."""
    specialty: Id | None = None
    """Only in roles that practise it, or what is below it."""
    exactly: Flag = False
    """Not what is below the specialty."""
    role_id: Id | None = None
    """Only in this role."""
    location_id: Id | None = None
    """Only at this place."""

    def check(self, situation: Situation, path: str, report: Report) -> None:
        """Report unknown ids and an unknown class."""
        checker = Checker(situation, path, report)
        checker.urgency("urgency", self.urgency)
        codes = practised(situation.dataset.roles)
        checker.specialty("specialty", self.specialty, codes, exactly=self.exactly)
        checker.refer("role_id", self.role_id, "roles")
        checker.refer("location_id", self.location_id, "locations")

    def apply(self, situation: Situation, seed: int) -> Situation:
        """The situation with the places kept; nothing is drawn."""
        dataset = situation.dataset
        kept = self._kept(dataset, take_snapshot(dataset))
        taken = {row.id for row in dataset.sessions}
        sessions: list[Session] = []
        for row, cells in zip(dataset.sessions, kept, strict=True):
            sessions += self._split(row, cells, taken) if cells else [row]
        return Situation(replace(dataset, sessions=tuple(sessions)), self._ruled(situation.policy))

    def _ruled(self, policy: Policy) -> Policy:
        """The policy with the rule that keeps places, and when it releases them."""
        if self.release_hours is None:
            return policy.replace(_RULE)
        return policy.replace(_RULE, release_minutes=self.release_hours * MINUTES_PER_HOUR)

    def _kept(self, dataset: Dataset, snapshot: Snapshot) -> list[set[int]]:
        """By session: the numbers of its cells that are kept."""
        codes = below(self.specialty, practised(dataset.roles), exactly=self.exactly)
        roles = {row.id: row for row in dataset.roles if self._is_meant(row, codes)}
        sessions_of: dict[tuple[str | None, int], list[int]] = defaultdict(list)
        starts = snapshot.sessions.start
        days = snapshot.grid.day(snapshot.roles.zone[snapshot.sessions.role], starts)
        for index, row in enumerate(dataset.sessions):
            role = roles.get(row.role_id)
            if role is not None and row.kind == "timed" and row.reserved_for is None:
                who = role.doctor_id or role.service_id
                sessions_of[who, int(days[index])].append(index)
        kept: list[set[int]] = [set() for _ in dataset.sessions]
        for indices in sessions_of.values():
            left = self.places
            for index in sorted(indices, key=lambda at: (-int(starts[at]), at)):
                kept[index], left = self._last_free(dataset.sessions[index], snapshot, index, left)
        return kept

    def _is_meant(self, role: Role, codes: set[str]) -> bool:
        return (
            self.role_id in (None, role.id)
            and self.location_id in (None, role.location_id)
            and (self.specialty is None or not codes.isdisjoint(role.specialties))
        )

    def _last_free(
        self, row: Session, snapshot: Snapshot, index: int, left: int
    ) -> tuple[set[int], int]:
        """Cells of a session for places that are still to be kept, and how many are left then."""
        cell = row.cell_minutes or 1
        length = 1 if self.minutes is None else -(-self.minutes // cell)
        first, end = snapshot.sessions.first_cell[index : index + 2]
        to_come = snapshot.sessions.cell_start[first:end] >= snapshot.as_of
        is_free = (snapshot.used[first:end] == 0) & to_come
        kept: set[int] = set()
        run = 0
        for number in reversed(range(len(is_free))):
            run = run + 1 if is_free[number] else 0
            if run == length and left > 0 and row.capacity:
                kept |= set(range(number, number + length))
                left -= row.capacity
                run = 0
        return kept, max(left, 0)

    def _split(self, row: Session, kept: set[int], taken: set[str]) -> list[Session]:
        """A session as parts on the same cells, those with kept cells reserved."""
        cell = row.cell_minutes or 1
        num_cells = elapsed(row.start, row.end) // timedelta(minutes=cell)
        parts: list[Session] = []
        for is_kept, run in groupby(range(num_cells), key=kept.__contains__):
            cells = list(run)
            is_last = cells[-1] == num_cells - 1
            parts.append(
                replace(
                    row,
                    id=unique_id(row.id, taken) if parts else row.id,
                    start=later(row.start, cells[0] * cell),
                    end=row.end if is_last else later(row.start, (cells[-1] + 1) * cell),
                    reserved_for=self.urgency if is_kept else None,
                )
            )
        return parts
