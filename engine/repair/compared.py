"""Why somebody keeps a contested place: what it would have cost to move them instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from engine.arrays import NONE, Int
from engine.candidates import Candidates
from engine.costs import candidate_costs
from engine.displaced import is_moved
from engine.eligible import eligible_candidates
from engine.events.findings import Conflict
from engine.repair.places import carried_out, could_have_stayed, moved_appointments, planned, prices
from engine.repair.point import Point
from engine.repair.repair import Repair
from engine.snapshot import CONTESTED, Snapshot

NO_OTHER_PLACE = "no_other_place"
URGENCY = "urgency"
OTHERS_TOO = "in_the_way_of_others_too"


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
        ``in_the_way_of_others_too`` where the other could not be back even without the keeper:
        somebody else who stays is in the way as well. Then parts in which the keeper is dearer
        than the other, the largest difference first;
        ``no_other_place`` where the keeper had none; ``urgency`` where the other is left
        without a place, and less urgent. Empty: between equals, or others decided it.
    """

    with_id: str
    parts: Mapping[str, int]
    decided_by: tuple[str, ...]


def why_kept(repair: Repair, point: Point) -> dict[int, tuple[Compared, ...]]:
    """Reasons of those who keep a contested place, by appointment (index)."""
    moved = moved_appointments(repair, point)
    pairs, stays = _meetings(repair, point, moved)
    keepers = np.array(sorted(row for row, lost in pairs.items() if lost), np.int64)
    if not len(keepers):
        return {}
    own = _cheapest_elsewhere(repair, point, keepers)
    theirs = _paid(point, repair)
    found: dict[int, tuple[Compared, ...]] = {}
    for row in keepers.tolist():
        rows = []
        for other in sorted(pairs[row]):
            one = _compared(repair, point, row, other, own.get(row), theirs.get(other))
            if _are_other_people(repair, row, stays[other]):
                one = replace(one, decided_by=(OTHERS_TOO, *one.decided_by))
            rows.append(one)
        found[row] = tuple(rows)
    return found


def _meetings(
    repair: Repair, point: Point, moved: Int
) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """Of each keeper those who lost where it is, and of each of these who is in the way for sure,
    and stays.
    """
    contested = repair.movable.of_standing(CONTESTED)
    losers, keepers = np.intersect1d(contested, moved), np.setdiff1d(contested, moved)
    seats = point.policy.seats.per_cell(repair.snapshot)
    index = {name: row for row, name in enumerate(repair.snapshot.published.ids)}
    pairs: dict[int, set[int]] = {}
    stays: dict[int, set[int]] = {}
    for cluster in repair.aftermath.clusters:
        for conflict in cluster.conflicts:
            meeting = np.array([index[name] for name in conflict.appointment_ids], np.int64)
            lost = np.intersect1d(meeting, losers).tolist()
            for keeper in np.intersect1d(meeting, keepers).tolist():
                pairs.setdefault(keeper, set()).update(lost)
            left = np.setdiff1d(meeting, moved)
            for other in lost:
                stays.setdefault(other, set()).update(
                    _in_the_way(repair, conflict, seats, other, left)
                )
    return pairs, stays


def _in_the_way(repair: Repair, conflict: Conflict, seats: Int, one: int, others: Int) -> list[int]:
    """Those of some appointments beside any of whom one cannot be: of the same patient, or in the
    same cells, if they have one seat. Where there are more seats, or rooms, it depends on how many
    are there.
    """
    published, movable = repair.snapshot.published, repair.movable
    start, end = published.busy_start, published.busy_end
    if conflict.kind == "patient":
        start, end = published.start, published.end
    else:
        first, count = int(movable.first_cell[one]), int(movable.num_cells[one])
        if conflict.kind == "room" or (seats[first : first + count] > 1).any():
            return []
        others = others[movable.session[others] == movable.session[one]]
    found: list[int] = others[(start[others] < end[one]) & (end[others] > start[one])].tolist()
    return found


def _are_other_people(repair: Repair, keeper: int, stays: set[int]) -> bool:
    """Whether among those who stay is a block, or somebody but the patient of one of them."""
    published, patient = repair.snapshot.published, repair.snapshot.requests.patient
    rows = np.array(sorted(stays - {keeper}), np.int64)
    request = published.request[rows]
    mine = patient[published.request[keeper]]
    return bool(((request == NONE) | (patient[request] != mine)).any())


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
