"""By video instead of in person, or the reverse."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.arrays import NONE, Int
from engine.candidates import Candidates
from engine.domain.fields import Days
from engine.equivalent_days import milli_days
from engine.inconvenience import Inconvenience
from engine.parameters import assumed
from engine.rules import Grain, rule
from engine.snapshot import Snapshot


@rule
class OtherModality(Inconvenience):
    """A patient is seen in person, or by video, as wished for, or pays what that is worth.

    Formula: ``days`` if a modality is wished for and the role's is another.

    Unit: milli-days.
    """

    name: ClassVar[str] = "other_modality"
    grain: ClassVar[Grain] = "role"

    days: Days = assumed(2.0, "no source found")

    def cost(self, snapshot: Snapshot, candidates: Candidates) -> Int:
        """Milli-days for the other modality."""
        wish = snapshot.wishes.modality[candidates.request]
        other = (wish != NONE) & (wish != snapshot.modality(candidates.role))
        return np.where(other, milli_days(self.days), 0)
