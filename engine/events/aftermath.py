"""What happened to how things are: who is forced, who collides, what was broken before."""

from __future__ import annotations

from collections.abc import Sequence

from engine.domain import Dataset
from engine.errors import DisruptionError
from engine.events.applying import Applier
from engine.events.checks import check_disruptions
from engine.events.comparing import compare
from engine.events.double_bookings import clusters_of, may_be_contested
from engine.events.events import Disruption, DoubleBookings
from engine.events.findings import Aftermath, Cluster, Conflict, Forced
from engine.events.lasting import affected, lasting, stuck
from engine.events.news import Earlier
from engine.events.overfull import Sweep
from engine.events.scene import Scene
from engine.policy import Policy
from engine.snapshot import Snapshot

__all__ = ["Aftermath", "Cluster", "Conflict", "Forced", "aftermath_between", "aftermath_of"]


def aftermath_of(
    dataset: Dataset,
    disruptions: Sequence[Disruption],
    policy: Policy,
    path: str = "",
    snapshot: Snapshot | None = None,
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
    snapshot
        Of ``dataset``, if there is one already.

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
    scene = Scene(dataset, policy, snapshot)
    applier = Applier(dataset, scene, report)
    for index, event in enumerate(disruptions):
        applier.apply(index, event, f"{path}/{index}")
    scene.settle()
    mends_all = any(isinstance(event, DoubleBookings) for event in disruptions)
    now, clusters = _clusters(scene, mends_all=mends_all)
    after = scene.dataset
    gone = affected(tuple(scene.forced.values()), clusters)
    prior, in_prior = lasting(scene.before, policy, gone)
    forced = tuple(scene.forced[row.id] for row in after.appointments if row.id in scene.forced)
    return Aftermath(
        dataset=after,
        forced=forced,
        clusters=clusters,
        prior=prior,
        in_prior=in_prior,
        stuck=stuck(after, forced),
        seats=scene.seats,
        warnings=tuple(report.problems),
        snapshot=now,
    )


def _clusters(scene: Scene, *, mends_all: bool) -> tuple[Snapshot, tuple[Cluster, ...]]:
    """The world now, and who collides: of what collided before, only if all is to be mended."""
    snapshot, found = scene.sweep()
    if found and not mends_all:
        earlier = Earlier(Sweep(scene.before, scene.policy).stretches())
        found = [stretch for stretch in found if not earlier.had(stretch)]
    contestable = may_be_contested(scene.dataset) - scene.forced.keys()
    return snapshot, clusters_of(snapshot, found, contestable)


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
    gone = affected(found.forced, clusters) | found.changed
    prior, in_prior = lasting(found.was, policy, gone)
    return Aftermath(
        dataset=found.world,
        forced=found.forced,
        clusters=clusters,
        prior=prior,
        in_prior=in_prior,
        stuck=stuck(found.world, found.forced),
        snapshot=found.now,
    )
