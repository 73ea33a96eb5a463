"""The engine and its peers on the same instances, one after the other, each in its own process.

Run with ``python -m benchmarks.run_peers --family single-tight-1000x100x10 --seconds 60``.
How to read what it prints: ``benchmarks/README.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from api.cli.outputs import try_file, try_folder, whole_file
from benchmarks.agreement import DisagreementError, contradictions
from benchmarks.apart import Bounds, DiedError
from benchmarks.instances import Instance, names_of
from benchmarks.peer_plot import plot
from benchmarks.peer_report import Round, as_json, commit, free_path, table
from benchmarks.peers import BY_NAME
from benchmarks.peers.ours import NAME
from benchmarks.peers.peer import PeerLimits
from benchmarks.trial import Prepared, Trial, attempt, prepare

RESULTS = Path(__file__).with_name("results")
METHODS = (NAME, *BY_NAME)


def run(
    names: list[str], methods: list[str], limits: PeerLimits, bounds: Bounds, most_pairs: int
) -> Iterator[Round]:
    """Every method on every instance, a round as soon as it is done.

    Raises
    ------
    DiedError
        An instance cannot be made, or is not the one that is kept.
    """
    for name in names:
        with tempfile.TemporaryDirectory(prefix="slotmatch-peers-") as folder:
            prepared = prepare(name, Path(folder), most_pairs)
            trials: list[Trial] = []
            for method in methods:
                trials.append(attempt(method, prepared, Path(folder), limits, bounds))
                _tell(prepared, trials[-1])
            yield Round(prepared, tuple(trials))


def _tell(prepared: Prepared, trial: Trial) -> None:
    """A line of progress, beside the tables."""
    took = "" if trial.seconds is None else f" in {trial.seconds:.1f} s"
    sys.stderr.write(f"{prepared.name}: {trial.method} {trial.status}{took}\n")


def main() -> int:
    """Print a table per instance, and keep everything; fail where methods contradict each other."""
    parser = _parser()
    asked = parser.parse_args()
    try:
        names = _names(asked.family, asked.seeds)
        try_folder(asked.out)
        if asked.plot is not None:
            try_file(asked.plot)
    except (ValueError, OSError) as error:
        parser.error(str(error))
    # threads of linear algebra would be neither the peer's nor the engine's
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    limits = PeerLimits(asked.seconds, asked.workers)
    rounds: list[Round] = []
    began = datetime.now(UTC)
    try:
        for row in run(names, asked.peers, limits, Bounds(asked.memory), asked.most_pairs):
            rounds.append(row)
            sys.stdout.write(table(row) + "\n")
            sys.stdout.flush()
    except DiedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:  # what was measured is kept, whatever stops the run
        against = _contradictions(rounds)
        if rounds:
            _write(asked, rounds, began, against)
    if against:
        raise DisagreementError("\n".join(against))
    return 0


def _contradictions(rounds: list[Round]) -> list[str]:
    return [
        f"{row.instance.name}: {fault}" for row in rounds for fault in contradictions(row.trials)
    ]


def _write(
    asked: argparse.Namespace, rounds: list[Round], began: datetime, against: list[str]
) -> None:
    """Write the result, and the plot if one is wanted."""
    about: dict[str, Any] = {
        "measured": began.isoformat(timespec="seconds"),
        "commit": commit(),
        "limits": {"seconds": asked.seconds, "workers": asked.workers, "memory_gib": asked.memory},
        "contradictions": against,
    }
    path = free_path(asked.out, began.date().isoformat(), about["commit"])
    with whole_file(path) as file:
        file.write(json.dumps(as_json(rounds, about), indent=1, ensure_ascii=False).encode())
        file.write(b"\n")
    sys.stderr.write(f"written: {path}\n")
    if asked.plot is not None:
        with whole_file(asked.plot) as file:
            file.write(plot(rounds).encode())


def _names(asked: list[str], seeds: list[int] | None) -> list[str]:
    """Full names of the instances; with seeds, each of them once per seed."""
    names = names_of(asked)
    if seeds is None:
        return names
    specs = [replace(Instance.named(name).spec, seed=seed) for name in names for seed in seeds]
    return list(dict.fromkeys(Instance(spec).name for spec in specs))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--family", nargs="+", required=True, help="instances by name, or S, M, L, XL")
    add("--seeds", nargs="+", type=int, help="each instance once per seed")
    add("--seconds", type=_positive, default=60.0, help="for each method on each instance")
    add("--workers", type=int, default=1, choices=range(1, 257), metavar="N", help="threads")
    add("--peers", nargs="+", choices=METHODS, default=list(METHODS), help="methods to run")
    add("--memory", type=_positive, default=8.0, metavar="GIB", help="for each process")
    add("--most-pairs", type=_count, default=30_000_000, help="more are not given to the peers")
    add("--out", type=Path, default=RESULTS, help="folder of the results")
    add("--plot", type=Path, metavar="SVG", help="time against pairs")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text} is below 0")
    return number


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a finite number above 0")
    return number


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # as Ctrl-C does
    sys.exit(main())
