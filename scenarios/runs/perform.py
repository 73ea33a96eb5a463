"""A run: the world of a task is made, matched or repaired, and measured."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.errors import InvalidInputError
from engine.interchange.booked import booked
from engine.match import match
from engine.problems import Report
from engine.repair.extent import Extent
from engine.repair.ledger import ledger_of
from engine.repair.repair import repair
from engine.solve.certificate import Certificate
from engine.solve.limits import Cancel, Limits
from scenarios.details import (
    Details,
    details_of_history,
    details_of_plan,
    details_of_repair,
    size_of,
)
from scenarios.measures import Row, gaps, groupings_of, rows_of, rows_of_history, rows_of_repair
from scenarios.rolling import RollingSpec, simulate
from scenarios.runs.base import base_warnings
from scenarios.runs.beginning import begun
from scenarios.runs.outcome import GapRow, LevelRow, MeasuredRow, Outcome
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
    situations = begun(task, warnings)
    situation, worlds = situations[-1], tuple(size_of(one.dataset) for one in situations)
    try:
        found = _measured(task, situation, cancel)
    except InvalidInputError as error:
        raise scenario.located(error) from error
    return Outcome(
        key=task.key,
        rows=tuple(MeasuredRow.of(row) for row in found.rows),
        gaps=tuple(GapRow.of(gap) for gap in gaps(found.rows, situation.policy.fairness)),
        levels=found.levels,
        proven=found.is_proven,
        stopped=found.stopped,
        warnings=(*base_warnings(scenario), *(row.sentence() for row in warnings.problems)),
        details=replace(found.details, worlds=worlds),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """Measures of a run, and what is known of the plans that they speak of."""

    rows: tuple[Row, ...]
    is_proven: bool
    stopped: str
    details: Details
    levels: tuple[LevelRow, ...] = ()

    @classmethod
    def of(
        cls, rows: tuple[Row, ...], plan: Certificate, details: Details, *, is_proven: bool
    ) -> _Found:
        """What one plan came to."""
        levels = tuple(
            LevelRow(name=level.name, value=level.value, bound=level.bound) for level in plan.levels
        )
        return cls(rows, is_proven, plan.stopped, details, levels)


def _measured(task: Task, situation: Situation, cancel: Cancel | None) -> _Found:
    run, limits = task.scenario.run, engine_limits(task.scenario.limits)
    if isinstance(run, RollingSpec):
        return _rolled(run, situation, task.seed, limits, cancel)
    result = match(situation.dataset, situation.policy, limits, cancel=cancel)
    groupings = groupings_of(situation.dataset)
    rows, details = rows_of(result, groupings), details_of_plan(result, situation.dataset)
    if isinstance(run, MatchRun):
        certificate = result.certificate
        return _Found.of(rows, certificate, details, is_proven=certificate.is_proven)
    told = booked(situation.dataset, result.snapshot, result.plan)
    extent = Extent(run.max_additional, run.depth)
    found = repair(told, run.events, situation.policy, extent, limits, cancel=cancel)
    last = found.points[-1]
    ledger = ledger_of(found, last)
    rows = (*rows, *rows_of_repair(found, ledger, groupings))
    mended, later = details_of_repair(found, ledger)
    details = replace(details, mended=mended, spreads=(*details.spreads, later))
    is_proven = found.is_proven and result.certificate.is_proven
    return _Found.of(rows, last.certificate, details, is_proven=is_proven)


def _rolled(
    run: RollingSpec, situation: Situation, seed: int, limits: Limits, cancel: Cancel | None
) -> _Found:
    """Days that passed; proven where everything was that was solved on any of them."""
    history = simulate(situation, run, seed, limits=limits, cancel=cancel)
    is_proven = all(day.is_proven for day in history.days)
    limit = "deterministic_limit" if limits.deterministic else "time_limit"
    rows, stopped = rows_of_history(history), "proven" if is_proven else limit
    return _Found(rows, is_proven, stopped, details_of_history(history))


def engine_limits(limits: RunLimits) -> Limits:
    """What one match or repair may take: one worker, since runs go side by side."""
    seconds = limits.deterministic_seconds
    if seconds is None:
        return Limits(seconds=limits.seconds, workers=1)
    return Limits(deterministic=True, deterministic_seconds=seconds, workers=1)
