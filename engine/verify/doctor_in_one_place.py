"""Judge of ``doctor_in_one_place``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Violation, Visits, given, overlapping_pairs

if TYPE_CHECKING:
    from engine.constraints.doctor_in_one_place import DoctorInOnePlace


def violations(rule: DoctorInOnePlace, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Doctors occupied in two places at once."""
    visits, published = Visits.of(snapshot, plan), snapshot.published
    told, timed = np.flatnonzero(published.has_time), np.flatnonzero(visits.has_time)
    role = np.concatenate([published.role[told], visits.role[timed]])
    doctor = snapshot.roles.doctor[role]
    outside = len(snapshot.sessions.ids) + told  # a place of its own
    there = published.session[told]
    home = np.concatenate([np.where(given(there), there, outside), visits.session[timed]])
    start = np.concatenate([published.busy_start[told], visits.busy_start[timed]])
    end = np.concatenate([published.busy_end[told], visits.busy_end[timed]])
    request = np.concatenate([published.request[told], visits.request[timed]])

    def name(row: int) -> str:
        if row < len(told):
            return f"appointment {published.ids[told[row]]}"
        return f"request {snapshot.requests.ids[request[row]]}"

    for one, other in zip(*overlapping_pairs(doctor, start, end), strict=True):
        if home[one] != home[other] and not snapshot.doctors.is_service[doctor[one]]:
            ids = (snapshot.requests.ids[request[i]] for i in (one, other) if request[i] >= 0)
            both = " and ".join(sorted((name(one), name(other))))
            where = f"{snapshot.doctors.ids[doctor[one]]}: {both}"
            yield Violation(rule.name, where, tuple(sorted(ids)))
