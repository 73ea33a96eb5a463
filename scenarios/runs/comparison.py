"""What changes come to: every measure with them and without, and the difference seed by seed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scenarios.runs.gap_lines import GapLine, gap_lines
from scenarios.runs.outcome import Outcome
from scenarios.runs.task import Task
from scenarios.scenario_file import Acceptance, Estimated
from scenarios.statistics import (
    Estimate,
    Key,
    beyond_by_measure,
    by_measure,
    estimate,
    paired,
    with_open,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One measure at a point.

    Parameters
    ----------
    measure, group
        Which, and of whom; ``None``: of all.
    value
        With the changes.
    baseline, difference
        Without them, and what the changes add, on the same seeds; ``None``: nothing is changed.
    by_seed
        Every value with the changes.
    """

    measure: str
    group: str | None
    value: Estimate
    baseline: Estimate | None
    difference: Estimate | None
    by_seed: Mapping[int, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an acceptance test holds.

    Parameters
    ----------
    test
        What was asked.
    value
        What was measured, of all.
    holds
        False also where no repetition has a value, or where values that are not known decide.
    """

    test: Acceptance
    value: Estimate
    holds: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """A point of a scenario.

    Parameters
    ----------
    values
        By path into the file, what the sweep put in.
    lines
        Every measure, of all first.
    verdicts
        One for every acceptance test.
    num_runs, num_asked
        Repetitions that were run with the changes, and that are to be.
    num_unproven
        Runs with the changes, and without, whose plan is not proven: where one is, a difference may
        be one of the search.
    warnings
        What is odd about the base, and what changes had to say, each once.
    gaps
        Between groups of patients, wide or not.
    estimated
        What a rolling run took from past appointments; ``None``: nothing.
    """

    values: Mapping[str, Any]
    lines: tuple[Line, ...]
    verdicts: tuple[Verdict, ...]
    num_runs: int
    num_asked: int
    num_unproven: int
    warnings: tuple[str, ...]
    gaps: tuple[GapLine, ...] = ()
    estimated: Estimated | None = None

    @property
    def holds(self) -> bool:
        """Whether every acceptance test does."""
        return all(verdict.holds for verdict in self.verdicts)

    @property
    def of_all(self) -> Mapping[str, Line]:
        """Every measure of all patients, by its name."""
        return _of_all(self.lines)


def compared(tasks: tuple[Task, ...], outcomes: Mapping[str, Outcome]) -> tuple[Comparison, ...]:
    """Compare the points of a scenario with their baselines, in the order of the tasks.

    Parameters
    ----------
    tasks
        Of one scenario.
    outcomes
        By key; a repetition without one is left out on both sides.
    """
    points: dict[int, list[Task]] = {}
    for task in tasks:
        points.setdefault(id(task.point), []).append(task)
    return tuple(_of_point(of_point, outcomes) for of_point in points.values())


def _of_point(tasks: list[Task], outcomes: Mapping[str, Outcome]) -> Comparison:
    done = {
        (task.is_changed, task.seed): outcome
        for task in tasks
        if (outcome := outcomes.get(task.key)) is not None
    }
    changed = {seed: outcome for (is_changed, seed), outcome in done.items() if is_changed}
    plain = {seed: outcome for (is_changed, seed), outcome in done.items() if not is_changed}
    lines = _lines(changed, plain)
    of_all = _of_all(lines)
    scenario = tasks[0].scenario
    warnings = (text for outcome in changed.values() for text in outcome.warnings)
    return Comparison(
        values=tasks[0].point.values,
        lines=lines,
        verdicts=tuple(_verdict(test, of_all) for test in scenario.acceptance),
        num_runs=len(changed),
        num_asked=sum(task.is_changed for task in tasks),
        num_unproven=sum(not outcome.proven for outcome in done.values()),
        warnings=tuple(dict.fromkeys(warnings)),
        gaps=tuple(gap_lines(changed, plain)),
        estimated=scenario.estimated,
    )


def _of_all(lines: Iterable[Line]) -> dict[str, Line]:
    return {line.measure: line for line in lines if line.group is None}


def _lines(changed: Mapping[int, Outcome], plain: Mapping[int, Outcome]) -> tuple[Line, ...]:
    values, before = _Values.of(changed), _Values.of(plain)
    lines = []
    for key, by_seed in values.by_seed.items():
        other = before.by_seed.get(key)
        difference = None if other is None else paired(by_seed, other)
        value, baseline = values.estimate(key), None if other is None else before.estimate(key)
        lines.append(Line(*key, value, baseline, difference, by_seed))
    return tuple(sorted(lines, key=lambda line: line.group is not None))


@dataclass(frozen=True, slots=True)
class _Values:
    """Every measure of some runs, by seed; and what those are more than that are not known."""

    by_seed: Mapping[Key, Mapping[int, float | None]]
    beyond: Mapping[Key, Sequence[float]]

    @classmethod
    def of(cls, runs: Mapping[int, Outcome]) -> _Values:
        rows = {seed: outcome.measured for seed, outcome in runs.items()}
        return cls(by_measure(rows), beyond_by_measure(rows))

    def estimate(self, key: Key) -> Estimate:
        """The mean of one measure over the runs."""
        values = self.by_seed[key].values()
        return with_open(estimate(values), values, self.beyond.get(key, ()))


def _verdict(test: Acceptance, of_all: Mapping[str, Line]) -> Verdict:
    value = of_all[test.measure].value if test.measure in of_all else estimate(())
    least, most = test.at_least, test.at_most
    if value.more_than is not None:  # how much more, nobody knows
        return Verdict(test, value, holds=least is not None and value.more_than >= least)
    if value.mean is None:
        return Verdict(test, value, holds=False)
    holds = (least is None or value.mean >= least) and (most is None or value.mean <= most)
    return Verdict(test, value, holds)
