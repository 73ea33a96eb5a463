"""Repair: find the plans that mend what happened and disturb the fewest people, with proof."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.domain import Dataset
from engine.events.aftermath import aftermath_of
from engine.events.events import Disruption
from engine.events.findings import Aftermath
from engine.interchange.canonical import dataset_hash
from engine.policy import Policy
from engine.repair.extent import Extent
from engine.repair.frontier import Frontier
from engine.repair.movable import Movable
from engine.repair.point import Point
from engine.snapshot import Snapshot, take_snapshot
from engine.solve.limits import Cancel, Limits
from engine.solve.progress import OnProgress
from engine.where import Where


@dataclass(frozen=True, slots=True)
class Repair:
    """What was found.

    Parameters
    ----------
    aftermath
        How things are after the event, who is forced and who collides.
    snapshot
        Of the dataset afterwards, with every appointment.
    movable
        Who could be moved, and why others could not.
    extent
        How far it was allowed to go.
    points
        The frontier: plans that no other beats in people left without a place and in people
        displaced, from fewest displaced to most; at least one.
    is_proven
        Whether no plan at all beats one of them, within the extent.
    seconds
        Wall time.
    """

    aftermath: Aftermath
    snapshot: Snapshot
    movable: Movable
    extent: Extent
    points: tuple[Point, ...]
    is_proven: bool
    seconds: float


def repair(
    dataset: Dataset,
    disruptions: Sequence[Disruption],
    policy: Policy | None = None,
    extent: Extent | None = None,
    limits: Limits | None = None,
    *,
    snapshot: Snapshot | None = None,
    cancel: Cancel | None = None,
    on_progress: OnProgress | None = None,
) -> Repair:
    """Let events happen to a dataset, and find the plans that mend it.

    Parameters
    ----------
    dataset
        Without errors; its appointments are what people were told.
    disruptions
        What happened, in order.
    policy, extent, limits
        Defaults where not given.
    snapshot
        Of ``dataset``, if there is one already.
    cancel
        Asks to stop early, with the best found so far.
    on_progress
        Hears how the search for a plan comes along, where that takes a search; at the levels of
        ``policy.for_repair``.

    Raises
    ------
    DisruptionError
        An event names what is not there, or is none.
    PolicyError
        A request has an urgency that the policy does not know.
    VerificationError
        The judges found a plan or its values wrong: a fault of the engine.
    """
    began = time.monotonic()
    policy, limits = policy or Policy.default(), limits or Limits()
    aftermath = aftermath_of(dataset, disruptions, policy, snapshot=snapshot)
    left = _after(limits, began)
    return mend(aftermath, policy, extent, left, cancel=cancel, on_progress=on_progress)


def mend(
    aftermath: Aftermath,
    policy: Policy,
    extent: Extent | None = None,
    limits: Limits | None = None,
    *,
    planned: Mapping[str, Where] | None = None,
    cancel: Cancel | None = None,
    on_progress: OnProgress | None = None,
) -> Repair:
    """The same where it is known already what happened.

    Parameters
    ----------
    planned
        By appointment, what an earlier plan told, as far as it still holds: a search begins with
        it.
    """
    began = time.monotonic()
    extent, limits = extent or Extent(), limits or Limits()
    after = aftermath.snapshot or take_snapshot(aftermath.dataset)
    movable = Movable.of(aftermath, after, policy)
    named = dataset_hash(aftermath.dataset)
    frontier = Frontier(
        after,
        movable,
        policy,
        extent,
        _after(limits, began),
        named,
        cancel or Cancel(),
        on_progress,
    )
    answer = frontier.answer(planned)
    seconds = time.monotonic() - began
    return Repair(
        aftermath, after, frontier.movable, extent, answer.points, answer.is_proven, seconds
    )


def _after(limits: Limits, began: float) -> Limits:
    """What is left of limits since some moment."""
    return replace(limits, seconds=max(0.0, limits.seconds - (time.monotonic() - began)))
