"""Time against pairs, by method."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from benchmarks import log_plot
from benchmarks.log_plot import Point
from benchmarks.peer_report import Round

_LEAST_SECONDS = 1e-3


def points_by_method(rounds: Sequence[Round]) -> dict[str, list[Point]]:
    """Pairs and seconds (with the making of pairs) of every method that has an answer."""
    found: dict[str, list[Point]] = defaultdict(list)
    for row in rounds:
        for trial in row.trials:
            seconds = row.seconds(trial)
            if seconds is not None and row.instance.pairs:
                proven = trial.status == "optimal"
                point = (float(row.instance.pairs), max(_LEAST_SECONDS, seconds), proven)
                found[trial.method].append(point)
    return {method: sorted(points) for method, points in found.items()}


def plot(rounds: Sequence[Round]) -> str:
    """The SVG; without a point, axes alone."""
    return log_plot.plot(points_by_method(rounds), "pairs", "seconds")
