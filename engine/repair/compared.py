"""Why somebody keeps a contested place: what it would have cost to move them instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.arrays import Int
from engine.candidates import Candidates
from engine.costs import candidate_costs
from engine.displaced import is_moved
from engine.eligible import eligible_candidates
from engine.repair.places import carried_out, could_have_stayed, moved_appointments, planned, prices
from engine.repair.point import Point
from engine.repair.repair import Repair
from engine.snapshot import CONTESTED, Snapshot

NO_OTHER_PLACE = "no_other_place"
URGENCY = "urgency"


@dataclass(frozen=True, slots=True)
class Compared:
    """Who keeps a contested place, beside one who does not.

    Parameters
    ----------
    with_id
        Appointment of the one who is displaced.
    parts
        What the cheapest place would cost to which the keeper could go, all else as planned
        and the other back: by its parts, milli-days. Empty where there is none.
    decided_by
        Parts in which the keeper is dearer than the other, the largest difference first;
        ``no_other_place`` where the keeper had none; ``urgency`` where the other is left
        without a place, and less urgent. Empty: between equals, or others decided it.
    """

    with_id: str
    parts: Mapping[str, int]
    decided_by: tuple[str, ...]


def why_kept(repair: Repair, point: Point) -> dict[int, tuple[Compared, ...]]:
    """Reasons of those who keep a contested place, by appointment (index)."""
    published = repair.snapshot.published
    index = {name: row for row, name in enumerate(published.ids)}
    moved = moved_appointments(repair, point)
    contested = repair.movable.of_standing(CONTESTED)
    losers = np.intersect1d(contested, moved)
    keepers = np.setdiff1d(contested, moved)
    pairs: dict[int, set[int]] = {}
    for cluster in repair.aftermath.clusters:
        for conflict in cluster.conflicts:
            meeting = np.array([index[name] for name in conflict.appointment_ids], np.int64)
            lost = np.intersect1d(meeting, losers).tolist()
            for keeper in np.intersect1d(meeting, keepers).tolist():
                pairs.setdefault(keeper, set()).update(lost)
    keepers = np.array(sorted(row for row, lost in pairs.items() if lost), np.int64)
    if not len(keepers):
        return {}
    own = _cheapest_elsewhere(repair, point, keepers)
    theirs = _paid(point, repair)
    return {
        row: tuple(
            _compared(repair, point, row, other, own.get(row), theirs.get(other))
            for other in sorted(pairs[row])
        )
        for row in keepers.tolist()
    }


def _compared(
    repair: Repair,
    point: Point,
    keeper: int,
    other: int,
    own: Mapping[str, int] | None,
    paid: Mapping[str, int] | None,
) -> Compared:
    name = repair.snapshot.published.ids[other]
    if own is None:
        return Compared(name, {}, (NO_OTHER_PLACE,))
    if paid is None:
        is_less = _rank(repair, point, keeper) < _rank(repair, point, other)
        return Compared(name, own, (URGENCY,) if is_less else ())
    dearer = {part: own.get(part, 0) - paid.get(part, 0) for part in own}
    if sum(own.values()) <= sum(paid.values()):
        return Compared(name, own, ())
    order = sorted((part for part in dearer if dearer[part] > 0), key=lambda part: -dearer[part])
    return Compared(name, own, tuple(order))


def _rank(repair: Repair, point: Point, appointment: int) -> int:
    """How urgent a visit is, 0 the most."""
    snapshot = repair.snapshot
    request = snapshot.published.request[appointment]
    urgency = snapshot.requests.urgency[request]
    return int(point.policy.urgencies.rank(snapshot)[urgency])


def _paid(point: Point, repair: Repair) -> dict[int, dict[str, int]]:
    """Parts of what the plan costs each whom it moves, by appointment."""
    places = planned(point)
    found = parts_of(point, point.snapshot, places)
    of_request = repair.snapshot.published.of_request
    return {int(of_request[r]): row for r, row in zip(places.request.tolist(), found, strict=True)}


def parts_of(point: Point, snapshot: Snapshot, places: Candidates) -> list[dict[str, int]]:
    """Prices of places by their parts that are not 0, one after the other."""
    columns = {name: column.tolist() for name, column in prices(point, snapshot, places).items()}
    return [
        {name: column[row] for name, column in columns.items() if column[row]}
        for row in range(len(places))
    ]


def _cheapest_elsewhere(repair: Repair, point: Point, keepers: Int) -> dict[int, dict[str, int]]:
    """What it would cost to move each of some people instead of those who lost."""
    published = repair.snapshot.published
    moved = moved_appointments(repair, point)
    lost = could_have_stayed(repair, moved)
    lost = lost[repair.movable.standing[lost] == CONTESTED]
    is_open = np.zeros(repair.snapshot.num_requests, np.bool_)
    is_open[published.request[np.union1d(keepers, lost)]] = True
    world = carried_out(repair, point, is_open)
    found = eligible_candidates(world, point.policy, np.sort(published.request[keepers]))
    found = found.where(is_moved(world, found))
    cost = candidate_costs(world, point.policy, found)
    order = np.lexsort((found.start, *cost[::-1], found.request))
    _, first = np.unique(found.request[order], return_index=True)
    best = found.where(np.sort(order[first]))
    rows = parts_of(point, world, best)
    of_request = published.of_request
    return {int(of_request[r]): row for r, row in zip(best.request.tolist(), rows, strict=True)}
