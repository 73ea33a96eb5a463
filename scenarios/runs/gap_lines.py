"""Gaps between groups over the repetitions of a point, with the changes and without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scenarios.measures import Gap
from scenarios.runs.outcome import Outcome
from scenarios.statistics import Estimate, estimate, paired

Key = tuple[str, str]
"""A grouping, and a measure."""


@dataclass(frozen=True, slots=True)
class GapLine:
    """The gap of one measure between the groups of one grouping.

    Parameters
    ----------
    measure, grouping
        Which.
    size
        With the changes; of the repetitions in which two groups can be compared.
    baseline, difference
        Without them, and what the changes add, on the same seeds; ``None``: nothing is changed.
    threshold
        Of the policy with the changes.
    widest
        The gap of the repetition in which it is widest; the first, where several are.
    num_wide
        Repetitions in which it is beyond the threshold.
    """

    measure: str
    grouping: str
    size: Estimate
    baseline: Estimate | None
    difference: Estimate | None
    threshold: float
    widest: Gap
    num_wide: int

    @property
    def is_wide(self) -> bool:
        """Whether it is worth a warning: the mean is beyond the threshold."""
        return self.size.mean is not None and self.size.mean > self.threshold


def gap_lines(changed: Mapping[int, Outcome], plain: Mapping[int, Outcome]) -> Iterator[GapLine]:
    """Every gap that any repetition with the changes has.

    Parameters
    ----------
    changed, plain
        By seed; ``plain`` is empty where nothing is changed.
    """
    before = {seed: _by_key(outcome) for seed, outcome in plain.items()}
    after = {seed: _by_key(outcome) for seed, outcome in changed.items()}
    for key in dict.fromkeys(key for found in after.values() for key in found):
        found = [gaps[key] for gaps in after.values() if key in gaps]
        sizes, others = _sizes(after, key), _sizes(before, key)
        yield GapLine(
            measure=key[1],
            grouping=key[0],
            size=estimate(sizes.values()),
            baseline=estimate(others.values()) if plain else None,
            difference=paired(sizes, others) if plain else None,
            threshold=found[0].threshold,
            widest=max(found, key=lambda gap: gap.size),
            num_wide=sum(gap.is_wide for gap in found),
        )


def _by_key(outcome: Outcome) -> dict[Key, Gap]:
    gaps = (row.measured for row in outcome.gaps)
    return {(gap.grouping, gap.measure): gap for gap in gaps}


def _sizes(runs: Mapping[int, Mapping[Key, Gap]], key: Key) -> dict[int, float | None]:
    """By seed; ``None`` where no two groups can be compared."""
    return {seed: gaps[key].size if key in gaps else None for seed, gaps in runs.items()}
