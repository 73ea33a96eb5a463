"""Cells kept for the urgent until they are released."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar

from engine.arrays import NONE, Bool
from engine.candidates import Candidates
from engine.domain.fields import Minutes
from engine.parameters import assumed
from engine.rules import Grain, Suspicion, rule
from engine.snapshot import Snapshot
from engine.urgency import Urgencies


@rule
class ReservedCells:
    """Some sessions are kept for urgent patients, and opened to all when nobody urgent came.

    Formula: the session is not reserved; or the request's class is the one it is reserved
    for, or more urgent; or every cell the visit covers is released: the last one's start −
    ``as_of`` ≤ ``release_minutes``.

    Units: minutes.
    """

    name: ClassVar[str] = "reserved_cells"
    grain: ClassVar[Grain] = "place"
    whoever: ClassVar[bool] = True

    release_minutes: Minutes = assumed(2_880, "two days ahead, the standard of urgent requests")
    urgencies: Urgencies = field(default_factory=Urgencies)

    def admits_places(self, snapshot: Snapshot, candidates: Candidates) -> Bool:
        """Whether each candidate's cells are open to its request."""
        sessions, rank = snapshot.sessions, self.urgencies.rank(snapshot)
        reserved = sessions.reserved_for[candidates.session]
        urgency = rank[snapshot.requests.urgency[candidates.request]]
        last_cell = sessions.cell_start[candidates.first_cell + candidates.num_cells - 1]
        now = snapshot.grid.minutes(snapshot.as_of_instant)  # rounded down: not released early
        released = last_cell - now <= self.release_minutes
        return (reserved == NONE) | (urgency <= rank[reserved]) | released

    def suspects(self, snapshot: Snapshot) -> Suspicion:
        """Suspects sessions that are reserved."""
        reserved_for = snapshot.sessions.reserved_for
        return lambda _request, session: reserved_for[session] != NONE
