"""Whether repair settles double bookings that were planted, and what it takes.

Data errors are planted in a matched world, chains among them, and the truth about them is kept
beside it; then the engine is asked to find and mend them all. Run with
``python -m benchmarks.double_bookings single-loose-10000x500x20 --count 500 --most 0 3``; how to
read it: ``benchmarks/README.md``. It fails where anything is missed or made up, anybody is moved
who ought not to be, or anything is done without a reason.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.collisions import Book
from benchmarks.instances import Instance
from benchmarks.planting import Planted, planted
from benchmarks.repairs import told
from engine.events.events import DoubleBookings
from engine.events.findings import Aftermath, Cluster
from engine.interchange.dataset import write_dataset
from engine.policy import Policy
from engine.repair.ledger import Entry, Ledger, ledger_of
from engine.repair.point import Point
from engine.repair.repair import Extent, Repair, repair
from engine.repair.repaired import repaired
from engine.solve.limits import Limits

HEADINGS = (
    "world",
    "visits",
    "errors: pairs",
    "clusters found",
    "invented",
    "settled, all placed",
    "displaced (minimum)",
    "others moved",
    "unplaced: nowhere, crowded out",
    "levels",
    "s",
)


@dataclass(frozen=True, slots=True)
class Trial:
    """What was planted, and one answer to it.

    Parameters
    ----------
    name
        Of the world.
    truth
        What was planted.
    answer
        What the engine makes of it.
    point
        Which of its plans.
    ledger
        What that does to whom.
    """

    name: str
    truth: Planted
    answer: Repair
    point: Point
    ledger: Ledger

    @property
    def entries(self) -> dict[str, Entry]:
        """The ledger by appointment."""
        return {row.appointment_id: row for row in self.ledger.entries}

    @property
    def others(self) -> set[str]:
        """People of no cluster whose visits move."""
        contested = {row.patient_id for row in self.ledger.entries if row.standing == "contested"}
        moved = {row.patient_id for row in self.ledger.entries if row.outcome != "kept"}
        return moved - contested

    def faults(self) -> Iterator[str]:
        """Whatever is not as it has to be."""
        yield from of_finding(self.truth, self.answer.aftermath)
        yield from self._of_reasons()
        yield from self._of_moves()
        yield from self._of_the_world_afterwards()

    def _of_reasons(self) -> Iterator[str]:
        for name in sorted(_members(self.truth)):
            entry = self.entries.get(name)
            if entry is None:
                yield f"{name}: not in the ledger"
            elif not _has_reason(entry):
                yield f"{name}: {entry.outcome} without a reason"

    def _of_moves(self) -> Iterator[str]:
        most, requests = self.answer.extent.max_additional, self.truth.dataset.requests
        patient_of_request = {row.id: row.patient_id for row in requests}
        patient_of = {
            row.id: patient_of_request[row.request_id]
            for row in self.truth.dataset.appointments
            if row.request_id
        }
        minimum = sum(knot.minimum(patient_of) for knot in self.truth.knots())
        if self.point.minimum != minimum:
            yield f"at least {minimum} have to be displaced, not {self.point.minimum}"
        if self.ledger.displaced.people > minimum + most:
            yield f"{self.ledger.displaced.people} displaced, not {minimum} + {most} at most"
        if len(self.others) > most:
            yield f"{len(self.others)} moved who had nothing to do with it, {most} allowed"

    def _of_the_world_afterwards(self) -> Iterator[str]:
        """Nobody may collide but those of whom neither can be moved."""
        fixed = self.truth.fixed
        for row in Book.of(repaired(self.answer, self.point)).collisions():
            if not row.pair <= fixed:
                yield f"{' and '.join(sorted(row.pair))} collide afterwards"

    def cells(self) -> tuple[str, ...]:
        """The row of the table."""
        entries, clusters = self.entries, self.answer.aftermath.clusters
        known = {knot.members for knot in self.truth.knots()}
        placed = [
            all(name in entries and entries[name].outcome != "unplaced" for name in members)
            for members in known
        ]
        reasons = Counter(row.no_place.reason for row in self.ledger.entries if row.no_place)
        return (
            f"{self.name}, {self.answer.extent.max_additional} more",
            f"{sum(row.request_id is not None for row in self.truth.dataset.appointments):,}",
            f"{len(self.truth.plantings)}: {len(self.truth.collisions())}",
            f"{sum(_ids(row) in known for row in clusters)} of {len(known)}",
            str(sum(_ids(row) not in known for row in clusters)),
            str(sum(placed)),
            f"{self.ledger.displaced.people} ({self.point.minimum})",
            str(len(self.others)),
            f"{reasons['no_candidate']}, {reasons['crowded_out']}",
            _levels(self.point),
            f"{self.answer.seconds:.1f}",
        )


def _ids(cluster: Cluster) -> frozenset[str]:
    return frozenset(cluster.appointment_ids)


def _members(truth: Planted) -> set[str]:
    """Ids of all who have to be settled."""
    return {name for knot in truth.knots() for name in knot.members}


def of_finding(truth: Planted, aftermath: Aftermath) -> Iterator[str]:
    """Clusters missed and made up, by all that is said of them; and what nobody can mend, which
    has to be named as it is.
    """
    known = {(knot.members, frozenset(knot.conflicts())) for knot in truth.knots()}
    found = {(_ids(row), frozenset(conflicts(row))) for row in aftermath.clusters}
    yield from (f"missed: {sorted(members)}" for members, _ in known - found)
    yield from (f"made up: {sorted(members)}" for members, _ in found - known)
    hopeless = {name for row in truth.collisions() if row.pair <= truth.fixed for name in row.pair}
    for name in sorted(hopeless - set(aftermath.in_prior)):
        yield f"{name}: cannot be mended, and is not named"


def conflicts(cluster: Cluster) -> Iterator[object]:
    """What the engine says of a cluster, as ``Knot.conflicts`` has it."""
    for row in cluster.conflicts:
        owner = row.kind, row.of, row.location_id
        yield owner, row.start, row.end, frozenset(row.appointment_ids)


def _has_reason(entry: Entry) -> bool:
    """Whether it is said why a contested place is kept, or lost, and why there is no other."""
    if entry.outcome == "kept":
        return bool(entry.compared)
    gave_way = entry.gave_way is not None and bool(entry.gave_way.to and entry.gave_way.rules)
    return gave_way and (entry.outcome == "moved" or entry.no_place is not None)


def _levels(point: Point) -> str:
    """Values and bounds, level by level; those of the classes of urgency first."""
    signs = {"proven": "=", "conditional": "~"}
    return ", ".join(
        f"{level.value:,} {signs[level.status]}"
        if level.status in signs
        else f"{level.value:,} ≥ {level.bound:,}"
        for level in point.certificate.levels
    )


def trials(name: str, truth: Planted, most: int, limits: Limits) -> Iterator[Trial]:
    """Mend all double bookings: a trial per plan of the frontier."""
    events, extent = [DoubleBookings()], Extent(max_additional=most)
    answer = repair(truth.dataset, events, Policy.default(), extent, limits)
    for point in answer.points:
        yield Trial(name, truth, answer, point, ledger_of(answer, point))


def table(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """The rows in Markdown, line by line, each as soon as it is there."""
    for cells in (HEADINGS, ("--",) * len(HEADINGS)):
        yield f"| {' | '.join(cells)} |\n"
    for cells in rows:
        yield f"| {' | '.join(cells)} |\n"


def main() -> int:
    """Print the table, and what is not as it has to be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="+", help="worlds, as in single-loose-10000x500x20-s0")
    parser.add_argument("--count", type=int, default=500, help="data errors to plant")
    parser.add_argument("--seed", type=int, default=0, help="of who is taken for them")
    parser.add_argument("--most", type=int, nargs="+", default=[0, 3], help="others who may move")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, help="folder for the (last) world with its errors")
    asked = parser.parse_args()
    limits, faults = Limits(seconds=asked.seconds, workers=asked.workers), list[str]()

    def rows() -> Iterator[tuple[str, ...]]:
        for name in asked.names:
            truth = planted(told(name, asked.seconds), asked.count, asked.seed)
            if asked.out is not None:
                write_dataset(truth.dataset, asked.out)
            for most in asked.most:
                for trial in trials(Instance.named(name).name, truth, most, limits):
                    faults.extend(f"{trial.name}: {fault}" for fault in trial.faults())
                    yield trial.cells()

    for line in table(rows()):
        sys.stdout.write(line)
        sys.stdout.flush()
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    return int(bool(faults))


if __name__ == "__main__":
    raise SystemExit(main())
