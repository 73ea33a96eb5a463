"""``slotmatch export``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from api.cli import exit_codes
from api.cli.console import data, print_error, print_problems
from api.cli.outputs import try_file, try_folder, whole_file
from engine.domain import Dataset
from engine.interchange.booked import booked
from engine.interchange.canonical import dataset_hash
from engine.interchange.csv_tables import plan_table, write_tables
from engine.interchange.dataset import read_dataset
from engine.interchange.fhir import write_fhir
from engine.interchange.ical import calendars_of
from engine.interchange.plan_reading import read_plan
from engine.plan import Plan
from engine.snapshot import Snapshot, take_snapshot
from scenarios.numbers import count_text

PLAN_TABLE = "plan.csv"
"""Name of the file for people."""


def to_export(dataset_path: Path, plan_path: Path | None) -> Dataset:
    """The dataset to write in another format; with a plan, its places are appointments.

    Raises
    ------
    DatasetError, PlanFileError
        Either cannot be used.
    """
    if plan_path is None:
        dataset, report = read_dataset(dataset_path)
        print_problems(report.problems, report.counts)
        return dataset
    return booked(*read_planned(dataset_path, plan_path))


def read_planned(dataset_path: Path, plan_path: Path) -> tuple[Dataset, Snapshot, Plan]:
    """A dataset, and a plan that was made for it; what is found of them is printed.

    Raises
    ------
    DatasetError, PlanFileError
        Either cannot be used.
    """
    dataset, report = read_dataset(dataset_path)
    snapshot = take_snapshot(dataset)
    plan, _, found = read_plan(plan_path, snapshot, dataset_hash(dataset))
    report.extend(found)
    print_problems(report.problems, report.counts)
    return dataset, snapshot, plan


def run_export_csv(dataset_path: Path, plan_path: Path | None, out: Path) -> int:
    """Write a dataset as CSV tables; with a plan, also the plan as a table for people."""
    if plan_path is None:
        dataset, tables = to_export(dataset_path, None), {}
    else:
        planned = read_planned(dataset_path, plan_path)
        dataset, tables = booked(*planned), {PLAN_TABLE: plan_table(*planned)}
    tables |= write_tables(dataset)
    if any(out.glob("header.json*")):
        print_error(
            "bad_path", f"{out}: holds a dataset, which tables beside it would make unreadable"
        )
        return exit_codes.BAD_INPUT
    try_folder(out)
    for name in tables:
        try_file(out / name)
    for name, content in tables.items():
        with whole_file(out / name) as stream:
            stream.write(content)
    data.print(f"{out}: {', '.join(tables)}", markup=False)
    return exit_codes.OK


def run_export_ical(dataset_path: Path, out: Path, plan_path: Path | None) -> int:
    """Write a calendar for every role that has a session or an appointment."""
    dataset = to_export(dataset_path, plan_path)
    calendars = calendars_of(dataset)
    try_folder(out)
    for name in calendars:
        try_file(out / name)
    for name, text in calendars.items():
        if text is None:  # what an export before may have left there is not true any more
            (out / name).unlink(missing_ok=True)
        else:
            with whole_file(out / name) as stream:
                stream.write(text)
    written = sum(text is not None for text in calendars.values())
    calendar = count_text(written, "calendar")
    sessions = count_text(len(dataset.sessions), "session")
    appointments = count_text(len(dataset.appointments), "appointment")
    data.print(f"{out}: {calendar} with {sessions}, {appointments}", markup=False)
    return exit_codes.OK


def run_export_fhir(dataset_path: Path, out: Path, plan_path: Path | None, *, by_line: bool) -> int:
    """Write a dataset, and the places of a plan, as FHIR resources."""
    try_file(out, [dataset_path, plan_path])
    dataset = to_export(dataset_path, plan_path)
    with whole_file(out) as stream:
        written = write_fhir(dataset, stream, by_line=by_line)
    lines = [f"written to {out}: {_counted(written.resources)}"]
    if written.lost:
        lines.append(f"left out, for FHIR has no words for it: {_counted(written.lost)}")
    data.print("\n".join(lines), markup=False)
    return exit_codes.OK


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{number:,} {what}" for what, number in counts.items())
