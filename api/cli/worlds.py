"""``slotmatch generate``."""

from __future__ import annotations

from pathlib import Path

from api.cli import exit_codes
from api.cli.console import data, print_error, print_problems
from api.cli.outputs import check_dataset_folder, try_folder
from engine.domain import COLLECTIONS, Dataset
from engine.interchange.dataset import read_dataset, write_dataset
from scenarios.world import WorldSpec, generate_world, requests_around


def run_generate(spec: WorldSpec, around: Path | None, out: Path) -> int:
    """Generate a world, or requests around a dataset, and write it."""
    try:
        base = None if around is None else _read(around)
        check_dataset_folder(out, [])
        try_folder(out)
        if base is None:
            dataset = generate_world(spec)
        else:
            dataset = requests_around(base, spec.requests, spec.seed)
    except ValueError as error:
        print_error("wrong_value", str(error))
        return exit_codes.BAD_INPUT
    write_dataset(dataset, out)
    data.print(f"{out}: {describe(dataset)}", markup=False)
    return exit_codes.OK


def _read(path: Path) -> Dataset:
    dataset, report = read_dataset(path)
    print_problems(report.problems, report.counts)
    return dataset


def describe(dataset: Dataset) -> str:
    """Sizes of the collections that are not empty."""
    sizes = ((name, len(getattr(dataset, name))) for name in COLLECTIONS)
    return ", ".join(f"{size:,} {name.replace('_', ' ')}" for name, size in sizes if size)
