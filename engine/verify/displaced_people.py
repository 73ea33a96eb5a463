"""Judge of ``displaced_people``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import Int
from engine.plan import KEPT, Plan
from engine.snapshot import BYSTANDER, CONTESTED, Snapshot

if TYPE_CHECKING:
    from engine.objectives.displaced_people import DisplacedPeople


def contributions(rule: DisplacedPeople, snapshot: Snapshot, plan: Plan) -> Int:
    """Nothing by request: people are counted."""
    return np.zeros(snapshot.num_requests, np.int64)


def shared(rule: DisplacedPeople, snapshot: Snapshot, plan: Plan) -> int:
    """People who do not keep a place that they could have kept."""
    return num_displaced(snapshot, plan)


def num_displaced(snapshot: Snapshot, plan: Plan) -> int:
    """People of whom an appointment that could stay does not."""
    people = set()
    for request, standing in enumerate(snapshot.told.standing.tolist()):
        if standing in (CONTESTED, BYSTANDER) and plan.state[request] != KEPT:
            people.add(int(snapshot.requests.patient[request]))
    return len(people)
