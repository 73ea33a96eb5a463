"""Events to their aftermath: how things are, who is forced, who collides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from engine.domain import Dataset
from engine.errors import DisruptionError
from engine.policy import Policy
from engine.repair.applying import Applier
from engine.repair.double_bookings import clusters_of, may_be_contested
from engine.repair.event_checks import check_disruptions
from engine.repair.events import Disruption, DoubleBookings
from engine.repair.findings import Aftermath, Cluster, Conflict, Forced
from engine.repair.news import Earlier
from engine.repair.overfull import Sweep
from engine.repair.scene import Scene
from engine.snapshot import Snapshot, take_snapshot
from engine.verify.judge import violations_before
from engine.verify.violation import Violation

__all__ = ["Aftermath", "Cluster", "Conflict", "Forced", "aftermath_of"]


def aftermath_of(
    dataset: Dataset, disruptions: Sequence[Disruption], policy: Policy, path: str = ""
) -> Aftermath:
    """Let events happen, in their order.

    Parameters
    ----------
    dataset
        Without errors.
    disruptions
        What happens. Ids are those of ``dataset``, also where an earlier event has cut or
        closed a session.
    policy
        Whose rules say what a place needs.
    path
        Where the list of events stands, for messages.

    Raises
    ------
    DisruptionError
        Everything that is wrong with the events.
    PolicyError
        The dataset uses an urgency class that the policy does not have.
    """
    report = check_disruptions(dataset, disruptions, path)
    if report.num_errors:
        raise DisruptionError.of(report)
    policy.require_urgencies(dataset)
    scene = Scene(dataset, policy)
    applier = Applier(dataset, scene, report)
    for index, event in enumerate(disruptions):
        applier.apply(index, event, f"{path}/{index}")
    scene.settle()
    mends_all = any(isinstance(event, DoubleBookings) for event in disruptions)
    clusters = _clusters(scene, mends_all=mends_all)
    after = scene.dataset
    forced = tuple(scene.forced[row.id] for row in after.appointments if row.id in scene.forced)
    return Aftermath(
        dataset=after,
        forced=forced,
        clusters=clusters,
        prior=lasting(scene.before, dataset, policy, affected(forced, clusters)),
        stuck=stuck(after, forced),
        seats=scene.seats,
        warnings=tuple(report.problems),
    )


def _clusters(scene: Scene, *, mends_all: bool) -> tuple[Cluster, ...]:
    """Who collides: of what collided before, only if all is to be mended."""
    found, after = scene.stretches(), scene.dataset
    if not mends_all:
        earlier = Earlier(Sweep(scene.before, scene.policy).stretches())
        found = [stretch for stretch in found if not earlier.had(stretch)]
    contestable = may_be_contested(after) - scene.forced.keys()
    return clusters_of(take_snapshot(after), found, contestable)


def affected(forced: Sequence[Forced], clusters: Sequence[Cluster]) -> set[str]:
    """Ids of the appointments that are forced or contested."""
    ids = {row.appointment_id for row in forced}
    return ids | {name for cluster in clusters for name in cluster.appointment_ids}


def stuck(dataset: Dataset, forced: Sequence[Forced]) -> tuple[Forced, ...]:
    """Those of the forced who may not move."""
    pinned = {row.id for row in dataset.appointments if row.pinned}
    return tuple(row for row in forced if row.appointment_id in pinned)


def lasting(
    before: Snapshot, dataset: Dataset, policy: Policy, without: Collection[str]
) -> tuple[Violation, ...]:
    """What the appointments of ``before`` break, and break still without some of them.

    Parameters
    ----------
    before
        How things were.
    dataset
        What is judged without the appointments whose ids are given.
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
