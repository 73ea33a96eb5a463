"""A run: the world of a task is made, matched or repaired, and measured."""

from __future__ import annotations

from engine.domain import Dataset
from engine.errors import InvalidInputError
from engine.interchange.booked import booked
from engine.match import match
from engine.problems import Report
from engine.repair.extent import Extent
from engine.repair.ledger import ledger_of
from engine.repair.repair import repair
from engine.result import Result
from engine.solve.certificate import Certificate
from engine.solve.limits import Limits
from scenarios.changes import applied
from scenarios.measures import Row, groupings_of, rows_of, rows_of_repair
from scenarios.runs.base import base_of
from scenarios.runs.outcome import LevelRow, Outcome, measured_rows
from scenarios.runs.task import Task
from scenarios.scenario_file import MatchRun, RepairRun, RunLimits
from scenarios.situation import Situation


def perform(task: Task) -> Outcome:
    """Run a task; pure but for reading its base, so that it can be done anywhere.

    Raises
    ------
    InvalidInputError
        Its base, its changes or its events cannot be used. What a scenario says wrong is a
        ``ScenarioError``, with its line in the file.
    """
    scenario, warnings = task.scenario, Report()
    situation = base_of(scenario, task.seed)
    try:
        if task.is_changed:
            situation = applied(situation, scenario.changes, task.seed, warnings=warnings)
        rows, certificate, proven = _measured(task, situation)
    except InvalidInputError as error:
        raise scenario.located(error) from error
    return Outcome(
        key=task.key,
        rows=measured_rows(rows),
        levels=tuple(
            LevelRow(name=level.name, value=level.value, bound=level.bound)
            for level in certificate.levels
        ),
        proven=proven,
        stopped=certificate.stopped,
        warnings=tuple(problem.sentence() for problem in warnings.problems),
    )


def _measured(task: Task, situation: Situation) -> tuple[tuple[Row, ...], Certificate, bool]:
    """Measures of a run, and what is known of the plan that they speak of."""
    run, limits = task.scenario.run, engine_limits(task.scenario.limits)
    if not isinstance(run, MatchRun | RepairRun):
        raise NotImplementedError(run.kind)
    result = match(situation.dataset, situation.policy, limits)
    groupings = groupings_of(situation.dataset)
    rows = rows_of(result, groupings)
    if isinstance(run, MatchRun):
        return rows, result.certificate, result.certificate.is_proven
    told = _told(situation.dataset, result)
    extent = Extent(run.max_additional, run.depth)
    found = repair(told, run.events, situation.policy, extent, limits)
    ledger = ledger_of(found, found.points[-1])
    mended = rows_of_repair(found, ledger, groupings)
    return (*rows, *mended), found.points[-1].certificate, found.is_proven


def _told(dataset: Dataset, result: Result) -> Dataset:
    """The dataset in which everybody was told the places of a match."""
    return booked(dataset, result.snapshot, result.plan)


def engine_limits(limits: RunLimits) -> Limits:
    """What one match or repair may take: one worker, since runs go side by side."""
    seconds = limits.deterministic_seconds
    if seconds is None:
        return Limits(seconds=limits.seconds, workers=1)
    return Limits(deterministic=True, deterministic_seconds=seconds, workers=1)
