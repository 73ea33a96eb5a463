"""Only at the weekly times insisted on."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.arrays import Bool
from engine.candidates import Candidates
from engine.domain import INSISTABLE
from engine.rules import Grain, rule
from engine.snapshot import Snapshot

_INSISTED = INSISTABLE.index("times")


@rule
class WeeklyTimes:
    """Who insists on certain weekly times comes at those or not at all.

    Formula: the request does not insist on its times, or the visit lies in their union, on
    the clock at the place. A day session suits if any stretch falls on its weekday.

    Units: minutes of the week, from Monday 00:00.
    """

    name: ClassVar[str] = "weekly_times"
    grain: ClassVar[Grain] = "moment"

    def admits_places(self, snapshot: Snapshot, candidates: Candidates) -> Bool:
        """Whether each candidate suits a request that insists on its times."""
        insists = snapshot.wishes.insists_on[candidates.request, _INSISTED]
        admitted = np.ones(len(candidates), np.bool_)
        index = np.flatnonzero(insists)
        admitted[index] = candidates.where(index).suit_times(snapshot)
        return admitted
