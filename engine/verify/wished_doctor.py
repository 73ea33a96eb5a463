"""Judge of ``wished_doctor``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.domain import INSISTABLE
from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Violation, Visits, broken

if TYPE_CHECKING:
    from engine.eligibility.wished_doctor import WishedDoctor


def violations(rule: WishedDoctor, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Visits with another doctor than those insisted on."""
    visits = Visits.of(snapshot, plan)
    insists = snapshot.wishes.insists_on[visits.request, INSISTABLE.index("doctors")]
    width = snapshot.wishes.doctors.width
    asked = visits.request * width + snapshot.roles.doctor[visits.role]
    listed = np.isin(asked, snapshot.wishes.doctors.key)
    yield from broken(rule.name, snapshot, visits, insists & ~listed)
