"""Judge of ``licensed_state``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Violation, Visits, broken, given

if TYPE_CHECKING:
    from engine.eligibility.licensed_state import LicensedState


def violations(rule: LicensedState, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Video visits of patients where the doctor is not licensed."""
    visits = Visits.of(snapshot, plan)
    by_video = ~given(snapshot.roles.location[visits.role])
    state = snapshot.patients.state[visits.patient]
    licences = snapshot.roles.states.expand(visits.role)
    holds = np.zeros(len(state), np.bool_)
    holds[licences[0][licences[1] == state[licences[0]]]] = True
    yield from broken(rule.name, snapshot, visits, by_video & ~holds)
