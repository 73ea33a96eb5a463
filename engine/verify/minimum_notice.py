"""Judge of ``minimum_notice``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Violation, Visits, broken

if TYPE_CHECKING:
    from engine.eligibility.minimum_notice import MinimumNotice


def violations(rule: MinimumNotice, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Visits told too shortly before."""
    visits = Visits.of(snapshot, plan)
    notice = snapshot.roles.min_notice[visits.role].copy()
    notice[notice < 0] = rule.minutes
    left = np.where(visits.has_time, visits.start, visits.end) - snapshot.as_of
    yield from broken(rule.name, snapshot, visits, left < notice)
