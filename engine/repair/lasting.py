"""What was broken before, and stays so whatever becomes of the forced and the contested."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from engine.domain import Dataset
from engine.policy import Policy
from engine.repair.findings import Cluster, Forced
from engine.snapshot import Snapshot, take_snapshot
from engine.verify.judge import violations_before
from engine.verify.violation import Violation


def lasting(
    before: Snapshot, dataset: Dataset, policy: Policy, without: Collection[str]
) -> tuple[Violation, ...]:
    """What the appointments of ``before`` break, and break still without some of them.

    Parameters
    ----------
    before
        How things were.
    dataset
        What is judged without the appointments whose ids are given; its records have the ids
        of ``before``.
    """
    found = {(row.rule, row.where): row for row in violations_before(before, policy)}
    if not found or not without:
        return tuple(found.values())
    rest = tuple(row for row in dataset.appointments if row.id not in without)
    left = take_snapshot(replace(dataset, appointments=rest))
    return tuple(
        min(row, found[row.rule, row.where], key=lambda violation: violation.excess)
        for row in violations_before(left, policy)
        if (row.rule, row.where) in found
    )


def affected(forced: Sequence[Forced], clusters: Sequence[Cluster]) -> set[str]:
    """Ids of the appointments that are forced or contested."""
    ids = {row.appointment_id for row in forced}
    return ids | {name for cluster in clusters for name in cluster.appointment_ids}


def stuck(dataset: Dataset, forced: Sequence[Forced]) -> tuple[Forced, ...]:
    """Those of the forced who may not move."""
    pinned = {row.id for row in dataset.appointments if row.pinned}
    return tuple(row for row in forced if row.appointment_id in pinned)
