"""Judge of ``patient_in_one_place``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Violation, Visits, given, overlapping_pairs

if TYPE_CHECKING:
    from engine.constraints.patient_in_one_place import PatientInOnePlace


def violations(rule: PatientInOnePlace, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Patients told to be in two places at once."""
    visits, published = Visits.of(snapshot, plan), snapshot.published
    told = np.flatnonzero(published.has_time & given(published.request))
    timed = np.flatnonzero(visits.has_time)
    request = np.concatenate([published.request[told], visits.request[timed]])
    patient = snapshot.requests.patient[request]
    start = np.concatenate([published.start[told], visits.start[timed]])
    end = np.concatenate([published.end[told], visits.end[timed]])
    for one, other in zip(*overlapping_pairs(patient, start, end), strict=True):
        ids = tuple(sorted(snapshot.requests.ids[request[i]] for i in (one, other)))
        where = f"{snapshot.patients.ids[patient[one]]}: {' and '.join(ids)}"
        yield Violation(rule.name, where, ids)
