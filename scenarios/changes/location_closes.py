"""A place closes."""

from __future__ import annotations

from typing import Literal

from engine.domain.fields import DayOrInstant, Id
from engine.domain.record import record
from engine.problems import Report
from scenarios.changes.absence import without_times
from scenarios.changes.checking import Checker
from scenarios.changes.stretch import stretch_of
from scenarios.situation import Situation


@record
class LocationCloses:
    """A place closes for everybody, from a day on, for good or for a while.

    Sessions there lose every cell that the closure touches. Active appointments there are
    dropped, so their requests are open again. The place and its roles stay in the dataset.
    """

    kind: Literal["location_closes"] = "location_closes"
    """What changes."""
    location_id: Id
    """Which place."""
    start: DayOrInstant | None = None
    """First minute closed; a plain date is its local midnight; none: now."""
    end: DayOrInstant | None = None
    """First minute open again; a plain date is the last day closed; none: for good."""

    def check(self, situation: Situation, path: str, report: Report) -> None:
        """Report an unknown place, and a closure without a length."""
        checker = Checker(situation, path, report)
        checker.refer("location_id", self.location_id, "locations")
        checker.stretch(self.start, self.end)

    def apply(self, situation: Situation, seed: int) -> Situation:
        """The situation with the place closed; nothing is drawn."""
        dataset = situation.dataset
        closed = stretch_of(dataset, self.start, self.end)
        roles = [row.id for row in dataset.roles if row.location_id == self.location_id]
        return without_times(situation, dict.fromkeys(roles, (closed,)))
