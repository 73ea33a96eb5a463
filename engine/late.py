"""How late visits are, in whole days begun after the due instant."""

from __future__ import annotations

import numpy as np

from engine.arrays import Int, stretches
from engine.candidates import Candidates
from engine.snapshot import Snapshot
from engine.time_grid import MINUTES_PER_DAY
from engine.urgency import Urgencies


def days_late(urgencies: Urgencies, snapshot: Snapshot, candidates: Candidates) -> Int:
    """``max(0, ⌈(start − due) / 1440 min⌉)`` of every candidate; int64, shape (C,).

    In a day session: local days after the day of the due instant.
    """
    zone, (head, stretch) = candidates.zone(snapshot), stretches(candidates.request)
    due = urgencies.due(snapshot, candidates.request[head])[stretch, zone]
    late = -((due - candidates.start) // MINUTES_PER_DAY)
    seat = np.flatnonzero(~candidates.has_time)
    late[seat] = candidates.day[seat] - snapshot.grid.day(zone[seat], due[seat] - 1)
    return np.maximum(late, 0)
