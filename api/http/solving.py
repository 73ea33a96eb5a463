"""What a solver process does: bytes in, bytes out."""

from __future__ import annotations

import json
import signal
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from api.content import problem_content, result_content
from engine.domain import Dataset
from engine.domain.fields import Flag
from engine.domain.record import record
from engine.errors import InternalError, InvalidInputError
from engine.interchange.dataset import dataset_from
from engine.interchange.json_text import UNREADABLE, parse_json
from engine.interchange.policy_file import policy_from
from engine.interchange.validation import read_record
from engine.match import match
from engine.policy import Policy
from engine.problems import Problem, Report
from engine.solve.limits import Limits

try:
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]

DEFAULT_SECONDS = 10.0

Seconds = Annotated[float, Field(strict=True, ge=0, le=30, allow_inf_nan=False)]


@record
class RequestedLimits:
    """Limits of one match."""

    seconds: Seconds = DEFAULT_SECONDS
    """Wall time; the plan is judged on top of it."""
    workers: Annotated[int, Field(strict=True, ge=1, le=64)] = 1
    """Components solved side by side."""
    seed: Annotated[int, Field(strict=True, ge=0, lt=1 << 31)] = 0
    """Seed of every solver."""
    deterministic: Flag = False
    """Let no clock decide: ``seconds`` is then the solver's own unit of work."""


@record
class MatchRequest:
    """A match with its dataset inside."""

    dataset: Dataset
    """The booking world: the open requests in it are placed."""
    policy: dict[str, Any] | None = None
    """Rules and parameters over the defaults, as ``slotmatch policy --json`` prints them."""
    limits: RequestedLimits = RequestedLimits()
    """How long it may take."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a solver process answers.

    Parameters
    ----------
    kind
        Done: ``body`` is the response. Invalid: ``problems`` say why. Failed: a fault of ours.
    body
        JSON text.
    problems
        Findings as plain values.
    num_errors
        Number of errors found, more than are listed where there are many of a kind.
    """

    kind: Literal["done", "invalid", "failed"]
    body: bytes = b""
    problems: Sequence[dict[str, Any]] = ()
    num_errors: int = 0


def prepare_process(max_bytes: int) -> None:
    """Leave interrupts to the parent, which decides what becomes of a solve; bound memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (max_bytes, max_bytes))


def solve_match(raw: bytes) -> Outcome:
    """Read a ``MatchRequest``, match it, and write the response."""
    try:
        return Outcome("done", json.dumps(_match(raw), ensure_ascii=False).encode())
    except InvalidInputError as error:
        problems = problem_content(error.problems)
        return Outcome("invalid", problems=problems, num_errors=error.num_errors)
    except InternalError as error:
        return Outcome("failed", problems=[{"code": type(error).__name__}])


def _match(raw: bytes) -> dict[str, Any]:
    report = Report()
    content = parse_json(raw, "/", report)
    if content is UNREADABLE:
        raise InvalidInputError(report.problems)
    if not isinstance(content, dict):
        raise InvalidInputError([Problem("wrong_type", "/", "the body must be an object")])
    problems = [
        Problem("unknown_field", f"/{key}", "one of dataset, policy, limits expected")
        for key in content.keys() - {"dataset", "policy", "limits"}
    ]
    limits = read_record(RequestedLimits, content.get("limits", {}), "/limits", report)
    policy, found = _policy(content.get("policy"))
    problems += [*report.problems, *found]
    if "dataset" not in content:
        problems.append(Problem("missing_field", "/dataset", "the field is required"))
        raise InvalidInputError(problems)
    urgencies = None if policy is None else policy.urgencies.names
    try:
        dataset, warnings = dataset_from(content["dataset"], urgencies, "/dataset")
    except InvalidInputError as error:
        counts = error.counts + Counter((row.severity, row.code) for row in problems)
        raise InvalidInputError([*problems, *error.problems], counts) from error
    if problems or limits is None or policy is None:
        raise InvalidInputError(problems)
    result = match(dataset, policy, _limits(limits))
    return result_content(result) | {"warnings": problem_content(warnings.problems)}


def _policy(content: Any) -> tuple[Policy | None, Sequence[Problem]]:
    """The policy asked for; ``None`` and the reasons where it cannot be used."""
    if content is None:
        return Policy.default(), ()
    if not isinstance(content, dict):
        return None, [Problem("wrong_type", "/policy", "must be an object")]
    try:
        return policy_from(content, "/policy"), ()
    except InvalidInputError as error:
        return None, error.problems


def _limits(asked: RequestedLimits) -> Limits:
    return Limits(
        seconds=asked.seconds,
        workers=asked.workers,
        seed=asked.seed,
        deterministic=asked.deterministic,
        deterministic_seconds=asked.seconds,
    )
