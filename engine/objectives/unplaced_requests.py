"""Requests left without a place."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar

import numpy as np

from engine.arrays import Int
from engine.candidates import Candidates
from engine.rules import Grain, rule
from engine.snapshot import Snapshot
from engine.urgency import Urgencies


@rule
class UnplacedRequests:
    """As few requests as possible are left without a place; first the most urgent.

    Formula: ``Σ u_r`` over the requests of the class. One level per class, the most urgent
    first: no number of less urgent requests outweighs one more urgent.

    Unit: requests.
    """

    name: ClassVar[str] = "unplaced_requests"
    grain: ClassVar[Grain] = "role"
    unit: ClassVar[str] = "requests"

    urgency: str
    urgencies: Urgencies = field(default_factory=Urgencies)

    @property
    def level(self) -> str:
        """The level of its class."""
        return f"unplaced_{self.urgency}"

    def cost(self, snapshot: Snapshot, candidates: Candidates) -> Int:
        """Nothing: who has a place is not unplaced."""
        del snapshot
        return np.zeros(len(candidates), np.int64)

    def unplaced(self, snapshot: Snapshot) -> Int:
        """One per open request of the class."""
        rank = self.urgencies.rank(snapshot)[snapshot.requests.urgency]
        in_class = rank == self.urgencies.names.index(self.urgency)
        return (in_class & snapshot.is_open).astype(np.int64)
