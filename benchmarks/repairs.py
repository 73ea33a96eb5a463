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
from benchmarks.log_plot import Point, plot
from engine.arrays import Int
from engine.candidates import Candidates
from engine.costs import candidate_costs
from engine.domain import Dataset
from engine.eligible import Sieve
from engine.events.aftermath import Aftermath, aftermath_of
from engine.events.events import DoctorAbsent
from engine.interchange.booked import booked
from engine.match import match
from engine.policy import Policy
from engine.repair.extent import Extent
from engine.repair.repair import Repair, mend
from engine.repair.world import World
from engine.seats import free_run
from engine.shortlist import ALL, shortlist, the_cheapest
from engine.snapshot import FORCED
from engine.solve.limits import Limits

HEADINGS = ("shock", "seed", "forced", "method", "left", "others moved", "days", "s", "")
_MILLI = 1000
_NOBODY = 0.5  # has no place on a logarithmic axis


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
    is_proven
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
    is_proven: bool


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


def rows(dataset: Dataset, share: int, seed: int, most: int, limits: Limits) -> Iterator[Row]:
    """Every method on one shock."""
    policy = Policy.default()
    aftermath = aftermath_of(dataset, shock(dataset, share, seed), policy)
    answer = mend(aftermath, policy, Extent(max_additional=most), limits)
    shape = share, seed, int((answer.movable.standing == FORCED).sum())
    for point in (*answer.points[:1], *answer.points[1:][-1:]):
        values = {level.name: level.value for level in point.certificate.levels}
        yield Row(
            *shape,
            method=f"repair, {point.additional} more" if point.additional else "repair",
            left=sum(point.unplaced),
            others=point.additional,
            days=values["disruption"] / _MILLI,
            seconds=point.certificate.seconds,
            is_proven=point.is_proven,
        )
    everybody = World.of(
        answer.snapshot, answer.movable, np.flatnonzero(answer.movable.standing >= 0), policy
    )
    for method, place_anew in (("first come", _first_come), ("from scratch", _from_scratch)):
        began = time.perf_counter()
        taken, takes_part = place_anew(answer, aftermath, policy, limits)
        seconds = time.perf_counter() - began
        left, others, days = _harm(everybody, taken, takes_part, policy)
        yield Row(*shape, method, left, others, days, seconds, is_proven=False)


def _first_come(
    answer: Repair, _aftermath: Aftermath, policy: Policy, _limits: Limits
) -> tuple[Candidates, Int]:
    """Each takes the free place that costs least, in the order in which they were to come; and
    who takes part.
    """
    world = World.of(answer.snapshot, answer.movable, answer.movable.of_standing(FORCED), policy)
    snapshot, counted = world.snapshot, policy.for_repair(0)
    found = shortlist(Sieve(snapshot, counted), world.requests, the_cheapest(ALL))
    room, own, chosen = policy.seats.room(snapshot).copy(), found.candidates, []
    for request in world.requests[np.argsort(snapshot.told.start[world.requests])].tolist():
        mine = np.flatnonzero(own.request == request)
        mine = mine[free_run(snapshot, room)[own.first_cell[mine]] >= own.num_cells[mine]]
        if len(mine):
            best = int(mine[np.lexsort(found.cost[::-1, mine])[0]])
            first = int(own.first_cell[best])
            room[first : first + int(own.num_cells[best])] -= 1
            chosen.append(best)
    return own.where(np.sort(np.array(chosen, np.int64))), world.requests


def _from_scratch(
    answer: Repair, aftermath: Aftermath, policy: Policy, limits: Limits
) -> tuple[Candidates, Int]:
    """Everybody who may move is matched anew, as if nobody had been told anything; and who that
    is.
    """
    ids, free = answer.snapshot.published.ids, answer.movable.standing >= 0
    going = {ids[row] for row in np.flatnonzero(free).tolist()}
    stays = tuple(row for row in aftermath.dataset.appointments if row.id not in going)
    result = match(replace(aftermath.dataset, appointments=stays), policy, limits)
    plan, snapshot = result.plan, result.snapshot
    published = answer.snapshot.published
    takes_part = np.sort(published.request[np.flatnonzero(free)])
    request = takes_part[plan.is_placed[takes_part]]
    nothing = np.zeros(len(request), np.int64)
    taken = Candidates(
        request,
        plan.role[request],
        plan.session[request],
        nothing - 1,  # which cell it is does not matter for what it costs
        nothing,
        plan.start[request],
        plan.end[request],
        ~snapshot.sessions.is_day[plan.session[request]],
        snapshot.session_day(plan.session[request], plan.start[request]),
    )
    return taken, takes_part


def _harm(
    everybody: World, taken: Candidates, takes_part: Int, policy: Policy
) -> tuple[int, int, float]:
    """Forced people left, others moved or left, and the price of all moves in days."""
    told, counted = everybody.snapshot.told, policy.for_repair(0)
    stays = (told.start[taken.request] == taken.start) & (told.role[taken.request] == taken.role)
    is_forced = told.standing == FORCED
    left = np.setdiff1d(np.flatnonzero(is_forced), taken.request)
    others = np.setdiff1d(takes_part[~is_forced[takes_part]], taken.request[stays])
    cost = candidate_costs(everybody.snapshot, counted, taken.where(~stays))
    days = int(cost[counted.levels.index("disruption")].sum()) / _MILLI
    return len(left), len(others), days


def table(found: list[Row]) -> str:
    """The rows in Markdown."""
    lines = [HEADINGS, ("--:",) * len(HEADINGS)]
    lines += [
        (
            f"{row.share} %",
            str(row.seed),
            str(row.forced),
            row.method,
            str(row.left),
            str(row.others),
            f"{row.days:,.1f}",
            f"{row.seconds:.1f}",
            "proven" if row.is_proven else "",
        )
        for row in found
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def drawn(found: list[Row]) -> str:
    """People left, or moved who could have stayed, across people who must move; as an SVG."""
    series: dict[str, list[Point]] = {}
    for row in found:
        method = row.method.split(",")[0] + (", some more" if "," in row.method else "")
        harmed = max(_NOBODY, float(row.left + row.others))
        series.setdefault(method, []).append((float(max(1, row.forced)), harmed, row.is_proven))
    points = {method: sorted(points) for method, points in series.items()}
    return plot(points, "people who must move", "left, or moved who could have stayed")


def main() -> int:
    """Print the table; keep the plot where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--family", default="single-tight-1000x100x10-s0")
    parser.add_argument("--shares", type=int, nargs="+", default=[1, 2, 5, 10])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--most", type=int, default=10, help="people who may be displaced")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--plot", type=Path)
    asked = parser.parse_args()
    if asked.plot is not None:
        try_file(asked.plot)
    limits = Limits(seconds=asked.seconds, workers=2)
    dataset = told(asked.family, asked.seconds)
    found: list[Row] = []
    for share in asked.shares:
        for seed in asked.seeds:
            found += rows(dataset, share, seed, asked.most, limits)
            sys.stderr.write(f"{share} % of the doctors, seed {seed}: done\n")
    sys.stdout.write(table(found))
    if asked.plot is not None:
        with whole_file(asked.plot) as file:
            file.write(drawn(found).encode())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
