"""What happened to how things are: who is forced, who collides, what was broken before."""

from __future__ import annotations

from collections.abc import Sequence

from engine.domain import Dataset
from engine.errors import DisruptionError
from engine.policy import Policy
from engine.repair.applying import Applier
from engine.repair.comparing import compare
from engine.repair.double_bookings import clusters_of, may_be_contested
from engine.repair.event_checks import check_disruptions
from engine.repair.events import Disruption, DoubleBookings
from engine.repair.findings import Aftermath, Cluster, Conflict, Forced
from engine.repair.lasting import affected, lasting, stuck
from engine.repair.news import Earlier
from engine.repair.overfull import Sweep
from engine.repair.scene import Scene

__all__ = ["Aftermath", "Cluster", "Conflict", "Forced", "aftermath_between", "aftermath_of"]


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
        warnings=tuple(report.problems),
    )


def _clusters(scene: Scene, *, mends_all: bool) -> tuple[Cluster, ...]:
    """Who collides: of what collided before, only if all is to be mended."""
    snapshot, found = scene.sweep()
    if not mends_all:
        earlier = Earlier(Sweep(scene.before, scene.policy).stretches())
        found = [stretch for stretch in found if not earlier.had(stretch)]
    contestable = may_be_contested(scene.dataset) - scene.forced.keys()
    return clusters_of(snapshot, found, contestable)


def aftermath_between(before: Dataset, after: Dataset, policy: Policy) -> Aftermath:
    """Compare how things were with how they are, whatever happened in between.

    Judged are appointments of ``before`` that count still at the ``as_of`` of ``after`` and are
    not over by then, of requests that are still there. Forced is

    - ``missing``: who is no longer booked, and holds no other place either; the appointment is
      put back, with what they were told (and who and where it was with, if they are gone);
    - ``no_session``: who lay in a session where there is none of that role any more, or one
      without seats; of the cause nothing is known but the sessions, so a visit that reaches
      behind the end of what is left is forced, however little;
    - ``refused``: whom a rule admitted there and refuses now;
    - ``taken``: in whose place is a block that was not there.

    An appointment with another role or time than before has been told anew: the place that it
    has now counts. A seat in a day session is kept in what is left of it.

    Parameters
    ----------
    before, after
        Without errors.
    policy
        Whose rules say what a place needs, before and after.

    Raises
    ------
    PolicyError
        A dataset uses an urgency class that the policy does not have.
    """
    policy.require_urgencies(before)
    policy.require_urgencies(after)
    found = compare(before, after, policy)
    contestable = may_be_contested(found.world) - {row.appointment_id for row in found.forced}
    clusters = clusters_of(found.now, found.collisions, contestable)
    return Aftermath(
        dataset=found.world,
        forced=found.forced,
        clusters=clusters,
        prior=lasting(found.was, found.world, policy, affected(found.forced, clusters)),
        stuck=stuck(found.world, found.forced),
    )
