"""What a run of the peers says: a table in Markdown, and everything as JSON."""

from __future__ import annotations

import dataclasses
import os
import platform
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.agreement import best_known
from benchmarks.peers.ours import NAME
from benchmarks.trial import Prepared, Trial
from engine.solve.certificate import versions

SCHEMA = "slotmatch.peers/1"
_MILLI = 1_000.0
_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Round:
    """All methods on one instance."""

    instance: Prepared
    trials: tuple[Trial, ...]

    def seconds(self, trial: Trial) -> float | None:
        """From the arrays to the plan: what a peer took, and the making of its pairs."""
        if trial.seconds is None:
            return None
        return trial.seconds + (0.0 if trial.method == NAME else self.instance.pairs_seconds)

    def ratio(self, trial: Trial) -> float | None:
        """Those seconds by those of the engine; ``None`` where either has no answer."""
        ours = next((row.seconds for row in self.trials if row.method == NAME), None)
        seconds = self.seconds(trial)
        return None if ours is None or seconds is None else seconds / ours

    def loss(self, trial: Trial) -> Loss | None:
        """What its plan costs more than the best plan of the round."""
        best = best_known(self.trials)
        if best is None or best.values is None or trial.values is None:
            return None
        return Loss.of(self.instance, trial.values, best.values)


@dataclass(frozen=True, slots=True)
class Loss:
    """A plan against the best one.

    Parameters
    ----------
    unplaced, late_days, days
        More patients unplaced, days late, and equivalent days of inconvenience. Who is left
        unplaced has no inconvenience: a plan that places fewer may well have less of it.
    days_each
        Equivalent days for each patient placed, in this plan.
    """

    unplaced: int
    late_days: int
    days: float
    days_each: float

    @classmethod
    def of(cls, instance: Prepared, values: Sequence[int], best: Sequence[int]) -> Loss:
        """By the names of the levels."""
        own, other = _sums(instance, values), _sums(instance, best)
        placed = max(1, instance.requests - own["unplaced"])
        return cls(
            unplaced=own["unplaced"] - other["unplaced"],
            late_days=own["lateness"] - other["lateness"],
            days=(own["inconvenience"] - other["inconvenience"]) / _MILLI,
            days_each=own["inconvenience"] / _MILLI / placed,
        )


def _sums(instance: Prepared, values: Sequence[int]) -> dict[str, int]:
    """Values by kind of level, the classes of urgency together."""
    sums = dict.fromkeys(("unplaced", "lateness", "inconvenience"), 0)
    for name, value in zip(instance.levels, values, strict=True):
        kind = name.partition("_")[0]
        sums[kind] = sums.get(kind, 0) + value
    return sums


def table(row: Round) -> str:
    """A round in Markdown."""
    instance = row.instance
    size = f"{instance.pairs:,} pairs, made in {instance.pairs_seconds:.1f} s"
    headings = [
        "method",
        "status",
        "s",
        "s with pairs",
        "× ours",
        "MiB",
        *(level.replace("_", " ") for level in instance.levels),
        "more unplaced",
        "more late days",
        "more eq. days",
        "eq. days each",
    ]
    lines = [headings, ["--", "--", *["--:"] * (len(headings) - 2)]]
    lines += [list(_cells(row, trial)) for trial in row.trials]
    heading = f"{instance.name}: {instance.requests:,} requests, {instance.refusal or size}"
    rows = [f"| {' | '.join(line)} |" for line in lines]
    return "\n".join([heading, "", *rows, "", *_better_of_both(row)])


def _better_of_both(row: Round) -> Iterator[str]:
    """Which way of LAPJVsp was faster, where both have an answer."""
    both = [trial for trial in row.trials if trial.method.startswith("lapjvsp-")]
    timed = [(trial.seconds, trial.method) for trial in both if trial.seconds is not None]
    if len(timed) > 1:
        seconds, method = min(timed)
        yield f"LAPJVsp, the better of both: {method}, {seconds:.2f} s\n"


def _cells(row: Round, trial: Trial) -> Iterator[str]:
    yield trial.method
    yield " ".join(trial.status.replace("|", "/").split())
    for number, form in (
        (trial.seconds, ".2f"),
        (row.seconds(trial), ".2f"),
        (row.ratio(trial), ".2f"),
        (trial.peak_mib, ".0f"),
    ):
        yield "" if number is None else format(number, form)
    values = trial.values or (None,) * len(trial.bounds)
    for value, bound in zip(values, trial.bounds, strict=True):
        yield _level(value, bound)
    loss = row.loss(trial)
    if loss is None:
        yield from [""] * 4
    else:
        yield f"{loss.unplaced:+,}"
        yield f"{loss.late_days:+,}"
        yield f"{loss.days:+,.1f}"
        yield f"{loss.days_each:.3f}"


def _level(value: int | None, bound: int | None) -> str:
    """A value, with "=" where the bound meets it, or with the bound."""
    if value is None:
        return "" if bound is None else f"≥ {bound:,}"
    if bound is None:
        return f"{value:,}"
    return f"{value:,} =" if bound == value else f"{value:,} ≥ {bound:,}"


def as_json(rounds: Sequence[Round], about: dict[str, Any]) -> dict[str, Any]:
    """Everything that was measured, and on what."""
    return {
        "schema": SCHEMA,
        **about,
        "versions": versions(),
        "machine": {
            "system": platform.system(),
            "processor": platform.machine(),
            "cores": os.cpu_count(),
            "load_average": list(os.getloadavg()),
        },
        "rounds": [
            dataclasses.asdict(row.instance)
            | {"trials": [_trial(row, trial) for trial in row.trials]}
            for row in rounds
        ],
    }


def _trial(row: Round, trial: Trial) -> dict[str, Any]:
    loss = row.loss(trial)
    more = {
        "seconds_with_pairs": row.seconds(trial),
        "ratio_to_ours": row.ratio(trial),
        "loss": None if loss is None else dataclasses.asdict(loss),
    }
    return dataclasses.asdict(trial) | more


def commit() -> str:
    """Short name of the commit, marked where the files differ from it."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=7", "--exclude=*"]
    try:
        said = subprocess.run(  # noqa: S603 our own command
            command, cwd=_ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return said.stdout.strip()


def free_path(folder: Path, day: str, name: str) -> Path:
    """``<day>-<commit>-<machine>.json`` in ``folder``, numbered where there is one already."""
    machine = f"{platform.system()}-{platform.machine()}-{os.cpu_count()}-cores".lower()
    stem = f"{day}-{name}-{machine}"
    found, number = folder / f"{stem}.json", 2
    while found.exists():
        found, number = folder / f"{stem}-{number}.json", number + 1
    return found
