"""Linked visits with one day."""

from __future__ import annotations

from typing import ClassVar

from engine.arrays import Bool
from engine.candidates import Candidates
from engine.linked import beside_appointments, rows_of_the_same
from engine.rows import Rows
from engine.rules import rule
from engine.snapshot import Snapshot


@rule
class LinkedSameDay:
    """Linked visits that must fall on one day do.

    Formula: for every two requests of a link with ``same_day`` and every value d,
    ``Σ x[first at d] + Σ x[second not at d] ≤ 1``; where one of the two is left unplaced,
    nothing is asked. Appointments count as placed.

    Unit: local day of the start, at the place; a day session has one too.
    Key: pair × d.
    """

    name: ClassVar[str] = "linked_same_day"
    can_block_alone: ClassVar[bool] = True

    def rows(self, snapshot: Snapshot, candidates: Candidates) -> Rows:
        """One row per pair of requests and value that the first could have."""
        return rows_of_the_same(snapshot, candidates, self._pairs(snapshot), "day")

    def blocking_rows(self, snapshot: Snapshot, candidates: Candidates) -> Rows:
        """Those of the pairs that one appointment settles."""
        settled = self._pairs(snapshot) & beside_appointments(snapshot)
        return rows_of_the_same(snapshot, candidates, settled, "day")

    def _pairs(self, snapshot: Snapshot) -> Bool:
        links = snapshot.links
        return links.same_day[links.pair_link]
