"""What a report is of: scenarios, with the runs that are done, point by point."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scenarios.report.numbers import shortened
from scenarios.runs.comparison import Comparison
from scenarios.runs.outcome import Outcome
from scenarios.runs.task import Task
from scenarios.scenario_file import RepairRun, Scenario

_LONGEST_LABEL = 300


@dataclass(frozen=True, slots=True)
class PointTold:
    """A point of a sweep.

    Parameters
    ----------
    number
        From 1 on.
    label
        What the sweep put in, in short; empty where there is no sweep.
    scenario
        With that in it.
    comparison
        With the changes against without.
    changed, plain
        By seed, runs with the changes and without; of runs that are not done there is none.
    """

    number: int
    label: str
    scenario: Scenario
    comparison: Comparison
    changed: Mapping[int, Outcome]
    plain: Mapping[int, Outcome]

    @property
    def seed(self) -> int | None:
        """The first seed of which there is a run with the changes."""
        return min(self.changed, default=None)

    def pictured(self, what: str) -> str:
        """The title of a picture of one world: whose it is, and when."""
        is_mended = isinstance(self.scenario.run, RepairRun)
        return f"{what}, seed {self.seed}{', before the event' if is_mended else ''}"


@dataclass(frozen=True, slots=True)
class Told:
    """A scenario and what came of it."""

    scenario: Scenario
    points: tuple[PointTold, ...]

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        tasks: Sequence[Task],
        outcomes: Mapping[str, Outcome],
        compare: Sequence[Comparison],
    ) -> Told:
        """Sort runs to the points they belong to.

        Parameters
        ----------
        tasks
            Of the scenario, as ``tasks_of`` gives them.
        outcomes
            By key; runs that are not done are missing.
        compare
            What ``compared`` makes of both.
        """
        points: dict[int, list[Task]] = {}
        for task in tasks:
            points.setdefault(id(task.point), []).append(task)
        told = zip(points.values(), compare, strict=True)
        return cls(
            scenario,
            tuple(
                PointTold(
                    number=number,
                    label=shortened(label_of(some[0].point.values), _LONGEST_LABEL),
                    scenario=some[0].scenario,
                    comparison=comparison,
                    changed=_by_seed(some, outcomes, is_changed=True),
                    plain=_by_seed(some, outcomes, is_changed=False),
                )
                for number, (some, comparison) in enumerate(told, 1)
            ),
        )


def _by_seed(
    tasks: Sequence[Task], outcomes: Mapping[str, Outcome], *, is_changed: bool
) -> dict[int, Outcome]:
    return {
        task.seed: outcomes[task.key]
        for task in tasks
        if task.is_changed is is_changed and task.key in outcomes
    }


def label_of(values: Mapping[str, Any]) -> str:
    """What a sweep put in, in a line."""
    return ", ".join(f"{path} = {in_a_line(value)}" for path, value in values.items())


def in_a_line(value: Any) -> str:
    """A value as YAML has it in a line."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {in_a_line(part)}' for key, part in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(in_a_line, value))}]"
    return value if isinstance(value, str) else json.dumps(value)
