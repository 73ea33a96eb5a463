"""How long a repair takes: one of the busiest doctors after the other is out for a week.

From a dataset whose snapshot is held to the forced, the frontier and menus of three, judged. Run
with ``python -m benchmarks.absences --family single-tight-10000x500x20-s0``.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from datetime import timedelta
from statistics import median

from benchmarks.repairs import told
from engine.domain import Dataset
from engine.events.events import DoctorAbsent
from engine.policy import Policy
from engine.repair.extent import Extent
from engine.repair.menus import menus_of
from engine.repair.repair import Repair, repair
from engine.snapshot import take_snapshot
from engine.solve.limits import Limits

HEADINGS = ("doctors out", "forced", "frontier (moved more: left)", "open", "repair s", "menus s")


def busiest(dataset: Dataset, count: int) -> list[str]:
    """Doctors by the number of their appointments in the second week, then by id."""
    doctor_of = {role.id: role.doctor_id for role in dataset.roles}
    begin, end = _week(dataset)
    held = Counter(
        doctor_of[row.role_id] for row in dataset.appointments if begin <= row.start < end
    )
    found = sorted((-number, name) for name, number in held.items() if name is not None)
    return [name for _, name in found[:count]]


def _week(dataset: Dataset) -> tuple[object, object]:
    start = dataset.header.horizon.start + timedelta(days=7)
    return start, start + timedelta(days=7)


def main() -> int:
    """Print a row per event, then the median and the largest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--family", default="single-tight-10000x500x20-s0")
    parser.add_argument("--doctors", type=int, default=20)
    parser.add_argument("--at-once", type=int, default=1, help="doctors out together")
    parser.add_argument("--most", type=int, default=3, help="people who may be displaced")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    dataset = told(asked.family, 60.0)
    snapshot, policy = take_snapshot(dataset), Policy.default()
    start = dataset.header.horizon.start + timedelta(days=7)
    limits = Limits(seconds=asked.seconds, workers=asked.workers)
    _row(HEADINGS)
    _row(["--:"] * len(HEADINGS))
    took = []
    names = busiest(dataset, asked.doctors * asked.at_once)
    for first in range(0, len(names), asked.at_once):
        out = names[first : first + asked.at_once]
        events = [
            DoctorAbsent(doctor_id=name, start=start, end=start + timedelta(days=7)) for name in out
        ]
        began = time.perf_counter()
        extent = Extent(max_additional=asked.most)
        answer = repair(dataset, events, policy, extent, limits, snapshot=snapshot)
        repaired = time.perf_counter() - began
        menus_of(answer, answer.points[-1], 3)
        took.append(time.perf_counter() - began)
        _row(
            [
                str(len(out)),
                str(len(answer.aftermath.forced)),
                ", ".join(f"{p.additional}: {sum(p.unplaced)}" for p in answer.points),
                _open(answer),
                f"{repaired:.2f}",
                f"{took[-1] - repaired:.2f}",
            ]
        )
    sys.stdout.write(f"median {median(took):.2f} s, largest {max(took):.2f} s\n")
    return 0


def _open(answer: Repair) -> str:
    """Levels of every point that are not proven, with their bounds."""
    if answer.is_proven:
        return "proven"
    texts = [
        f"{point.additional}: {level.name} {level.value:,} ≥ {level.bound:,}"
        for point in answer.points
        for level in point.certificate.levels
        if level.gap
    ]
    return ", ".join(texts) or "points in between"


def _row(cells: tuple[str, ...] | list[str]) -> None:
    sys.stdout.write(f"| {' | '.join(cells)} |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
