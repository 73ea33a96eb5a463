"""``slotmatch export``."""

from __future__ import annotations

from pathlib import Path

from api.cli.console import print_problems
from engine.domain import Dataset
from engine.interchange.booked import booked
from engine.interchange.canonical import dataset_hash
from engine.interchange.dataset import read_dataset
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
