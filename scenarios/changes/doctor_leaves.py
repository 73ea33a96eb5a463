"""A doctor leaves for good."""

from __future__ import annotations

from typing import Literal

from engine.domain.fields import DayOrInstant, Id
from engine.domain.record import record
from engine.problems import Report
from scenarios.changes.absence import roles_of, without_times
from scenarios.changes.checking import Checker
from scenarios.changes.stretch import stretch_of
from scenarios.situation import Situation


@record
class DoctorLeaves:
    """A doctor (or a service) leaves for good, from a day on.

    All that is left of its sessions from then on is gone. Active appointments there are
    dropped, so their requests are open again. The doctor and its roles stay in the dataset,
    without sessions: wishes for the doctor are still made, and patients still known to it.
    """

    kind: Literal["doctor_leaves"] = "doctor_leaves"
    """What changes."""
    doctor_id: Id
    """A doctor or a service."""
    start: DayOrInstant | None = None
    """First minute away; a plain date is its local midnight; none: now."""

    def check(self, situation: Situation, path: str, report: Report) -> None:
        """Report an unknown doctor."""
        checker = Checker(situation, path, report)
        checker.refer("doctor_id", self.doctor_id, "doctors", "services")
        checker.stretch(self.start, None)

    def apply(self, situation: Situation, seed: int) -> Situation:
        """The situation without the doctor; nothing is drawn."""
        away = stretch_of(situation.dataset, self.start, None)
        roles = roles_of(situation.dataset, self.doctor_id)
        return without_times(situation, dict.fromkeys(roles, (away,)))
