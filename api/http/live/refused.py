"""What is refused before there is anything to do, or by the store."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from api.content import problem_content as rows_of
from api.http.problems import MEDIA_TYPE, invalid, problem_content
from api.store.answering import Answer, OtherRequestError
from api.store.committing import ChangedError, Difference
from api.store.errors import (
    BreaksError,
    Collision,
    CommittedError,
    NoPlanError,
    NotHeldError,
    NotThereError,
    OtherVersionError,
    RefusalError,
    TakenError,
    UnfitError,
)
from engine.errors import InvalidInputError

_NOTHING_CHANGED = "nothing was changed"
_MOST = 1_000


class Refused(Exception):  # noqa: N818 it is an answer, not a fault
    """Problem details are the answer.

    Parameters
    ----------
    name
        Key of ``PROBLEM_TYPES``.
    detail
        What happened; nothing of what was sent.
    headers
        Further headers.
    """

    def __init__(self, name: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(name)
        self.content = problem_content(name, detail)
        self.headers = headers or {}


def answer_of(content: dict[str, Any], hold_id: str | None = None) -> Answer:
    """Problem details as an answer that can be kept."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Answer(content["status"], {"content-type": MEDIA_TYPE}, text, hold_id)


def refused(error: RefusalError) -> Answer:
    """What is told of a refusal of the store."""
    return answer_of(_content(error))


def invalid_input(error: InvalidInputError) -> dict[str, Any]:
    """What is told of input that cannot be used."""
    return invalid(rows_of(error.problems), error.num_errors)


def _content(error: RefusalError) -> dict[str, Any]:
    match error:
        case OtherRequestError():
            detail = "a key is for one request: make up another"
            return problem_content("idempotency-key-reused", detail)
        case NotThereError():
            return problem_content("no-such-record", _NOTHING_CHANGED)
        case OtherVersionError():
            detail = "read it again, and decide again"
            return problem_content("stale-version", detail, version=error.version)
        case NotHeldError():
            return problem_content("not-held", "it is over, booked already, or another client's")
        case NoPlanError():
            detail = "it is kept for an hour, for who had it made: match again"
            return problem_content("no-such-plan", detail)
        case CommittedError():
            return problem_content("plan-committed", "its appointments are booked already")
        case ChangedError():
            detail = f"{_NOTHING_CHANGED}; match again"
            return problem_content("world-changed", detail, **difference_content(error.difference))
        case BreaksError():
            members = [collision_content(row) for row in error.collisions]
            return problem_content("would-break", _NOTHING_CHANGED, collisions=members)
        case TakenError():
            return problem_content("place-taken", _NOTHING_CHANGED, taken=taken_kinds(error))
        case UnfitError():
            return _unfit(error)
    return problem_content("internal", _NOTHING_CHANGED)


def taken_kinds(error: TakenError) -> list[str]:
    """Of what there is not enough."""
    return sorted({row.kind for row in error.collisions})


def collision_content(row: Collision) -> dict[str, Any]:
    """A collision by its appointments."""
    return {
        "appointment_id": row.appointment_id,
        "kind": row.kind,
        "start": row.start.isoformat(),
        "end": row.end.isoformat(),
        "with": list(row.with_ids),
    }


def difference_content(found: Difference) -> dict[str, Any]:
    """All that stands between a plan and the world, by whom and what; of very much, the first."""
    rows: dict[str, list[Any]] = {
        "changed": [{"kind": kind, "id": id} for kind, id in found.changed],
        "gone": [*found.gone],
        "placed": [{"request_id": id, "appointment_id": has} for id, has in found.placed],
        "taken": [{"request_id": id} | _taken(row) for id, row in found.taken],
        "broken": [asdict(row) for row in found.broken],
    }
    counted = {name: len(some) for name, some in rows.items()}
    return {"counts": counted, "against": {name: some[:_MOST] for name, some in rows.items()}}


def _taken(row: Collision) -> dict[str, Any]:
    content = collision_content(row)
    del content["appointment_id"]  # of one that is not made
    return content


def _unfit(error: UnfitError) -> dict[str, Any]:
    if any(row.code == "two_places" for row in error.problems):
        return problem_content("has-a-place", "move it, or cancel it first")
    rows = [row | {"path": _path(row["path"])} for row in rows_of(error.problems)]
    return invalid(rows, len(rows))


def _path(path: str) -> str:
    """Where it is in the body: that is one record, or says where an appointment is to be."""
    first, *rest = path.strip("/").split("/")
    if first == "appointments":
        return "/place"
    return "/".join(["", first, *rest] if first == "place" else ["", *rest[1:]])
