"""What an earlier plan told people: a plan to begin with, after their answers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.arrays import NONE, Int
from engine.candidates import Candidates
from engine.snapshot import Snapshot
from engine.where import Where


class Begun:
    """Places by request.

    Parameters
    ----------
    after
        The world after the event.
    places
        By appointment; what the world does not have is passed over.
    """

    def __init__(self, after: Snapshot, places: Mapping[str, Where]) -> None:
        rows = [
            (row, places[name]) for row, name in enumerate(after.published.ids) if name in places
        ]
        self._place = np.full((3, after.num_requests), NONE, np.int64)
        for row, where in rows:
            self._place[:, after.published.request[row]] = (
                after.index.roles.get(where.role_id, NONE),
                after.index.sessions.get(where.session_id or "", NONE),
                after.grid.minutes(where.start),
            )

    @property
    def requests(self) -> Int:
        """int64, ascending: whose place is known."""
        role, session, _ = self._place
        return np.flatnonzero((role != NONE) & (session != NONE))

    def among(self, eligible: Candidates) -> Candidates:
        """Those of some candidates that are the places."""
        role, session, start = self._place[:, eligible.request]
        same = (eligible.role == role) & (eligible.session == session) & (eligible.start == start)
        return eligible.where(same)
