"""A role gets more sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from engine.domain import Interval, Session, WeeklyTime
from engine.domain.fields import Count, DayOrInstant, Id, VisitLength
from engine.domain.record import record
from engine.problems import Report
from engine.time_grid import elapsed
from scenarios.changes.checking import Checker
from scenarios.changes.hours import (
    new_sessions,
    usual_cell,
    weekly_stretches,
    with_sessions,
    zone_of,
)
from scenarios.changes.stretch import stretch_of
from scenarios.situation import Situation

_LONGEST = timedelta(hours=48)


@record
class SessionsAdded:
    """A role gets more sessions: weekly hours from now to the end of the horizon, or dated blocks.

    Where they overlap other sessions of the doctor, nothing is gained: a doctor is in one place
    at a time.
    """

    kind: Literal["sessions_added"] = "sessions_added"
    """What changes."""
    role_id: Id
    """Whose sessions."""
    hours: tuple[WeeklyTime, ...] = ()
    """Weekly times on the clock of the role; those that overlap are joined."""
    blocks: tuple[Interval, ...] = ()
    """Single sessions, each two days long at most."""
    start: DayOrInstant | None = None
    """Weekly hours hold from here on; a plain date is its local midnight; none: now."""
    end: DayOrInstant | None = None
    """Weekly hours hold until here; a plain date is their last day; none: to the end."""
    cell_minutes: VisitLength | None = None
    """Length of the cells; none: what most timed sessions of the role have."""
    capacity: Count = 1
    """Seats per cell."""
    visit_type_ids: tuple[Id, ...] = ()
    """Types of visit offered; empty: all."""
    reserved_for: Id | None = None
    """Kept for this urgency class and those more urgent, until released."""

    def check(self, situation: Situation, path: str, report: Report) -> None:
        """Report unknown ids, times without a length, and cells of no known length."""
        checker = Checker(situation, path, report)
        checker.refer("role_id", self.role_id, "roles")
        checker.some(hours=self.hours, blocks=self.blocks)
        checker.weekly("hours", self.hours)
        for index, block in enumerate(self.blocks):
            checker.interval(f"blocks/{index}", block.start, block.end)
            if elapsed(block.start, block.end) > _LONGEST:
                message = f"a session lasts {_LONGEST} at most; make one of every day"
                checker.error("out_of_range", f"blocks/{index}/end", message, block.end.isoformat())
        checker.stretch(self.start, self.end)
        for index, name in enumerate(self.visit_type_ids):
            checker.refer(f"visit_type_ids/{index}", name, "visit_types")
        checker.distinct("visit_type_ids", self.visit_type_ids)
        checker.urgency("reserved_for", self.reserved_for)
        if self.cell_minutes is None and usual_cell(situation.dataset, {self.role_id}) is None:
            message = "the role has no timed session: its cells have no known length"
            checker.error("missing_cell_minutes", "cell_minutes", message)

    def apply(self, situation: Situation, seed: int) -> Situation:
        """The situation with the sessions; nothing is drawn."""
        dataset = situation.dataset
        role = next(row for row in dataset.roles if row.id == self.role_id)
        like = Session(
            id=role.id,
            role_id=role.id,
            start=dataset.header.horizon.start,
            end=dataset.header.horizon.end,
            cell_minutes=self.cell_minutes or usual_cell(dataset, {role.id}),
            capacity=self.capacity,
            visit_type_ids=self.visit_type_ids,
            reserved_for=self.reserved_for,
        )
        zone, stretch = zone_of(dataset, role), stretch_of(dataset, self.start, self.end)
        blocks = [(block.start, block.end) for block in self.blocks]
        stretches = [*weekly_stretches(dataset, self.hours, zone, stretch), *blocks]
        return with_sessions(situation, new_sessions(dataset, like, zone, stretches))
