"""Judge of ``new_patients``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Violation, Visits, broken

if TYPE_CHECKING:
    from engine.eligibility.new_patients import NewPatients


def violations(rule: NewPatients, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Visits with roles that do not take the patient on."""
    visits = Visits.of(snapshot, plan)
    accepts = np.array(["all", "existing", "family", "none"])[
        snapshot.roles.accepts_new[visits.role]
    ]
    bad = accepts == "none"
    for index in np.flatnonzero((accepts == "existing") | (accepts == "family")).tolist():
        patient, role = visits.patient[index], visits.role[index]
        family = snapshot.patients.family[patient]
        circle = [patient]
        if accepts[index] == "family" and family >= 0:
            circle = np.flatnonzero(snapshot.patients.family == family).tolist()
        bad[index] = not any(snapshot.patient_knows(person, role) for person in circle)
    yield from broken(rule.name, snapshot, visits, bad)
