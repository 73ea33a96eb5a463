"""A run: the world of a task is made, matched or repaired, and measured."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import InvalidInputError
from engine.interchange.booked import booked
from engine.match import match
from engine.problems import Report
from engine.repair.extent import Extent
from engine.repair.ledger import ledger_of
from engine.repair.repair import repair
from engine.solve.certificate import Certificate
from engine.solve.limits import Cancel, Limits
from scenarios.measures import Row, groupings_of, rows_of, rows_of_history, rows_of_repair
from scenarios.rolling import RollingSpec, simulate
from scenarios.runs.beginning import begun
from scenarios.runs.outcome import LevelRow, Outcome, measured_rows
from scenarios.runs.task import Task
from scenarios.scenario_file import MatchRun, RunLimits
from scenarios.situation import Situation


def perform(task: Task, cancel: Cancel | None = None) -> Outcome:
    """Run a task; pure but for reading its base, so that it can be done anywhere.

    Parameters
    ----------
    cancel
        Asks to stop early; what comes of it then is not the outcome of the task.

    Raises
    ------
    InvalidInputError
        Its base, its changes or its events cannot be used. What a scenario says wrong is a
        ``ScenarioError``, with its line in the file.
    """
    scenario, warnings = task.scenario, Report()
    situation = begun(task, warnings)[-1]
    try:
        found = _measured(task, situation, cancel)
    except InvalidInputError as error:
        raise scenario.located(error) from error
    return Outcome(
        key=task.key,
        rows=measured_rows(found.rows),
        levels=found.levels,
        proven=found.is_proven,
        stopped=found.stopped,
        warnings=tuple(problem.sentence() for problem in warnings.problems),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """Measures of a run, and what is known of the plans that they speak of."""

    rows: tuple[Row, ...]
    is_proven: bool
    stopped: str
    levels: tuple[LevelRow, ...] = ()

    @classmethod
    def of(cls, rows: tuple[Row, ...], plan: Certificate, *, is_proven: bool) -> _Found:
        """What one plan came to."""
        levels = tuple(
            LevelRow(name=level.name, value=level.value, bound=level.bound) for level in plan.levels
        )
        return cls(rows, is_proven, plan.stopped, levels)


def _measured(task: Task, situation: Situation, cancel: Cancel | None) -> _Found:
    run, limits = task.scenario.run, engine_limits(task.scenario.limits)
    if isinstance(run, RollingSpec):
        return _rolled(run, situation, task.seed, limits, cancel)
    result = match(situation.dataset, situation.policy, limits, cancel=cancel)
    groupings = groupings_of(situation.dataset)
    rows = rows_of(result, groupings)
    if isinstance(run, MatchRun):
        return _Found.of(rows, result.certificate, is_proven=result.certificate.is_proven)
    told = booked(situation.dataset, result.snapshot, result.plan)
    extent = Extent(run.max_additional, run.depth)
    found = repair(told, run.events, situation.policy, extent, limits, cancel=cancel)
    last = found.points[-1]
    mended = rows_of_repair(found, ledger_of(found, last), groupings)
    is_proven = found.is_proven and result.certificate.is_proven
    return _Found.of((*rows, *mended), last.certificate, is_proven=is_proven)


def _rolled(
    run: RollingSpec, situation: Situation, seed: int, limits: Limits, cancel: Cancel | None
) -> _Found:
    """Days that passed; proven where everything was that was solved on any of them."""
    history = simulate(situation, run, seed, limits=limits, cancel=cancel)
    is_proven = all(day.is_proven for day in history.days)
    limit = "deterministic_limit" if limits.deterministic else "time_limit"
    return _Found(rows_of_history(history), is_proven, "proven" if is_proven else limit)


def engine_limits(limits: RunLimits) -> Limits:
    """What one match or repair may take: one worker, since runs go side by side."""
    seconds = limits.deterministic_seconds
    if seconds is None:
        return Limits(seconds=limits.seconds, workers=1)
    return Limits(deterministic=True, deterministic_seconds=seconds, workers=1)
