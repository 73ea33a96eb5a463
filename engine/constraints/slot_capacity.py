"""No more visits in a cell than it has seats."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar

import numpy as np

from engine.arrays import distinct
from engine.candidates import Candidates
from engine.rows import Entries, Rows
from engine.rules import Couples, rule
from engine.seats import Seats
from engine.snapshot import Snapshot


@rule
class SlotCapacity:
    """A cell of a session takes as many visits as it has seats.

    Formula: for every cell k, ``Σ_{c covering k} x_c ≤ seats_k − published use``, at least 0,
    with the capacity of its session as seats, and what overbooking adds
    (``engine.seats``). Key: the cell. Unit: seats.
    """

    name: ClassVar[str] = "slot_capacity"
    couples: ClassVar[Couples] = "cell"

    seats: Seats = field(default_factory=Seats)

    def rows(self, snapshot: Snapshot, candidates: Candidates) -> Rows:
        """One row per cell that a candidate covers."""
        index, cell = candidates.cells()
        touched, row = distinct(cell)
        uses = Entries(row, index, np.ones(len(row), np.int64))
        return Rows(touched, self.seats.room(snapshot)[touched], uses)
