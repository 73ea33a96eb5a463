"""Another place than those wished for."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.arrays import Int
from engine.candidates import Candidates
from engine.domain.fields import Days
from engine.equivalent_days import milli_days
from engine.inconvenience import Inconvenience
from engine.parameters import assumed
from engine.rules import Grain, rule
from engine.snapshot import Snapshot


@rule
class OtherLocation(Inconvenience):
    """A patient goes to one of the places wished for, or pays in days what that is worth.

    Formula: ``days`` if places are wished for and the role's location is not among them (a
    video role has none).

    Unit: milli-days.
    """

    name: ClassVar[str] = "other_location"
    grain: ClassVar[Grain] = "role"

    days: Days = assumed(1.0, "no source found")

    def cost(self, snapshot: Snapshot, candidates: Candidates) -> Int:
        """Milli-days for another place."""
        wishes, request = snapshot.wishes, candidates.request
        listed = wishes.locations.has(request, snapshot.roles.location[candidates.role])
        other = (wishes.num_locations[request] > 0) & ~listed
        return np.where(other, milli_days(self.days), 0)
