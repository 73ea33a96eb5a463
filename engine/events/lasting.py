"""What was broken before, and stays so whatever becomes of the forced and the contested."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from engine.domain import Dataset
from engine.events.findings import Cluster, Forced
from engine.policy import Policy
from engine.snapshot import Snapshot, stays_of, without_appointments
from engine.verify.judge import violations_before
from engine.verify.violation import Violation


def lasting(
    before: Snapshot, policy: Policy, without: Collection[str]
) -> tuple[tuple[Violation, ...], tuple[str, ...]]:
    """What the appointments of ``before`` break, and break still without some of them.

    Parameters
    ----------
    before
        How things were.
    without
        Ids of the appointments that are forced, contested, or changed.

    Returns
    -------
    tuple of Violation, tuple of str
        The violations, and the ids of the appointments that take part in them.
    """
    found = {(row.rule, row.where): row for row in violations_before(before, policy)}
    if not found:
        return (), ()
    ids = before.published.ids
    gone = np.array([row for row, name in enumerate(ids) if name in without], np.int64)
    left = without_appointments(before, gone)
    still = tuple(
        min(row, found[row.rule, row.where], key=lambda violation: violation.excess)
        for row in (violations_before(left, policy) if without else found.values())
        if (row.rule, row.where) in found
    )
    return still, _taking_part(left, policy, still)


def _taking_part(
    snapshot: Snapshot, policy: Policy, violations: Sequence[Violation]
) -> tuple[str, ...]:
    """Appointments of the requests involved, and those in cells with fewer seats than visits,
    of which the judges name no appointment.
    """
    published = snapshot.published
    requests = [snapshot.index.requests[name] for row in violations for name in row.request_ids]
    involved = np.isin(published.request, np.array(requests, np.int64))
    if any(row.rule == "slot_capacity" for row in violations):
        too_many = np.cumsum(snapshot.used > policy.seats.per_cell(snapshot))
        stays = stays_of(snapshot, np.arange(len(published.ids)))
        last = stays.first_cell + stays.num_cells
        before = np.append(0, too_many)
        involved[stays.appointment[before[last] > before[stays.first_cell]]] = True
    return tuple(published.ids[index] for index in np.flatnonzero(involved).tolist())


def affected(forced: Sequence[Forced], clusters: Sequence[Cluster]) -> set[str]:
    """Ids of the appointments that are forced or contested."""
    ids = {row.appointment_id for row in forced}
    return ids | {name for cluster in clusters for name in cluster.appointment_ids}


def stuck(dataset: Dataset, forced: Sequence[Forced]) -> tuple[Forced, ...]:
    """Those of the forced who may not move."""
    pinned = {row.id for row in dataset.appointments if row.pinned}
    return tuple(row for row in forced if row.appointment_id in pinned)
