"""What runs begin with: the world of a task, with its changes, judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.errors import DisruptionError, InvalidInputError, ScenarioError
from engine.events.checks import check_disruptions
from engine.problems import Problem, Report
from scenarios.changes import applied
from scenarios.rolling import RollingSpec
from scenarios.runs.base import base_of
from scenarios.runs.task import Task
from scenarios.scenario_file import OneRun, RepairRun
from scenarios.situation import Situation


def begun(task: Task, warnings: Report | None = None) -> tuple[Situation, ...]:
    """The situation of a task, and where changes are made, what each of them makes of it: the last
    one is what is run.

    Parameters
    ----------
    warnings
        Hears of changes that change nothing.

    Raises
    ------
    InvalidInputError
        The base, the changes or the events cannot be used. What a scenario says wrong is a
        ``ScenarioError``, with its line in the file.
    """
    scenario = task.scenario
    found = [base_of(scenario, task.seed)]
    try:
        if task.is_changed:
            changes, seed = scenario.changes, task.seed
            applied(found[0], changes, seed, warnings=warnings, on_applied=found.append)
        _check_events(scenario.run, found[-1])
    except InvalidInputError as error:
        raise scenario.located(error) from error
    return tuple(found)


def judge(tasks: Iterable[Task], has_time: Callable[[], bool]) -> None:
    """Find what only worlds show to be wrong: ids that are not there, at any point of a sweep.

    Parameters
    ----------
    tasks
        Of one scenario. Points are judged in the world of their first seed.
    has_time
        Whether to judge one more; what is not judged here shows when it is run.

    Raises
    ------
    ScenarioError
        Everything that is wrong.
    """
    found: dict[Problem, None] = {}
    for task in tasks:
        if not task.is_changed or task.seed != task.scenario.seed:
            continue
        if not has_time():
            break
        try:
            begun(task)
        except InvalidInputError as error:
            found |= dict.fromkeys(problem for problem in error.problems if problem.is_error)
    if found:
        raise ScenarioError(list(found))


def _check_events(run: OneRun, situation: Situation) -> None:
    """Raise where an event names what is not there."""
    report = Report()
    if isinstance(run, RepairRun):
        report = check_disruptions(situation.dataset, run.events, "/run/events")
    elif isinstance(run, RollingSpec):
        report = check_disruptions(situation.dataset, run.absences, "/run/absences")
    if report.num_errors:
        raise DisruptionError.of(report)
