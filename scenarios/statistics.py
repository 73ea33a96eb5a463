"""What repetitions of a scenario tell: means with intervals, and differences on the same seeds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from scipy.special import stdtrit

from scenarios.measures.row import Row

CONFIDENCE = 0.95

Key = tuple[str, str | None]
"""A measure, and the group it is about."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over repetitions, and how sure it is.

    Formula: ``mean ± t · s / √n``, s being the standard deviation of the n values (with n − 1)
    and t the quantile of Student's distribution with n − 1 degrees of freedom that leaves
    2.5 % above it. Units: those of the values. Source: textbook; the values are taken to come
    from seeds that have nothing to do with one another, nearly normal in the mean.

    Parameters
    ----------
    mean
        ``None``: no repetition has a value.
    low, high
        Ends of the interval; ``None``: it takes two values to have one.
    count, missing
        Repetitions with a value, and without one.
    more_than
        Where the values of some repetitions lie beyond what was looked at: what the mean over
        these, too, is more than. Then ``mean`` is that of the others alone, and says too little.
    """

    mean: float | None
    low: float | None
    high: float | None
    count: int
    missing: int = 0
    more_than: float | None = None

    @property
    def is_distinguishable(self) -> bool:
        """Of differences: whether 0 lies outside of the interval.

        Without an interval nothing can be told, so that it is not.
        """
        if self.low is None or self.high is None:
            return False
        return self.low > 0 or self.high < 0


def estimate(values: Iterable[float | None], confidence: float = CONFIDENCE) -> Estimate:
    """The mean of some values.

    Parameters
    ----------
    values
        One per repetition; ``None`` and what is no finite number: the repetition has none.
    confidence
        How often such an interval holds the true mean, between 0 and 1.
    """
    every = list(values)
    known = [value for value in every if value is not None and math.isfinite(value)]
    count, missing = len(known), len(every) - len(known)
    if not known:
        return Estimate(None, None, None, 0, missing)
    if count == 1:
        return Estimate(known[0], None, None, 1, missing)
    if min(known) == max(known):  # sums of equal numbers would be rounded
        return Estimate(known[0], known[0], known[0], count, missing)
    mean = math.fsum(known) / count
    variance = math.fsum((value - mean) ** 2 for value in known) / (count - 1)
    quantile = float(stdtrit(count - 1, (1 + confidence) / 2))
    half = quantile * math.sqrt(variance / count)
    return Estimate(mean, mean - half, mean + half, count, missing)


def with_open(found: Estimate, values: Iterable[float | None], beyond: Sequence[float]) -> Estimate:
    """The estimate of some values, where those of other repetitions are known to be more.

    Parameters
    ----------
    found
        Of the values.
    beyond
        What the values of the others are more than; none: all are known.
    """
    if not beyond:
        return found
    known = [value for value in values if value is not None]
    return replace(found, more_than=math.fsum([*known, *beyond]) / (len(known) + len(beyond)))


def paired(
    values: Mapping[int, float | None],
    baseline: Mapping[int, float | None],
    confidence: float = CONFIDENCE,
) -> Estimate:
    """How values differ from those of a baseline on the same seeds.

    The difference is taken seed by seed, so that what both have in common, such as a busy
    week, cancels out.

    Parameters
    ----------
    values, baseline
        By seed.

    Returns
    -------
    Estimate
        Of value − baseline; a seed without a value on either side is missing.
    """
    seeds = sorted(values.keys() | baseline.keys())
    return estimate((_minus(values.get(seed), baseline.get(seed)) for seed in seeds), confidence)


def by_measure(runs: Mapping[int, Sequence[Row]]) -> dict[Key, dict[int, float | None]]:
    """Values of every measure and group, by seed.

    Parameters
    ----------
    runs
        Rows by seed; a row that a run lacks, as that of a group that is not in its world, is
        missing there.
    """
    found: dict[Key, dict[int, float | None]] = {}
    for seed, rows in runs.items():
        for row in rows:
            by_seed = found.setdefault((row.measure, row.group), dict.fromkeys(runs))
            by_seed[seed] = row.value
    return found


def beyond_by_measure(runs: Mapping[int, Sequence[Row]]) -> dict[Key, list[float]]:
    """Of every measure and group, what the values are more than that no repetition knows."""
    found: dict[Key, list[float]] = {}
    for row in (row for rows in runs.values() for row in rows):
        if row.value is None and row.more_than is not None:
            found.setdefault((row.measure, row.group), []).append(row.more_than)
    return found


def _minus(value: float | None, other: float | None) -> float | None:
    return None if value is None or other is None else value - other
