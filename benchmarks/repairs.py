"""How a repair compares with what offices and optimisers do, by the size of the shock.

The design is UniTime's: across the size of the shock, several seeds for each. Doctors drawn by the
seed are out for a week. *First come* rebooks those who must move into free places, one after the
other as their visits would have come. *From scratch* matches everybody anew, as an optimiser does
that does not know who was told what. Run with
``python -m benchmarks.repairs --family single-tight-1000x100x10 --shares 1 2 5 10``; how to read
it: ``benchmarks/README.md``.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np

from api.cli.outputs import try_file, whole_file
from benchmarks.instances import Instance
from benchmarks.peer_plot import Point, plot_of
from engine.candidates import Candidates
from engine.domain import Dataset
from engine.eligible import Sieve
from engine.interchange.booked import booked
from engine.match import match
from engine.policy import Policy
from engine.repair.aftermath import Aftermath, aftermath_of
from engine.repair.events import DoctorAbsent
from engine.repair.repair import Extent, Repair, mend
from engine.seats import free_run
from engine.shortlist import ALL, shortlist, the_cheapest
from engine.snapshot import FORCED, Snapshot
from engine.solve.limits import Limits

HEADINGS = ("shock", "seed", "forced", "method", "left", "others moved", "days", "s", "")
_MILLI = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """What one method makes of one shock.

    Parameters
    ----------
    share, seed, forced
        Doctors out, in a hundred; by which seed; people who must move.
    method
        Its name.
    left
        People of these left without a place.
    others
        People moved, or left, who could have stayed.
    days
        Price of all moves, in equivalent days.
    seconds
        It took.
    proven
        Whether nothing better exists.
    """

    share: int
    seed: int
    forced: int
    method: str
    left: int
    others: int
    days: float
    seconds: float
    proven: bool


def told(name: str, seconds: float) -> Dataset:
    """A family's world in which everybody was told the place that a match found."""
    instance = Instance.named(name)
    result = match(instance.dataset, instance.policy, Limits(seconds=seconds))
    return booked(instance.dataset, result.snapshot, result.plan)


def shock(dataset: Dataset, share: int, seed: int) -> list[DoctorAbsent]:
    """So many doctors in a hundred, one at least, are out in the second week."""
    doctors = sorted(row.id for row in dataset.doctors)
    count = max(1, round(len(doctors) * share / 100))
    start = dataset.header.horizon.start + timedelta(days=7)
    drawn = random.Random(seed).sample(doctors, count)  # noqa: S311
    return [
        DoctorAbsent(doctor_id=doctor, start=start, end=start + timedelta(days=7))
        for doctor in drawn
    ]


def rows(
    dataset: Dataset, share: int, seed: int, most: int, limits: Limits
) -> Iterator[Row]:
    """Every method on one shock."""
    policy = Policy.default()
    aftermath = aftermath_of(dataset, shock(dataset, share, seed), policy)
    answer = mend(aftermath, policy, Extent(max_additional=most), limits)
    shape = share, seed, int((answer.movable.standing == FORCED).sum())
    for point in (answer.points[0], answer.points[-1]):
        name = f"repair, {point.additional} more" if point.additional else "repair"
        values = {level.name: level.value for level in point.certificate.levels}
        yield Row(
            *shape,
            name,
            sum(point.unplaced),
            point.additional,
            values["disruption"] / _MILLI,
            point.certificate.seconds,
            point.is_proven,
        )
    yield Row(*shape, "first come", *first_come(answer, policy), proven=False)
    yield Row(*shape, "from scratch", *from_scratch(aftermath, answer, policy, limits))


def first_come(answer: Repair, policy: Policy) -> tuple[int, int, float, float]:
    """Each takes the free place that costs least, in the order in which they were to come."""
    began = time.perf_counter()
    snapshot = answer.points[0].snapshot
    forced = np.flatnonzero(snapshot.told.standing == FORCED)
    counted = policy.for_repair(0)
    found = shortlist(Sieve(snapshot, counted), forced, the_cheapest(ALL))
    room, left, days = policy.seats.room(snapshot).copy(), 0, 0
    own = found.candidates
    for request in forced[np.argsort(snapshot.told.start[forced], kind="stable")].tolist():
        mine = np.flatnonzero(own.request == request)
        fits = free_run(snapshot, room)[own.first_cell[mine]] >= own.num_cells[mine]
        mine = mine[fits]
        if not len(mine):
            left += 1
            continue
        best = mine[np.lexsort(found.cost[::-1, mine])[0]]
        days += int(found.cost[counted.levels.index("disruption"), best])
        first = int(own.first_cell[best])
        room[first : first + int(own.num_cells[best])] -= 1
    return left, 0, days / _MILLI, time.perf_counter() - began


def from_scratch(
    aftermath: Aftermath, answer: Repair, policy: Policy, limits: Limits
) -> tuple[int, int, float, float, bool]:
    """Everybody who may move is matched anew, as if nobody had been told anything."""
    began = time.perf_counter()
    after, movable = answer.snapshot, answer.movable
    free = {after.published.ids[row] for row in np.flatnonzero(movable.standing >= 0).tolist()}
    stays = tuple(row for row in aftermath.dataset.appointments if row.id not in free)
    open_again = replace(aftermath.dataset, appointments=stays)
    result = match(open_again, policy, limits)
    seconds = time.perf_counter() - began
    return (*_changes(after, answer, result.plan.start, result.plan.role), seconds, False)


def _changes(
    after: Snapshot, answer: Repair, start: np.ndarray, role: np.ndarray  # type: ignore[type-arg]
) -> tuple[int, int, float]:
    """Forced left, others moved or left, and the price of all moves."""
    movable, published = answer.movable, after.published
    own = np.flatnonzero(movable.standing >= 0)
    request = published.request[own]
    is_left = role[request] < 0
    is_forced = movable.standing[own] == FORCED
    same = (published.start[own] == start[request]) & (published.role[own] == role[request])
    del Candidates
    return int((is_left & is_forced).sum()), int((~same & ~is_forced).sum()), float("nan")
