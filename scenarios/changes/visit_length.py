"""A type of visit takes another length."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from engine.domain import VisitType
from engine.domain.fields import Id, VisitLength
from engine.domain.record import record
from engine.problems import Report
from scenarios.changes.checking import Checker
from scenarios.situation import Situation


@record
class VisitLengthChanged:
    """A type of visit takes longer, or less long.

    It changes what is still to be placed: appointments keep the times that people were told.
    Where a role, or a request for one doctor, states a length of its own, that one holds.
    """

    kind: Literal["visit_length"] = "visit_length"
    """What changes."""
    visit_type_id: Id
    """Which type of visit."""
    minutes: VisitLength | None = None
    """With a patient who is known; none: as before."""
    minutes_new: VisitLength | None = None
    """With a new patient; none: as before, which may be the same as with a known one."""

    def check(self, situation: Situation, path: str, report: Report) -> None:
        """Report an unknown type of visit, and a change of nothing."""
        checker = Checker(situation, path, report)
        checker.refer("visit_type_id", self.visit_type_id, "visit_types")
        checker.some(minutes=self.minutes, minutes_new=self.minutes_new)

    def apply(self, situation: Situation, seed: int) -> Situation:
        """The situation with the other length; nothing is drawn."""
        dataset = situation.dataset
        visit_types = tuple(
            self._changed(row) if row.id == self.visit_type_id else row
            for row in dataset.visit_types
        )
        return replace(situation, dataset=replace(dataset, visit_types=visit_types))

    def _changed(self, row: VisitType) -> VisitType:
        minutes = row.minutes if self.minutes is None else self.minutes
        minutes_new = row.minutes_new if self.minutes_new is None else self.minutes_new
        return replace(row, minutes=minutes, minutes_new=minutes_new)
