"""What objectives paid in equivalent days have in common."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.arrays import Int
from engine.snapshot import Snapshot


class Inconvenience:
    """An objective paid in equivalent days of waiting.

    All of them add up at one level: each price says how many days of waiting a patient would
    accept instead. Whoever is left unplaced pays nothing here, but at a level above.
    """

    __slots__ = ()

    unit: ClassVar[str] = "milli-days"
    level: ClassVar[str] = "inconvenience"

    def unplaced(self, snapshot: Snapshot) -> Int:
        """Nothing."""
        return np.zeros(snapshot.num_requests, np.int64)
