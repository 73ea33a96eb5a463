"""Problem details (RFC 9457): every error the API answers, in one table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi.responses import JSONResponse

from api.http.asking import FindRequest, MatchRequest
from api.http.live.bodies import LIVE_BODIES
from api.http.repairing import RepairRequest
from api.http.solving import Outcome
from api.http.what_if import ChangesRequest
from engine.interchange.policy_file import policy_content
from engine.interchange.validation import adapter
from engine.policy import Policy
from engine.problems import CODES
from scenarios.scenario_file import scenario_schema

MEDIA_TYPE = "application/problem+json"

KILLED = "nothing was changed; a smaller problem may work"
FAILED = "the plan did not pass its own judges, or the solver failed"

_UNKNOWN = "*"  # stands for a name that only the body knows
_DIGITS_SWEPT = 5  # places in a list of swept values are below 10,000


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of error.

    Parameters
    ----------
    status
        HTTP status.
    title
        What it is, the same every time.
    """

    status: int
    title: str


PROBLEM_TYPES: dict[str, ProblemType] = {
    "invalid-request": ProblemType(422, "The request cannot be used"),
    "body-too-large": ProblemType(413, "The body is larger than the service accepts"),
    "body-too-slow": ProblemType(408, "The body did not arrive in time"),
    "unauthorized": ProblemType(401, "A key is needed"),
    "forbidden": ProblemType(403, "The key is not for this"),
    "too-many-requests": ProblemType(429, "There are too many requests"),
    "keys-unreadable": ProblemType(503, "The keys of the store cannot be read"),
    "not-found": ProblemType(404, "There is nothing at this address"),
    "no-such-job": ProblemType(404, "There is no such job, or not any more"),
    "no-dataset": ProblemType(404, "The service holds no dataset"),
    "method-not-allowed": ProblemType(405, "This address does not answer this method"),
    "bad-request": ProblemType(400, "The request is malformed"),
    "no-store": ProblemType(404, "The service has no store"),
    "no-such-record": ProblemType(404, "The store has no such record"),
    "missing-idempotency-key": ProblemType(400, "The request needs an Idempotency-Key"),
    "bad-idempotency-key": ProblemType(400, "The Idempotency-Key is none"),
    "idempotency-key-reused": ProblemType(422, "The Idempotency-Key was used for another request"),
    "missing-precondition": ProblemType(428, "The request needs If-Match, or If-None-Match: *"),
    "bad-precondition": ProblemType(400, "The precondition is not one strong entity tag"),
    "stale-version": ProblemType(412, "Somebody has changed it since"),
    "bad-cursor": ProblemType(400, "The cursor is none of this list"),
    "place-taken": ProblemType(409, "Something at the place is promised already"),
    "hold-over": ProblemType(409, "The hold is over"),
    "not-held": ProblemType(409, "There is no such hold of this client"),
    "has-a-place": ProblemType(409, "The request has a place, or one is held for it"),
    "would-break": ProblemType(409, "Appointments that are promised would lose their places"),
    "no-such-plan": ProblemType(404, "There is no such plan, or not any more"),
    "plan-committed": ProblemType(409, "The plan was committed before"),
    "world-changed": ProblemType(409, "The world is another than the plan was made for"),
    "too-many-holds": ProblemType(429, "The client holds as many places as it may"),
    "store-busy": ProblemType(503, "The store is busy"),
    "store-full": ProblemType(503, "The store's disk is full"),
    "store-failed": ProblemType(503, "The store could not do it"),
    "busy": ProblemType(503, "All solver processes are busy"),
    "stopping": ProblemType(503, "The service ends"),
    "solver-killed": ProblemType(500, "The solver process died or was killed"),
    "internal": ProblemType(500, "The service made a mistake"),
}
"""Every problem type by the last part of its URN."""

_OF_STATUS = {404: "not-found", 405: "method-not-allowed", 413: "body-too-large"}


def urn(name: str) -> str:
    """The ``type`` of a problem."""
    return f"urn:slotmatch:problem:{name}"


def name_of_status(status: int) -> str:
    """Problem type of a bare HTTP status."""
    return _OF_STATUS.get(status, "bad-request" if status < 500 else "internal")


def problem_content(name: str, detail: str, **members: Any) -> dict[str, Any]:
    """Problem details as plain values.

    Parameters
    ----------
    name
        Key of ``PROBLEM_TYPES``.
    detail
        What happened this time; nothing of what was sent.
    members
        Further members.
    """
    kind = PROBLEM_TYPES[name]
    content = {"type": urn(name), "title": kind.title, "status": kind.status, "detail": detail}
    return content | members


def problem(name: str, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """Answer with problem details."""
    return answer(problem_content(name, detail), headers)


def answer(content: dict[str, Any], headers: dict[str, str] | None = None) -> JSONResponse:
    """Answer with problem details that are there already."""
    return JSONResponse(content, content["status"], headers, MEDIA_TYPE)


def refusal(outcome: Outcome) -> dict[str, Any]:
    """Problem details of input that cannot be used, without anything that it says.

    Every error has its code, the rule it breaks, and a path of known names and numbers; the
    value is at that path. The command line shows values too.
    """
    return invalid(outcome.problems, outcome.num_errors)


def invalid(problems: Sequence[dict[str, Any]], num_errors: int) -> dict[str, Any]:
    """The same of findings as plain values."""
    errors = [_without_values(row) for row in problems if row["severity"] == "error"]
    first = errors[0]
    detail = f"{first['path']}: {first['message']} (errors found: {num_errors})"
    return problem_content("invalid-request", detail, errors=errors)


def _without_values(row: dict[str, Any]) -> dict[str, Any]:
    parts = row["path"].split("/")
    is_swept = parts[1:2] == ["sweep"]
    pairs = zip(["", *parts], parts, strict=False)
    shown = [_shown(part, before, is_swept=is_swept) for before, part in pairs]
    return {
        "code": row["code"],
        "path": "/".join(shown) or "/",
        "message": CODES[row["code"]],
        "severity": row["severity"],
    }


def _shown(part: str, before: str, *, is_swept: bool) -> str:
    """A part of a path, where it is a name of ours, or a number in a list; a sweep has a list of
    values for any name.
    """
    lists, names = known_names()
    is_number = part.isascii() and part.isdigit()
    if is_swept and is_number and len(part) < _DIGITS_SWEPT:
        return part if before in names else _UNKNOWN
    return part if (before in lists if is_number else part in names) else _UNKNOWN


@cache
def known_names() -> tuple[frozenset[str], frozenset[str]]:
    """Names of lists, and every name that the path of a problem may show: of members of bodies,
    fields of records, and rules. What is a table in a policy counts as no list, also where
    something else of that name is one: its keys may be numbers.
    """
    kinds = (MatchRequest, RepairRequest, ChangesRequest, FindRequest, *LIVE_BODIES)
    schemas = [scenario_schema(), *(adapter(kind).json_schema() for kind in kinds)]
    found = [pair for schema in schemas for pair in _properties(schema)]
    lists = frozenset(name for name, schema in found if _holds_list(schema))
    named, policy = (name for name, _ in found), policy_content(Policy.default())
    tables = (name for name, value in policy.items() if isinstance(value, dict))
    return lists.difference(tables), frozenset(("", *named, *_keys(policy)))


def _properties(schema: Any) -> Iterator[tuple[str, Any]]:
    """Properties anywhere in a JSON Schema: names, and what they are."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {}).items()
        for part in schema.values():
            yield from _properties(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _properties(part)


def _holds_list(schema: Any) -> bool:
    branches = [schema, *schema.get("anyOf", ()), *schema.get("oneOf", ())]
    return any(branch.get("type") == "array" for branch in branches)


def _keys(content: Any) -> Iterator[str]:
    """Keys anywhere in nested objects."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield key
            yield from _keys(value)
