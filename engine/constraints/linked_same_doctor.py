"""Linked visits with one doctor."""

from __future__ import annotations

from typing import ClassVar

from engine.arrays import Bool
from engine.candidates import Candidates
from engine.linked import beside_appointments, rows_of_the_same
from engine.rows import Rows
from engine.rules import rule
from engine.snapshot import Snapshot


@rule
class LinkedSameDoctor:
    """Linked visits that must be with one doctor are.

    Formula: for every two requests of a link with ``same_doctor`` and every value p,
    ``Σ x[first at p] + Σ x[second not at p] ≤ 1``; where one of the two is left unplaced,
    nothing is asked. Appointments count as placed.

    Unit: doctor, or service, of the role.
    Key: pair × p.
    """

    name: ClassVar[str] = "linked_same_doctor"
    can_block_alone: ClassVar[bool] = True

    def rows(self, snapshot: Snapshot, candidates: Candidates) -> Rows:
        """One row per pair of requests and value that the first could have."""
        return rows_of_the_same(snapshot, candidates, self._pairs(snapshot), "doctor")

    def blocking_rows(self, snapshot: Snapshot, candidates: Candidates) -> Rows:
        """Those of the pairs that one appointment settles."""
        settled = self._pairs(snapshot) & beside_appointments(snapshot)
        return rows_of_the_same(snapshot, candidates, settled, "doctor")

    def _pairs(self, snapshot: Snapshot) -> Bool:
        links = snapshot.links
        return links.same_doctor[links.pair_link]
