"""People who lose a place that they could have kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from engine.arrays import Int
from engine.candidates import Candidates
from engine.displaced import Innocents, is_moved
from engine.rows import Entries, Rows
from engine.rules import Grain, rule
from engine.snapshot import Snapshot


@rule
class DisplacedPeople:
    """Nobody who could stay is told another place, or none, unless it helps somebody who cannot.

    Counts bystanders and those who contest a place; people, not appointments: whoever has two
    moved is one. Off except in a repair, where somebody was told something.

    Formula: ``Σ_p max over the appointments of p of (x_moved + u)``; the maximum is an
    auxiliary column z with ``Σ x_moved + u - z ≤ 0`` per appointment.

    Unit: people.
    """

    name: ClassVar[str] = "displaced_people"
    grain: ClassVar[Grain] = "place"
    unit: ClassVar[str] = "people"
    level: ClassVar[str] = "displaced"
    is_off: ClassVar[bool] = True

    def cost(self, snapshot: Snapshot, candidates: Candidates) -> Int:
        """One for another place than the one told to somebody with one appointment."""
        alone = Innocents(snapshot).alone[candidates.request]
        return (alone & is_moved(snapshot, candidates)).astype(np.int64)

    def unplaced(self, snapshot: Snapshot) -> Int:
        """One, the same."""
        return Innocents(snapshot).alone.astype(np.int64)

    def steps(self, snapshot: Snapshot, candidates: Candidates) -> tuple[Rows, Mapping[int, int]]:
        """A row per appointment of people with several; key: the request. Key of z: the patient."""
        uses, request, opened = Innocents(snapshot).displaced(snapshot, candidates)
        each = np.arange(len(request))
        rows = Rows(
            request,
            np.zeros(len(request), np.int64),
            uses,
            opened,
            unplaced=Entries(each, request, np.ones(len(request), np.int64)),
        )
        return rows, dict.fromkeys(opened.column.tolist(), 1)
