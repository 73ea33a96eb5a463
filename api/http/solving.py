"""What a solver process does: bytes in, bytes out."""

from __future__ import annotations

import json
import math
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from api.content import problem_content, result_content
from api.http.asking import MatchRequest, RequestedLimits, read_body, read_limits, read_match
from api.http.channel import Channel
from api.http.faults import frames_of
from api.http.finding import Held, find_in
from api.http.repairing import RepairRequest, read_repair
from api.http.waiting import Waiting
from api.http.watching import watched
from api.http.what_if import judge_scenario, read_changes, read_scenario_sent
from api.http.what_if_answers import changes_answer, scenario_answer
from api.repair_measures import RepairMeasures
from api.store.planned import Draft
from engine.domain import Dataset
from engine.errors import InternalError, InvalidInputError
from engine.interchange.found_places import found_content
from engine.match import match
from engine.repair.account import Account
from engine.repair.content import repair_content
from engine.repair.repair import mend

try:
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]

_SLACK_SECONDS = 5.0  # a search that keeps to its time by itself is not stopped
_NICENESS = 10  # the service answers before its solvers compute

MATCH_MEMBERS = tuple(MatchRequest.__dataclass_fields__)
REPAIR_MEMBERS = tuple(RepairRequest.__dataclass_fields__)


Kind = Literal["match", "plan", "repair", "scenario", "judge", "changes", "find", "prepare"]


@dataclass(frozen=True, slots=True)
class Task:
    """What a solver process is given.

    Parameters
    ----------
    kind
        What to do; plan: match those who wait in a store; judge: say what is wrong with a
        scenario before it is a job; prepare: whatever later finds need.
    raw
        The body of the request; of a plan, a ``Waiting``.
    max_seconds
        The most that its limits may ask for; more is a job, or refused.
    """

    kind: Kind
    raw: bytes
    max_seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a solver process answers.

    Parameters
    ----------
    kind
        Done: ``body`` is the response. Invalid: ``problems`` say why. Too long: it asks for
        more time than it may have. Failed: a fault of ours.
    body
        JSON text.
    problems
        Findings as plain values.
    num_errors
        Number of errors found, more than are listed where there are many of a kind.
    facts
        Numbers and words for metrics and logs; of a fault, its type and where it was raised.
    draft
        What can be committed of it in a store, to be kept there.
    """

    kind: Literal["done", "invalid", "too_long", "failed"]
    body: bytes = b""
    problems: Sequence[dict[str, Any]] = ()
    num_errors: int = 0
    facts: dict[str, Any] = field(default_factory=dict)
    draft: str = ""


class _Process:
    """What a solver process keeps between its tasks."""

    held: Held | None = None


def prepare_process(max_bytes: int, held: Dataset | None) -> None:
    """Leave interrupts to the parent, which decides what becomes of a solve; bound memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(_NICENESS)
    if resource is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)  # nobody may raise that
        most = max_bytes if hard == resource.RLIM_INFINITY else min(max_bytes, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    _Process.held = None if held is None else Held(held)


def run_task(task: Task, folder: str) -> Outcome:
    """Do a task; no exception leaves, since its text could hold what a dataset says."""
    try:
        return _DOES[task.kind](task, Channel(Path(folder)))
    except InvalidInputError as error:
        problems = problem_content(error.problems)
        return Outcome("invalid", problems=problems, num_errors=error.num_errors)
    except MemoryError:
        raise  # the process ends with it
    except Exception as error:  # noqa: BLE001 every fault is told without its text
        return Outcome("failed", facts={"fault": type(error).__name__, "at": frames_of(error)})


def _match(task: Task, channel: Channel) -> Outcome:
    content, problems = read_body(task.raw, MATCH_MEMBERS)
    asked, of_limits = read_limits(content)
    if asked is not None and asked.seconds > task.max_seconds:
        return Outcome("too_long")
    dataset, policy, warnings = read_match(content, _held_dataset(), [*problems, *of_limits])
    if asked is None:
        raise InvalidInputError(of_limits)
    with watched(channel, policy.levels, _patience(asked, task, channel)) as watch:
        result = match(
            dataset, policy, asked.as_limits(), cancel=watch.cancel, on_progress=watch.on_progress
        )
    answer = result_content(result) | {"warnings": problem_content(warnings.problems)}
    return Outcome("done", _text(answer), facts=_facts(answer))


def _plan(task: Task, channel: Channel) -> Outcome:
    asked = Waiting.read(task.raw)
    dataset, spoken_of = asked.chosen(asked.moment.world())
    limits, policy = asked.limits, asked.policy
    with watched(channel, policy.levels, _patience(limits, task, channel)) as watch:
        result = match(
            dataset, policy, limits.as_limits(), cancel=watch.cancel, on_progress=watch.on_progress
        )
    answer = result_content(result)
    facts = _facts(answer)
    answer |= {
        "plan_id": asked.plan_id,
        "revision": asked.moment.sequence,
        "as_of": asked.moment.as_of.isoformat(),
        "plan": [row for row in answer["plan"] if row["request_id"] in spoken_of],
        "warnings": [],
    }
    draft = Draft.of(asked.moment.sequence, dataset, result)
    return Outcome("done", _text(answer), facts=facts, draft=draft.text())


def _facts(answer: dict[str, Any]) -> dict[str, Any]:
    """Of a match, for metrics and logs."""
    measures = answer["measures"]
    names = ("requests", "placed", "no_candidate")
    stopped = {"stopped": answer["certificate"]["stopped"]}
    return stopped | {name: measures[name] for name in names}


def _repair(task: Task, channel: Channel) -> Outcome:
    content, problems = read_body(task.raw, REPAIR_MEMBERS)
    asked, of_limits = read_limits(content)
    if asked is not None and asked.seconds > task.max_seconds:
        return Outcome("too_long")
    given = read_repair(content, _held_dataset(), [*problems, *of_limits])
    if asked is None:
        raise InvalidInputError(of_limits)
    levels = given.policy.for_repair(0).levels
    with watched(channel, levels, _patience(asked, task, channel)) as watch:
        limits = asked.as_limits()
        found = mend(
            given.aftermath,
            given.policy,
            given.extent,
            given.wanted.limits_of_repair(limits),
            planned=None if given.answered is None else given.answered.planned,
            cancel=watch.cancel,
            on_progress=watch.on_progress,
        )
        answer = Account.of(found, given.wanted, limits, watch.cancel)
    content = repair_content(answer, given.answered, RepairMeasures.of(answer).content)
    content |= {"warnings": problem_content(given.warnings)}
    return Outcome("done", _text(content), facts={"stopped": answer.stopped})


def _patience(asked: RequestedLimits, task: Task, channel: Channel) -> float:
    """Seconds after which a solve is asked to stop; the service hears how many it was given."""
    by_clock = not asked.deterministic
    channel.tell(seconds=asked.seconds if by_clock else task.max_seconds)
    return asked.seconds + _SLACK_SECONDS if by_clock else math.inf


def _held_dataset() -> Dataset | None:
    return None if _Process.held is None else _Process.held.dataset


def _scenario(task: Task, channel: Channel) -> Outcome:
    scenario, tasks = read_scenario_sent(task.raw, _held_dataset())
    channel.tell(seconds=task.max_seconds)
    content, word = scenario_answer(scenario, tasks, channel, task.max_seconds)
    return Outcome("done", _text(content), facts={"stopped": word})


def _judge(task: Task, channel: Channel) -> Outcome:
    channel.tell(seconds=task.max_seconds)
    num_runs = judge_scenario(task.raw, _held_dataset())
    return Outcome("done", facts={"stopped": "judged", "runs": num_runs})


def _changes(task: Task, channel: Channel) -> Outcome:
    channel.tell(seconds=task.max_seconds)
    content = changes_answer(read_changes(task.raw, _held_dataset()))
    return Outcome("done", _text(content), facts={"stopped": "changed"})


def _text(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def _find(task: Task, channel: Channel) -> Outcome:
    channel.tell(seconds=task.max_seconds)
    found = find_in(_held(), task.raw)
    stopped = "found" if found.places else "none"
    return Outcome("done", _text(found_content(found)), facts={"stopped": stopped})


def _prepare(_task: Task, _channel: Channel) -> Outcome:
    _held().prepare()
    return Outcome("done", facts={"stopped": "prepared"})


def _held() -> Held:
    if _Process.held is None:
        raise InternalError("a find in a process that holds no dataset")
    return _Process.held


_DOES: dict[str, Callable[[Task, Channel], Outcome]] = {
    "match": _match,
    "plan": _plan,
    "repair": _repair,
    "scenario": _scenario,
    "judge": _judge,
    "changes": _changes,
    "find": _find,
    "prepare": _prepare,
}
