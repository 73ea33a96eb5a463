"""Judge of ``time_window``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Violation, Visits, broken

_NEVER = 1 << 40

if TYPE_CHECKING:
    from engine.eligibility.time_window import TimeWindow


def violations(rule: TimeWindow, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Visits outside the window of the request."""
    visits, requests = Visits.of(snapshot, plan), snapshot.requests
    earliest, latest = requests.earliest[visits.request], requests.latest[visits.request]
    bad = visits.has_time & ((visits.start < earliest) | (visits.end > latest))
    for index in np.flatnonzero(~visits.has_time).tolist():
        day = visits.local(snapshot, index, visits.start[index]).date()
        bad[index] = visits.end[index] <= earliest[index] or visits.start[index] >= latest[index]
        if earliest[index] > -_NEVER:
            bad[index] |= day < visits.local(snapshot, index, earliest[index]).date()
        if latest[index] < _NEVER:
            bad[index] |= day > visits.local(snapshot, index, latest[index] - 1).date()
    yield from broken(rule.name, snapshot, visits, bad)
