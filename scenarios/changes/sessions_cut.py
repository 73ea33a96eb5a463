"""A role or a doctor has fewer sessions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

from engine.domain import Dataset, Role
from engine.domain.fields import DayOrInstant, Id, Weekday
from engine.domain.record import record
from engine.problems import Report
from engine.time_grid import WEEKDAYS, at_clock
from scenarios.changes.absence import roles_of, without_times
from scenarios.changes.checking import Checker
from scenarios.changes.hours import zone_of
from scenarios.changes.stretch import Stretch, common_part, stretch_of
from scenarios.situation import Situation


@record
class SessionsCut:
    """Sessions of a role, or of a doctor in every role, are cut: on weekdays, for a while, or both.

    Every cell that the cut touches is gone. Active appointments there are dropped, so their
    requests are open again.
    """

    kind: Literal["sessions_cut"] = "sessions_cut"
    """What changes."""
    role_id: Id | None = None
    """In which role; exactly one of role and doctor."""
    doctor_id: Id | None = None
    """Of which doctor or service, in every role; exactly one of role and doctor."""
    weekdays: tuple[Weekday, ...] = ()
    """On which days, by the clock of the role; empty: on all."""
    start: DayOrInstant | None = None
    """From here on; a plain date is its local midnight; none: now."""
    end: DayOrInstant | None = None
    """Until here; a plain date is the last day; none: for good."""

    def check(self, situation: Situation, path: str, report: Report) -> None:
        """Report unknown ids, and a stretch without a length."""
        checker = Checker(situation, path, report)
        checker.exactly_one(role_id=self.role_id, doctor_id=self.doctor_id)
        checker.refer("role_id", self.role_id, "roles")
        checker.refer("doctor_id", self.doctor_id, "doctors", "services")
        checker.distinct("weekdays", self.weekdays)
        checker.stretch(self.start, self.end)

    def apply(self, situation: Situation, seed: int) -> Situation:
        """The situation without those times; nothing is drawn."""
        dataset = situation.dataset
        named = {self.role_id} if self.role_id else {*roles_of(dataset, self.doctor_id or "")}
        gaps = {row.id: [*self._gaps(dataset, row)] for row in dataset.roles if row.id in named}
        return without_times(situation, gaps)

    def _gaps(self, dataset: Dataset, role: Role) -> Iterator[Stretch]:
        """When a role is cut."""
        whole = stretch_of(dataset, self.start, self.end)
        if not self.weekdays:
            yield whole
            return
        zone = zone_of(dataset, role)
        day, last = (instant.astimezone(zone).date() for instant in whole)
        while day <= last:
            following = day + timedelta(days=1)
            midnights = at_clock(day, 0, zone), at_clock(following, 0, zone)
            part = common_part(whole, midnights)
            if part is not None and WEEKDAYS[day.weekday()] in self.weekdays:
                yield part
            day = following
