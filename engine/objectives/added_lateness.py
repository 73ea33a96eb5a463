"""Days beyond the standard that a repair adds."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar

import numpy as np

from engine.arrays import Int, stretches
from engine.candidates import Candidates
from engine.late import days_late
from engine.rules import Grain, rule
from engine.snapshot import Snapshot
from engine.urgency import Urgencies


@rule
class AddedLateness:
    """Nobody is seen later than their urgency allows because others had to be helped.

    Formula: ``max(0, lateness of the new place - lateness of the one told)``, as in
    ``lateness``. Where nothing was told: nothing. Off except in a repair.

    Unit: whole days.
    """

    name: ClassVar[str] = "added_lateness"
    grain: ClassVar[Grain] = "moment"
    unit: ClassVar[str] = "days"
    level: ClassVar[str] = "delay"
    is_off: ClassVar[bool] = True

    urgencies: Urgencies = field(default_factory=Urgencies)

    def cost(self, snapshot: Snapshot, candidates: Candidates) -> Int:
        """Whole days later than what was told, beyond the standard."""
        head, stretch = stretches(candidates.request)
        asked = candidates.request[head]
        was_told = snapshot.told.standing[asked] >= 0
        before = np.zeros(len(asked), np.int64)
        told = Candidates.told(snapshot, asked[was_told])
        before[was_told] = days_late(self.urgencies, snapshot, told)
        added = days_late(self.urgencies, snapshot, candidates) - before[stretch]
        return np.where(was_told[stretch], np.maximum(added, 0), 0)

    def unplaced(self, snapshot: Snapshot) -> Int:
        """Nothing: being left unplaced counts at its own level."""
        return np.zeros(snapshot.num_requests, np.int64)
