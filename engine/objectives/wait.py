"""Days of waiting."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.arrays import Int
from engine.candidates import Candidates
from engine.domain.fields import Days
from engine.equivalent_days import half_up, milli_days
from engine.inconvenience import Inconvenience
from engine.parameters import assumed
from engine.rules import Grain, rule
from engine.snapshot import Snapshot
from engine.time_grid import MINUTES_PER_DAY


@rule
class Wait(Inconvenience):
    """A patient is seen as soon as possible.

    Formula: ``(start − ready) / 1440 min × days_per_day``, at least 0, where ``ready`` is
    the later of ``created`` and ``earliest``. In a day session: local days between them.

    Unit: milli-days. This is the unit all other prices are stated in.
    """

    name: ClassVar[str] = "wait"
    grain: ClassVar[Grain] = "moment"

    days_per_day: Days = assumed(1.0, "the unit itself: a day of waiting costs a day")

    def cost(self, snapshot: Snapshot, candidates: Candidates) -> Int:
        """Milli-days of waiting."""
        ready = snapshot.requests.ready[candidates.request]
        price = milli_days(self.days_per_day)
        minutes = np.maximum(candidates.start - ready, 0)
        cost = half_up(minutes * price, MINUTES_PER_DAY)
        seat = np.flatnonzero(~candidates.has_time)
        zone = candidates.zone(snapshot)[seat]
        days = candidates.day[seat] - snapshot.grid.day(zone, ready[seat])
        cost[seat] = np.maximum(days, 0) * price
        return cost
