"""``slotmatch import fhir`` and ``slotmatch export fhir``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from api.cli import exit_codes
from api.cli.console import data
from api.cli.exporting import to_export
from api.cli.importing import import_into
from api.cli.outputs import try_file, whole_file
from engine.interchange.fhir import read_fhir, write_fhir


def run_import_fhir(
    files: Sequence[Path], into: Path, out: Path, visit_type: str | None, report_path: Path | None
) -> int:
    """Read schedules, slots and appointments into a dataset."""
    return import_into(into, lambda base: read_fhir(files, base, visit_type), out, report_path)


def run_export_fhir(dataset_path: Path, out: Path, plan_path: Path | None, *, by_line: bool) -> int:
    """Write a dataset, and the places of a plan, as FHIR resources."""
    try_file(out)
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
