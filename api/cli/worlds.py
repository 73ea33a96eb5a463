"""``slotmatch generate``."""

from __future__ import annotations

from pathlib import Path

from api.cli import exit_codes
from api.cli.console import data, notes, print_problems
from engine.domain import COLLECTIONS, Dataset
from engine.interchange.dataset import read_dataset, write_dataset
from scenarios.world import WorldSpec, generate_world, requests_around


def run_generate(spec: WorldSpec, around: Path | None, out: Path) -> int:
    """Generate a world, or requests around a dataset, and write it."""
    try:
        dataset = generate_world(spec) if around is None else _around(around, spec)
    except ValueError as error:
        notes.print(f"[red]error[/] {error}")
        return exit_codes.BAD_INPUT
    write_dataset(dataset, out)
    data.print(f"{out}: {describe(dataset)}")
    return exit_codes.OK


def _around(path: Path, spec: WorldSpec) -> Dataset:
    dataset, report = read_dataset(path)
    print_problems(report.problems, report.counts)
    return requests_around(dataset, spec.requests, spec.seed)


def describe(dataset: Dataset) -> str:
    """Sizes of the collections that are not empty."""
    sizes = ((name, len(getattr(dataset, name))) for name in COLLECTIONS)
    return ", ".join(f"{size:,} {name.replace('_', ' ')}" for name, size in sizes if size)
