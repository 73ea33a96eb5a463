"""A doctor is away for a while."""

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
class DoctorAbsent:
    """A doctor (or a service) is not there for a while, wherever it would have been.

    Its sessions lose every cell that the absence touches. Active appointments there are
    dropped, so their requests are open again. To repair the plan instead, with the fewest
    people moved, let the absence be an event of a run that repairs.
    """

    kind: Literal["doctor_absent"] = "doctor_absent"
    """What changes."""
    doctor_id: Id
    """A doctor or a service."""
    start: DayOrInstant
    """First minute away; a plain date is its local midnight."""
    end: DayOrInstant
    """First minute back; a plain date is the last day away."""

    def check(self, situation: Situation, path: str, report: Report) -> None:
        """Report an unknown doctor, and an absence without a length."""
        checker = Checker(situation, path, report)
        checker.refer("doctor_id", self.doctor_id, "doctors", "services")
        checker.stretch(self.start, self.end)

    def apply(self, situation: Situation, seed: int) -> Situation:
        """The situation with the doctor away; nothing is drawn."""
        away = stretch_of(situation.dataset, self.start, self.end)
        roles = roles_of(situation.dataset, self.doctor_id)
        return without_times(situation, dict.fromkeys(roles, (away,)))
