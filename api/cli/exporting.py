"""``slotmatch export``."""

from __future__ import annotations

from pathlib import Path

from api.cli import exit_codes
from api.cli.console import data, print_problems
from api.cli.outputs import try_folder, whole_file
from engine.domain import Dataset
from engine.interchange.booked import booked
from engine.interchange.canonical import dataset_hash
from engine.interchange.dataset import read_dataset
from engine.interchange.ical import calendars_of
from engine.interchange.plan_file import read_plan
from engine.snapshot import take_snapshot


def to_export(dataset_path: Path, plan_path: Path | None) -> Dataset:
    """The dataset to write in another format; with a plan, its places are appointments.

    Raises
    ------
    DatasetError, PlanFileError
        Either cannot be used.
    """
    dataset, report = read_dataset(dataset_path)
    if plan_path is not None:
        snapshot = take_snapshot(dataset)
        plan, _, found = read_plan(plan_path, snapshot, dataset_hash(dataset))
        report.extend(found)
        dataset = booked(dataset, snapshot, plan)
    print_problems(report.problems, report.counts)
    return dataset


def run_export_ical(dataset_path: Path, out: Path, plan_path: Path | None) -> int:
    """Write a calendar for every role that has a session or an appointment."""
    dataset = to_export(dataset_path, plan_path)
    calendars = calendars_of(dataset)
    try_folder(out)
    for name, text in calendars.items():
        if text is None:  # what an export before may have left there is not true any more
            (out / name).unlink(missing_ok=True)
        else:
            with whole_file(out / name) as stream:
                stream.write(text)
    written = sum(text is not None for text in calendars.values())
    num = f"{len(dataset.sessions):,} sessions, {len(dataset.appointments):,} appointments"
    data.print(f"{out}: {written:,} calendars with {num}", markup=False)
    return exit_codes.OK
