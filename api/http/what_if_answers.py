"""Scenarios run, and changes applied, in a solver process: what is answered."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from api.content import problem_content
from api.http.channel import Channel
from api.http.watching import watched
from api.http.what_if import Given
from engine.domain import Dataset
from engine.interchange.policy_file import policy_content
from engine.interchange.validation import adapter
from engine.problems import Report
from scenarios.changes import applied
from scenarios.changes.effects import effect_of
from scenarios.runs.batch import run_in_turn
from scenarios.runs.comparison import compared
from scenarios.runs.content import scenario_content
from scenarios.runs.task import Task
from scenarios.scenario_file import Scenario
from scenarios.situation import Situation


def scenario_answer(
    scenario: Scenario, tasks: tuple[Task, ...], channel: Channel, seconds: float
) -> tuple[dict[str, Any], str]:
    """Run a scenario, and compare; with a word for why that ended.

    Parameters
    ----------
    channel
        Hears how many runs are done of all, and may ask to stop: then the runs that are done are
        compared.
    seconds
        After so long it stops by itself.
    """
    began, num_runs = time.monotonic(), len({task.key for task in tasks})

    def on_done(done: int, total: int) -> None:
        spent = round(time.monotonic() - began, 1)
        channel.tell(progress={"seconds": spent, "runs_done": done, "runs": total})

    with watched(channel, (), seconds) as watch:
        outcomes = run_in_turn(tasks, watch.cancel, on_done)
    num_left = num_runs - len(outcomes)
    content = scenario_content(scenario, compared(tasks, outcomes)) | {"left": num_left}
    if not num_left:
        return content, "compared"
    return content, "cancelled" if channel.is_asked_to_stop() else "time_limit"


def changes_answer(given: Given) -> dict[str, Any]:
    """Apply changes: the world as it is then, and what each of them did.

    Raises
    ------
    InvalidInputError
        Everything that is wrong with what the changes name.
    """
    report, worlds = Report(), [Situation(given.dataset, given.policy)]
    applied(worlds[0], given.changes, given.seed, warnings=report, on_applied=worlds.append)
    effects = map(effect_of, (change.kind for change in given.changes), worlds, worlds[1:])
    last = worlds[-1]
    return {
        "dataset": adapter(Dataset).dump_python(last.dataset, mode="json", exclude_defaults=True),
        "policy": policy_content(last.policy),
        "effects": [asdict(effect) for effect in effects],
        "warnings": problem_content([*given.warnings, *report.problems]),
    }
