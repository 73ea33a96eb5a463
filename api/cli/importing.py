"""``slotmatch import``."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import ValidationError

from api.cli import exit_codes
from api.cli.console import data, notes, print_problems
from api.cli.worlds import describe
from engine.domain.fields import DayOrInstant
from engine.interchange.dataset import write_dataset
from engine.interchange.import_report import ImportReport
from engine.interchange.plan_net import DirectoryOptions, read_plan_net
from engine.interchange.validation import adapter


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
        notes.print(f"[red]error[/] {error}", markup=True)
        return exit_codes.BAD_INPUT
    options = DirectoryOptions(now, days, cell_minutes, lengths["minutes"], lengths.get("new"))
    dataset, report = read_plan_net(folder, options)
    write_dataset(dataset, out)
    print_problems(report.findings.problems, report.findings.counts)
    if report_path is not None:
        _save(report, report_path)
    read = ", ".join(f"{number:,} {kind}" for kind, number in report.read.items())
    data.print(f"read: {read}")
    data.print(f"made: {describe(dataset)}")
    data.print(f"{report.findings.num_errors} errors, {report.findings.num_warnings} warnings")
    data.print(f"written to {out}")
    return exit_codes.OK


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


def _save(report: ImportReport, path: Path) -> None:
    """Write every finding that was kept, one per line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(asdict(problem)) + "\n" for problem in report.findings.problems)
    path.write_text("".join(lines), encoding="utf-8")
