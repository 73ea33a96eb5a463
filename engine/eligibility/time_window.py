"""The visit lies in the patient's window."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.arrays import Bool
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
        by_time = (earliest <= candidates.start) & (candidates.end <= latest)
        zone, grid = candidates.zone(snapshot), snapshot.grid
        first_day = grid.day(zone, earliest)
        last_day = grid.day(zone, latest - 1)
        from_day = (earliest == -ALWAYS) | (first_day <= candidates.day)
        to_day = (latest == ALWAYS) | (candidates.day <= last_day)
        overlaps = (earliest < candidates.end) & (candidates.start < latest)
        return np.where(candidates.has_time, by_time, from_day & to_day & overlaps)
