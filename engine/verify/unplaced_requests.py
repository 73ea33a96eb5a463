"""Judge of ``unplaced_requests``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import Int
from engine.plan import UNPLACED, Plan
from engine.snapshot import Snapshot

if TYPE_CHECKING:
    from engine.objectives.unplaced_requests import UnplacedRequests


def contributions(rule: UnplacedRequests, snapshot: Snapshot, plan: Plan) -> Int:
    """1 for every request of the class that has no place; int64, shape (R,)."""
    names = np.array(list(snapshot.index.urgencies))
    in_class = names[snapshot.requests.urgency] == rule.urgency
    return (in_class & (plan.state == UNPLACED)).astype(np.int64)
