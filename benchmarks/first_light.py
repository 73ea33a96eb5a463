"""Match the worlds of ``instances.py`` within a minute each and print what is proven.

Run with ``.venv/bin/python -m benchmarks.first_light [--seconds 58]``.
"""

from __future__ import annotations

import argparse
import sys
import time

from benchmarks.instances import FIRST_LIGHT
from engine.match import match
from engine.result import Result
from engine.solve.certificate import LevelResult
from engine.solve.limits import Limits
from engine.verify.judge import verify
from scenarios.world import generate_world

HEADINGS = (
    "world",
    "placed",
    "no candidate",
    "crowded out",
    "unplaced",
    "late days",
    "inconvenience",
    "candidates",
    "components",
    "s",
)


def main() -> None:
    """Print a table in Markdown, a row per world."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=58.0)
    seconds = parser.parse_args().seconds
    _row(HEADINGS)
    _row(["--", *["--:"] * (len(HEADINGS) - 1)])
    for name, spec in FIRST_LIGHT.items():
        dataset = generate_world(spec)
        start = time.perf_counter()
        result = match(dataset, limits=Limits(seconds=seconds))
        took = time.perf_counter() - start
        assert not verify(result.snapshot, result.policy, result.plan).violations
        _row([name, *_cells(result), f"{took:.1f}"])


def _cells(result: Result) -> list[str]:
    certificate = result.certificate
    unplaced, late, inconvenience = (
        certificate.levels[:4],
        certificate.levels[4],
        certificate.levels[5],
    )
    return [
        str(int(result.plan.is_placed.sum())),
        str(result.num_no_candidate),
        str(result.num_crowded_out),
        _gap(unplaced),
        _gap([late]),
        _gap([inconvenience]),
        f"{certificate.candidates_considered:,} ({certificate.candidates_in_model:,})",
        f"{certificate.components} ({certificate.open_components} open)",
    ]


def _gap(levels: list[LevelResult] | tuple[LevelResult, ...]) -> str:
    """Value, and "proven" or the bound with the gap."""
    value, bound = sum(row.value for row in levels), sum(row.bound for row in levels)
    if all(row.status == "proven" for row in levels):
        return f"{value} proven"
    return f"{value} ≥ {bound} ({(value - bound) / max(1, value):.2%})"


def _row(cells: tuple[str, ...] | list[str]) -> None:
    sys.stdout.write(f"| {' | '.join(cells)} |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
