"""The visit lies in the patient's window."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.arrays import Bool, Int
from engine.candidates import Candidates
from engine.rules import Grain, rule
from engine.snapshot import Snapshot
from engine.snapshot.index import ALWAYS


@rule
class TimeWindow:
    """A visit begins no earlier and ends no later than the patient can.

    Formula: ``earliest ≤ start`` and ``end ≤ latest``. A day session, having no told time,
    is judged by its local day, not before the day of ``earliest``, not after that of
    ``latest``; and it ends after ``earliest`` and begins before ``latest``.

    Units: minutes; local days.
    """

    name: ClassVar[str] = "time_window"
    grain: ClassVar[Grain] = "moment"

    def admits_places(self, snapshot: Snapshot, candidates: Candidates) -> Bool:
        """Whether each candidate lies in its request's window."""
        earliest = snapshot.requests.earliest[candidates.request]
        latest = snapshot.requests.latest[candidates.request]
        admitted: Bool = (earliest <= candidates.start) & (candidates.end <= latest)
        seat = np.flatnonzero(~candidates.has_time)
        if len(seat):
            seats = candidates.where(seat)
            admitted[seat] = self._admits_seats(snapshot, seats, earliest[seat], latest[seat])
        return admitted

    def _admits_seats(
        self, snapshot: Snapshot, seats: Candidates, earliest: Int, latest: Int
    ) -> Bool:
        """The same in day sessions."""
        zone, grid = seats.zone(snapshot), snapshot.grid
        first_day = grid.day(zone, earliest)
        last_day = grid.day(zone, latest - 1)
        from_day = (earliest == -ALWAYS) | (first_day <= seats.day)
        to_day = (latest == ALWAYS) | (seats.day <= last_day)
        return from_day & to_day & (earliest < seats.end) & (seats.start < latest)
