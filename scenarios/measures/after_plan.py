"""The world of a match in which its plan is carried out: what is taken, and what is left."""

from __future__ import annotations

import numpy as np

from engine.result import Result
from engine.snapshot import Snapshot, with_appointments


def after_plan(result: Result) -> Snapshot:
    """The snapshot in which the places of the plan are appointments."""
    snapshot, plan = result.snapshot, result.plan
    request = np.flatnonzero(plan.is_placed)
    return with_appointments(
        snapshot,
        tuple(snapshot.requests.ids[index] for index in request.tolist()),
        request,
        plan.role[request],
        plan.session[request],
        plan.start[request],
        plan.end[request],
    )
