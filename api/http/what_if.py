"""Scenarios and changes: what may be asked, and how it is read."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from api.http.asking import body_object, read_body, read_dataset, read_policy
from api.http.findings import Findings, required
from api.http.settings import (
    MAX_SCENARIO_DOCTOR_DAYS,
    MAX_SCENARIO_REQUESTS,
    MAX_SCENARIO_RUNS,
    MAX_SECONDS,
)
from engine.domain import Dataset
from engine.domain.record import record
from engine.errors import ScenarioError
from engine.interchange.validation import read_record
from engine.policy import Policy
from engine.problems import Problem, Report
from scenarios.changes import CHANGES_FORMAT, OneChange
from scenarios.rolling import RollingSpec
from scenarios.runs.beginning import judge
from scenarios.runs.task import Task, tasks_of
from scenarios.scenario_file import Scenario, scenario_sent
from scenarios.scenario_file.records import MAX_SEED

_JUDGE_SECONDS = 5.0
"""What changes name is looked up before a job is made, for so long; what is left, when it runs."""


@record
class _Draw:
    """What random draws begin with."""

    seed: Annotated[int, Field(strict=True, ge=0, le=MAX_SEED)] = 1
    """The same seed makes the same of the same changes."""


@record
class ChangesRequest(_Draw):
    """Changes to a dataset inside, or to the dataset that the service holds; its parts are read one
    by one.
    """

    dataset: dict[str, Any] | None = None
    """The booking world that is changed."""
    policy: dict[str, Any] | None = None
    """Rules and parameters over the defaults, which changes may set, too."""
    changes: tuple[Any, ...]
    """What changes, one after the other: each is judged in what those before it have made."""


CHANGES_MEMBERS = tuple(ChangesRequest.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Given:
    """What is to be changed.

    Parameters
    ----------
    dataset, policy
        As they are.
    changes, seed
        What is changed, and what draws begin with.
    warnings
        What is odd about what was sent.
    """

    dataset: Dataset
    policy: Policy
    changes: tuple[OneChange, ...]
    seed: int
    warnings: tuple[Problem, ...]


def read_changes(raw: bytes, held: Dataset | None) -> Given:
    """What is to be changed, and how.

    Parameters
    ----------
    raw
        The body, a ``ChangesRequest``.
    held
        What the service holds.

    Raises
    ------
    InvalidInputError
        Everything that is wrong with it; what changes name shows when they are applied.
    """
    content, problems = read_body(raw, CHANGES_MEMBERS)
    found, report = Findings(problems), Report()
    policy, of_policy = read_policy(content.get("policy"))
    members = {key: content[key] for key in _Draw.__dataclass_fields__ if key in content}
    draw: _Draw | None = read_record(_Draw, members, "", report)
    found.add([*of_policy, *report.problems])
    if "changes" not in content:
        found.add([Problem("missing_field", "/changes", "the field is required")])
    changes = found.of(lambda: CHANGES_FORMAT.of(content.get("changes", []), "/changes"))
    urgencies = None if policy is None else policy.urgencies.names
    read = found.of(lambda: read_dataset(content, held, urgencies))
    found.refuse_any()
    dataset, warnings = required(read)
    return Given(
        dataset,
        required(policy),
        required(changes),
        required(draw).seed,
        tuple(warnings.problems),
    )


def read_scenario_sent(raw: bytes, held: Dataset | None) -> tuple[Scenario, tuple[Task, ...]]:
    """A scenario and its runs.

    Parameters
    ----------
    raw
        The body, a scenario as a file has it.
    held
        What the service holds: the base of a scenario without one.

    Raises
    ------
    InvalidInputError
        Everything that is wrong with it, or that it asks for too much.
    """
    scenario = scenario_sent(body_object(raw), held)
    too_much = list(dict.fromkeys(_too_much(scenario)))
    if too_much:
        raise ScenarioError(too_much)
    return scenario, tasks_of(scenario)


def judge_scenario(raw: bytes, held: Dataset | None) -> int:
    """Raise with all that is wrong with a scenario, as far as a few seconds go; how many runs."""
    _, tasks = read_scenario_sent(raw, held)
    deadline = time.monotonic() + _JUDGE_SECONDS
    judge(tasks, lambda: time.monotonic() < deadline)
    return len(tasks)


def _too_much(scenario: Scenario) -> Iterator[Problem]:
    """What a service does not take on: runs, and the world of each of them."""
    num_runs = math.prod(map(len, scenario.sweep.values())) * scenario.repetitions
    points = [scenario]
    if num_runs > MAX_SCENARIO_RUNS:
        message = f"points times repetitions is {num_runs:,}: above {MAX_SCENARIO_RUNS:,}"
        yield Problem("out_of_range", "/repetitions", message)
    else:
        points = [point.scenario for point in scenario.grid()]
    for point in points:
        for path, asked, most in _asked(point):
            if asked > most:
                problem = Problem("out_of_range", path, f"{asked:,} is above {most:,}")
                yield point.source.choice.at_value(problem)


def _asked(scenario: Scenario) -> Iterator[tuple[str, float, float]]:
    """Path, number and limit of everything that makes a run large."""
    yield "/limits/seconds", scenario.limits.seconds, MAX_SECONDS
    yield "/limits/deterministic_seconds", scenario.limits.deterministic_seconds or 0, MAX_SECONDS
    world, run = scenario.base.generate, scenario.run
    if world is not None:
        yield "/base/generate/requests", world.requests, MAX_SCENARIO_REQUESTS
        yield "/base/generate/doctors", world.doctors * world.days, MAX_SCENARIO_DOCTOR_DAYS
    if isinstance(run, RollingSpec):
        busiest = max((*run.weekdays, 1.0))
        arriving = run.requests_per_day * run.days * busiest
        yield "/run/requests_per_day", arriving, MAX_SCENARIO_REQUESTS
