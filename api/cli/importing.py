"""``slotmatch import``."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from api.cli import exit_codes
from api.cli.console import data, print_error, print_problems
from api.cli.fetching import publication_at
from api.cli.outputs import check_dataset_folder, try_file, try_folder, whole_file
from api.cli.worlds import describe
from engine.domain import Dataset
from engine.domain.fields import DayOrInstant
from engine.errors import DatasetError
from engine.interchange.csv_tables import read_mapping, read_tables
from engine.interchange.dataset import read_dataset, write_dataset
from engine.interchange.fhir import read_fhir
from engine.interchange.ical import CalendarOptions, read_calendars
from engine.interchange.import_report import ImportReport
from engine.interchange.plan_net import DirectoryOptions, read_plan_net
from engine.interchange.smart_links import PublicationOptions, read_smart_links
from engine.interchange.validation import adapter
from engine.problems import Problem
from scenarios.numbers import count_text


def run_import_plan_net(
    folder: Path,
    out: Path,
    as_of: str | None,
    days: int,
    cell_minutes: int,
    visit_type: str,
    report_path: Path | None,
) -> int:
    """Read a Plan-Net directory and write it as a dataset."""
    try:
        lengths = _lengths(visit_type)
        now = _instant(as_of)
    except ValueError as error:
        print_error("wrong_value", str(error))
        return exit_codes.BAD_INPUT
    options = DirectoryOptions(now, days, cell_minutes, lengths["minutes"], lengths.get("new"))
    return _import(lambda: read_plan_net(folder, options), out, report_path)


def run_import_smart_links(
    source: str,
    out: Path,
    as_of: str | None,
    days: int,
    minutes: int,
    offset: Literal["trust", "wall"],
    report_path: Path | None,
) -> int:
    """Read a SMART Scheduling Links publication, here or elsewhere, and write it as a dataset."""
    try:
        now = _instant(as_of)
    except ValueError as error:
        print_error("wrong_value", str(error))
        return exit_codes.BAD_INPUT
    options = PublicationOptions(now, days, minutes, offset)
    with publication_at(source) as folder:
        return _import(lambda: read_smart_links(folder, options), out, report_path)


def run_import_csv(
    mapping: Path, base: Path | None, folder: Path | None, out: Path, report_path: Path | None
) -> int:
    """Read CSV tables into a dataset, or as one, and write it."""

    def read(dataset: Dataset | None = None) -> tuple[Dataset, ImportReport]:
        return read_tables(read_mapping(mapping, folder), dataset)

    if base is None:
        return _import(read, out, report_path)
    return _import_into(base, read, out, report_path)


def run_import_ical(
    calendars: Sequence[str],
    into: Path,
    out: Path,
    events: Literal["mixed", "hours", "busy"],
    cell_minutes: int,
    report_path: Path | None,
) -> int:
    """Read calendars of roles into a dataset."""
    options = CalendarOptions(events, cell_minutes)
    return _import_into(
        into, lambda base: read_calendars(base, calendars, options), out, report_path
    )


def run_import_fhir(
    files: Sequence[Path], into: Path, out: Path, visit_type: str | None, report_path: Path | None
) -> int:
    """Read schedules, slots, appointments and patients into a dataset."""
    return _import_into(into, lambda base: read_fhir(files, base, visit_type), out, report_path)


def _import(
    read: Callable[[], tuple[Dataset, ImportReport]], out: Path, report_path: Path | None
) -> int:
    """Read, write what was made, and say what was found."""
    check_dataset_folder(out, [report_path])
    if report_path is not None:
        try_file(report_path)
    try:
        dataset, report = read()
    except DatasetError as error:
        _save(error.problems, report_path)
        raise
    try_folder(out)
    write_dataset(dataset, out)
    print_problems(report.findings.problems, report.findings.counts)
    _save(report.findings.problems, report_path)
    _print_summary(dataset, report, out)
    return exit_codes.OK


def _import_into(
    base: Path,
    read: Callable[[Dataset], tuple[Dataset, ImportReport]],
    out: Path,
    report_path: Path | None,
) -> int:
    """Read a dataset, read more into it, and write what came of it.

    Parameters
    ----------
    base
        The dataset to read into; it stays as it is unless ``out`` is the same folder.
    read
        Makes of it the dataset with what was read.
    """
    dataset, report = read_dataset(base)
    print_problems(report.problems, report.counts)
    return _import(lambda: read(dataset), out, report_path)


def _print_summary(dataset: Dataset, report: ImportReport, out: Path) -> None:
    """Say what was read and made; types and paths are the user's, and mean no markup."""
    read = ", ".join(f"{number:,} {kind}" for kind, number in report.read.items())
    lines = [f"read: {read}", f"made: {describe(dataset)}"]
    if report.sessions:
        absent = ", ".join(f"{number:,} {what}" for what, number in report.sessions.items())
        lines.append(f"times that are no sessions: {absent}")
    findings = report.findings
    errors, warnings = count_text(findings.num_errors, "error"), findings.num_warnings
    lines.append(f"{errors}, {count_text(warnings, 'warning')}")
    lines.append(f"written to {out}")
    data.print("\n".join(lines), markup=False)


def _lengths(text: str) -> dict[str, int]:
    """Read ``minutes=30,new=45``."""
    lengths = {}
    for part in text.split(","):
        name, _, value = part.partition("=")
        if name not in ("minutes", "new") or not value.isascii() or not value.isdigit():
            raise ValueError(f"--visit-type {text!r}: write minutes=30 or minutes=30,new=45")
        lengths[name] = int(value)
    if not 0 < lengths.get("minutes", 0) <= 1440 or not 0 < lengths.get("new", 1) <= 1440:
        raise ValueError(f"--visit-type {text!r}: a visit lasts 1 to 1440 minutes")
    return lengths


def _instant(text: str | None) -> datetime | date:
    """Read an instant or a date; now, to the minute, where none is given."""
    if text is None:
        return datetime.now(UTC).replace(second=0, microsecond=0)
    try:
        value: datetime | date = adapter(DayOrInstant).validate_python(text)
    except ValidationError as error:
        what = error.errors(include_url=False)[0]["msg"]
        raise ValueError(f"--as-of {text!r}: {what}") from error
    return value


def _save(problems: Sequence[Problem], path: Path | None) -> None:
    """Write every finding, one per line."""
    if path is not None:
        with whole_file(path) as stream:
            stream.writelines(json.dumps(asdict(row)).encode() + b"\n" for row in problems)
