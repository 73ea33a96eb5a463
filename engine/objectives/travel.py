"""The way there."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.arrays import Int
from engine.candidates import Candidates
from engine.domain.fields import Days, Kilometres
from engine.equivalent_days import half_up, milli_days, thousandths
from engine.inconvenience import Inconvenience
from engine.parameters import assumed
from engine.rules import Grain, rule
from engine.snapshot import Snapshot

_METRES_PER_KM = 1_000


@rule
class Travel(Inconvenience):
    """A patient does not travel farther than needed.

    Formula: ``max(0, metres − free_km × 1000) / 1000 × days_per_km``, as the crow flies from
    home to place. By video, or where either is unknown: nothing.

    Unit: milli-days.
    """

    name: ClassVar[str] = "travel"
    grain: ClassVar[Grain] = "role"

    days_per_km: Days = assumed(0.1, "no source found")
    free_km: Kilometres = assumed(5.0, "no source found")

    def cost(self, snapshot: Snapshot, candidates: Candidates) -> Int:
        """Milli-days for the way."""
        metres = snapshot.metres(candidates.request, candidates.role)
        beyond = np.maximum(metres - thousandths(self.free_km), 0)
        return half_up(beyond * milli_days(self.days_per_km), _METRES_PER_KM)
