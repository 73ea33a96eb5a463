"""``slotmatch repair``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from api.cli import exit_codes
from api.cli.console import notes, print_json, print_problems
from api.cli.events import Stated, stated_events
from api.cli.matching import load_inputs
from api.cli.outputs import check_dataset_folder, try_file, try_folder, whole_file
from api.cli.repair_tables import print_repair
from api.cli.running import Monitor, run_watched
from engine.domain import Dataset
from engine.errors import DisruptionError, InvalidInputError
from engine.interchange.booked import booked, two_places
from engine.interchange.canonical import dataset_hash
from engine.interchange.dataset import read_dataset, write_dataset
from engine.interchange.plan_file import read_plan, write_plan
from engine.policy import Policy
from engine.problems import Problem
from engine.repair.aftermath import aftermath_between, aftermath_of
from engine.repair.content import repair_content
from engine.repair.findings import Aftermath
from engine.repair.repair import Extent, Repair, mend
from engine.repair.repaired import repaired, result_of, without_moved
from engine.snapshot import take_snapshot
from engine.solve.limits import Limits

ANSWER, PLAN, WORLD, REPAIRED = "repair.json", "plan.ndjson", "world", "repaired"
"""What is written into a folder: the answer; the plan; the dataset after the events, for which
the plan was made; and the dataset in which the plan is carried out."""

_EVENTS = "events"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairOptions:
    """What ``slotmatch repair`` was asked."""

    dataset: Path
    plan: Path | None
    happened: Mapping[str, Sequence[str]]
    events: Path | None
    double_bookings: bool
    before: Path | None
    max_additional: int
    depth: int | None
    policy: Path | None
    limits: Limits
    out: Path | None
    as_json: bool
    quiet: bool


def run_repair(options: RepairOptions) -> int:
    """Read, let happen, mend, write and print."""
    policy, dataset, report = load_inputs(options.policy, options.dataset)
    print_problems(report.problems, report.counts)
    _refuse_both(options)
    if options.plan is not None:
        dataset = _told(dataset, options.plan)
    zone = ZoneInfo(dataset.header.time_zone)
    stated = stated_events(
        options.events, options.happened, zone, double_bookings=options.double_bookings
    )
    before = None if options.before is None else _earlier(options.before, policy)
    if options.out is not None:
        _try_out(options.out)
    found = _repair_watched(dataset, before, stated, policy, options)
    print_problems(found.aftermath.warnings)
    try:
        if options.out is not None:
            _save(found, options.out)
    finally:  # what was found is shown even where it cannot be saved
        if options.as_json:
            print_json(repair_content(found))
        else:
            print_repair(found)
    is_proven = all(point.is_proven for point in found.points)
    return exit_codes.OK if is_proven else exit_codes.UNPROVEN


def _refuse_both(options: RepairOptions) -> None:
    """Raise where a dataset of before is given beside what stands for it."""
    if options.before is None:
        return
    given = {
        "--plan": options.plan is not None,
        "--events": options.events is not None,
        "--double-bookings": options.double_bookings,
        **{name: bool(values) for name, values in options.happened.items()},
    }
    message = "has no place beside --before, which says by itself what was lost"
    problems = [
        Problem("not_exactly_one", name, message) for name, is_there in given.items() if is_there
    ]
    if problems:
        raise DisruptionError(problems)


def _told(dataset: Dataset, path: Path) -> Dataset:
    """The dataset in which the places of a plan are appointments.

    Raises
    ------
    PlanFileError
        It cannot be used.
    InvalidInputError
        It places requests that hold an appointment.
    """
    snapshot = take_snapshot(dataset)
    plan, _, found = read_plan(path, snapshot, dataset_hash(dataset))
    print_problems(found.problems, found.counts)
    problems = two_places(snapshot, plan, path.name)
    if problems:
        raise InvalidInputError(problems)
    return booked(dataset, snapshot, plan)


def _earlier(path: Path, policy: Policy) -> Dataset:
    before, report = read_dataset(path, policy.urgencies.names)
    print_problems(report.problems, report.counts)
    return before


def _repair_watched(
    dataset: Dataset,
    before: Dataset | None,
    stated: Stated,
    policy: Policy,
    options: RepairOptions,
) -> Repair:
    """Repair with progress on stderr and Ctrl-C under control."""
    extent = Extent(options.max_additional, options.depth)

    def work(monitor: Monitor) -> Repair:
        monitor.stage = "finding out who is concerned"
        aftermath = _aftermath(dataset, before, stated, policy)
        if not options.quiet:
            notes.print(_concerned(aftermath), markup=False)
        monitor.stage = "finding places, and proving how few need to move"
        return mend(aftermath, policy, extent, options.limits, cancel=monitor.cancel)

    found, _ = run_watched(work, policy.levels, quiet=options.quiet)
    return found


def _concerned(aftermath: Aftermath) -> str:
    forced, clusters = len(aftermath.forced), aftermath.clusters
    contested = sum(len(cluster.appointment_ids) for cluster in clusters)
    return (
        f"{forced:,} appointments forced, {contested:,} contested in {len(clusters):,} collisions"
    )


def _aftermath(
    dataset: Dataset, before: Dataset | None, stated: Stated, policy: Policy
) -> Aftermath:
    if before is not None:
        return aftermath_between(before, dataset, policy)
    try:
        found = aftermath_of(dataset, stated.events, policy, _EVENTS)
    except DisruptionError as error:
        raise DisruptionError(stated.renamed(error.problems, _EVENTS), error.counts) from error
    return replace(found, warnings=tuple(stated.renamed(found.warnings, _EVENTS)))


def _try_out(folder: Path) -> None:
    """Check that everything can be written.

    Raises
    ------
    OSError
        It cannot.
    """
    for name in (WORLD, REPAIRED):
        check_dataset_folder(folder / name, [])
        try_folder(folder / name)
    for name in (ANSWER, PLAN):
        try_file(folder / name)


def _save(found: Repair, folder: Path) -> None:
    """Write the answer, and the plan that leaves the fewest people without a place."""
    chosen = found.points[-1]
    write_dataset(without_moved(found, chosen), folder / WORLD)
    write_dataset(repaired(found, chosen), folder / REPAIRED)
    with whole_file(folder / PLAN) as stream:
        stream.writelines(write_plan(result_of(found, chosen)))
    with whole_file(folder / ANSWER) as stream:
        stream.write(_json(repair_content(found)))
    notes.print(f"written to {folder}: {ANSWER}, {PLAN}, {WORLD}, {REPAIRED}", markup=False)


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"
