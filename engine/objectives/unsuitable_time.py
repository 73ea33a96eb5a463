"""A time that does not suit."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.arrays import Int
from engine.candidates import Candidates
from engine.domain.fields import Days
from engine.equivalent_days import milli_days
from engine.inconvenience import Inconvenience
from engine.parameters import cited
from engine.rules import Grain, rule
from engine.snapshot import Snapshot


@rule
class UnsuitableTime(Inconvenience):
    """A patient comes at a weekly time that suits, or pays in days what that is worth.

    Formula: ``days`` if the visit does not lie in the union of the weekly times that suit,
    on the clock at the place; nothing if it does, or if no times are given.

    Unit: milli-days.
    """

    name: ClassVar[str] = "unsuitable_time"
    grain: ClassVar[Grain] = "moment"

    days: Days = cited(
        2.75, "Gerard et al. 2008, 2.5 to 3 days for an inconvenient time: the middle"
    )

    def cost(self, snapshot: Snapshot, candidates: Candidates) -> Int:
        """Milli-days for a time that does not suit."""
        return np.where(candidates.suit_times(snapshot), 0, milli_days(self.days))
