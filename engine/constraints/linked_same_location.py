"""Linked visits with one location."""

from __future__ import annotations

from typing import ClassVar

from engine.arrays import Bool
from engine.candidates import Candidates
from engine.linked import beside_appointments, rows_of_the_same
from engine.rows import Rows
from engine.rules import rule
from engine.snapshot import Snapshot


@rule
class LinkedSameLocation:
    """Linked visits that must be at one place are.

    Formula: for every two requests of a link with ``same_location`` and every value p,
    ``Σ x[first at p] + Σ x[second not at p] ≤ 1``; where one of the two is left unplaced,
    nothing is asked. Appointments count as placed.

    Unit: place of the role; by video is one place.
    Key: pair × p.
    """

    name: ClassVar[str] = "linked_same_location"
    can_block_alone: ClassVar[bool] = True

    def rows(self, snapshot: Snapshot, candidates: Candidates) -> Rows:
        """One row per pair of requests and value that the first could have."""
        return rows_of_the_same(snapshot, candidates, self._pairs(snapshot), "location")

    def blocking_rows(self, snapshot: Snapshot, candidates: Candidates) -> Rows:
        """Those of the pairs that one appointment settles."""
        settled = self._pairs(snapshot) & beside_appointments(snapshot)
        return rows_of_the_same(snapshot, candidates, settled, "location")

    def _pairs(self, snapshot: Snapshot) -> Bool:
        links = snapshot.links
        return links.same_location[links.pair_link]
