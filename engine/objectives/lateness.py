"""Days beyond the standard."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar

import numpy as np

from engine.arrays import Int
from engine.candidates import Candidates
from engine.late import days_late
from engine.rules import Grain, rule
from engine.snapshot import Snapshot
from engine.urgency import Urgencies


@rule
class Lateness:
    """Nobody is seen later than their urgency allows, if it can be helped.

    Formula: ``max(0, ⌈(start − due) / 1440 min⌉)``, the days begun after the due instant
    (``Urgencies.due``). In a day session: local days after the day of the due instant.

    Unit: whole days. Source of the standards: California timely-access rules (urgent 48 h,
    primary care 10 working days, specialist 15 working days).
    """

    name: ClassVar[str] = "lateness"
    grain: ClassVar[Grain] = "moment"
    unit: ClassVar[str] = "days"
    level: ClassVar[str] = "lateness"

    urgencies: Urgencies = field(default_factory=Urgencies)

    def cost(self, snapshot: Snapshot, candidates: Candidates) -> Int:
        """Whole days late."""
        return days_late(self.urgencies, snapshot, candidates)

    def unplaced(self, snapshot: Snapshot) -> Int:
        """Nothing: being left unplaced counts at its own level."""
        return np.zeros(snapshot.num_requests, np.int64)
