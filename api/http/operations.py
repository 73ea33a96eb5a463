"""What the OpenAPI document says of each address."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from fastapi.responses import PlainTextResponse

from api.http.problems import MEDIA_TYPE, PROBLEM_TYPES, urn

REF = "#/components/schemas/{model}"


def example_dataset() -> dict[str, Any]:
    """The small clinic that stands in the documentation."""
    text = files("scenarios").joinpath("examples/small_clinic.json").read_text("utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


def ref(name: str) -> dict[str, str]:
    """Refer to a schema by its name."""
    return {"$ref": REF.format(model=name)}


def answers(*names: str) -> dict[int | str, dict[str, Any]]:
    """Problem details by status."""
    found: dict[int | str, dict[str, Any]] = {}
    for name in names:
        kind = PROBLEM_TYPES[name]
        example = {"type": urn(name), "title": kind.title, "status": kind.status, "detail": "…"}
        content = {MEDIA_TYPE: {"schema": ref("ProblemDetails"), "example": example}}
        found.setdefault(kind.status, {"description": kind.title, "content": content})
    return found


JSON = "application/json"


def answer(description: str, model: str) -> dict[str, Any]:
    """An answer by what it holds."""
    return {"description": description, "content": {JSON: {"schema": ref(model)}}}


def body(model: str, example: str, value: Any) -> dict[str, Any]:
    """What is sent, with an example to try, by its name."""
    content = {"schema": ref(model), "examples": {example: {"value": value}}}
    return {"requestBody": {"required": True, "content": {JSON: content}}}


ACCEPTED = answer("A job; it is at the address in `Location`", "Job")

REFUSED = answers("invalid-request", "body-too-large", "body-too-slow", "busy", "internal")
"""What a body can meet with wherever it is sent."""

JOB_ID = "Not to be guessed; for every other key there is no such job."

PREFER = {
    "parameters": [
        {
            "name": "Prefer",
            "in": "header",
            "schema": {"type": "string", "examples": ["respond-async"]},
        }
    ]
}

_BOOKED = {
    "id": "cleo-tuesday",
    "request_id": "cleo-ear",
    "role_id": "bell-midtown",
    "start": "2026-03-10T09:00:00-04:00",
    "end": "2026-03-10T09:30:00-04:00",
}

_ABSENCE = {
    "dataset": example_dataset() | {"appointments": [_BOOKED]},
    "disruptions": [
        {
            "kind": "doctor_absent",
            "doctor_id": "dr-bell",
            "start": "2026-03-10T09:00:00-04:00",
            "end": "2026-03-10T10:00:00-04:00",
        }
    ],
    "max_additional": 1,
    "limits": {"seconds": 5},
}

MATCH_DOCS: dict[str, Any] = {
    "summary": "Match requests with free slots",
    "description": "Places the open requests of an inline dataset, or some requests against the "
    "dataset that the service holds, or those who wait in its store, and answers with the plan, "
    "its certificate and its measures. The plan is verified by rules written a second time before "
    "it is sent. Of a store "
    "it has a `plan_id`, to commit it by, and the `revision` of the store that it was made of; the "
    "policy is the store's. Above 30 seconds, or with `Prefer: respond-async`, the answer is 202 "
    "and a job.",
    "openapi_extra": PREFER
    | {
        "requestBody": {
            "required": True,
            "content": {
                JSON: {
                    "schema": {"anyOf": [ref("MatchRequest"), ref("LiveMatchRequest")]},
                    "examples": {
                        "small clinic": {
                            "value": {"dataset": example_dataset(), "limits": {"seconds": 5}}
                        },
                        "those who wait in the store": {"value": {"limits": {"seconds": 5}}},
                    },
                }
            },
        }
    },
    "responses": {
        200: answer("A verified plan", "MatchResponse"),
        202: ACCEPTED,
        **REFUSED,
        **answers("no-dataset"),
    },
}

REPAIR_DOCS: dict[str, Any] = {
    "summary": "Mend what an event breaks",
    "description": "Lets events happen to an inline dataset, or to the dataset that the service "
    "holds, and answers with who is forced and who collides, and with the plans that leave the "
    "fewest people without a place while they displace no more than so many others: the "
    "frontier, each plan with its certificate and everybody whom it tells another place. Nothing "
    "is changed by it. Instead of events, a dataset of before says what was lost. What was offered "
    "earlier and what people answered comes with the request: nothing is kept between two. Every "
    "plan is verified by rules written a second time before it is sent. "
    "Above 30 seconds, or with `Prefer: respond-async`, the answer is 202 and a job.",
    "openapi_extra": PREFER
    | body("RepairRequest", "a doctor of the small clinic is away", _ABSENCE),
    "responses": {200: answer("Verified plans", "RepairResponse"), 202: ACCEPTED, **REFUSED},
}

FIND_BEHIND = {
    "Find-Behind": {
        "description": "`true`: the index of the store does not know of every record yet; of "
        "appointments and holds it does, unless very many came at once.",
        "schema": {"type": "string", "const": "true"},
    }
}

FIND_DOCS: dict[str, Any] = {
    "summary": "Find the best places for one request",
    "description": "Ranks what is free in the dataset that the service holds, by the same rules "
    "and prices as a match, for a request of the dataset or one that comes along. Every place is "
    "verified by rules written a second time before it is sent; none is held, and nothing is "
    "written. With `group_by` the answer has the best places of the next days, or of the best "
    "doctors. Where there are fewer places than asked for, it says what every rule leaves; where "
    "there is none, the next one after the window. Where the service has a store, its requests are "
    "known, the policy is the store's, and none is taken.",
    "openapi_extra": body(
        "FindRequest", "a request of the small clinic", {"request_id": "ann-ear", "k": 3}
    ),
    "responses": {
        200: answer("The best places, and why there is none where there is none", "FoundDocument")
        | {"headers": FIND_BEHIND},
        **REFUSED,
        **answers("no-dataset", "store-busy", "store-failed"),
    },
}

_JOB_ANSWER = answer("The job", "Job")

JOB_DOCS: dict[str, Any] = {
    "summary": "Where a job is",
    "description": "Once it is over, with what came of it; an hour later it is forgotten.",
    "responses": {200: _JOB_ANSWER, **answers("no-such-job")},
}

CANCEL_DOCS: dict[str, Any] = {
    "summary": "Stop a job with the best it has",
    "description": "Answers when it has stopped, or 202 where that takes longer than a moment. A "
    "job that is over stays as it is.",
    "responses": {200: _JOB_ANSWER, 202: _JOB_ANSWER, **answers("no-such-job")},
}

EVENT_DOCS: dict[str, Any] = {
    "summary": "Watch a job",
    "description": "Server-sent events: `progress`, with the job as data, whenever there is some; "
    "`end` when it is over. The result is read at the address of the job.",
    "responses": {
        200: {"description": "Events", "content": {"text/event-stream": {}}},
        **answers("no-such-job"),
    },
}

LIVE_DOCS: dict[str, Any] = {"summary": "Is the process alive?"}

READY_DOCS: dict[str, Any] = {
    "summary": "Are matches taken?",
    "description": "A process that only lives is not ready.",
    "responses": answers("busy"),
}

METRICS_DOCS: dict[str, Any] = {
    "summary": "What was counted?",
    "description": "Counters for Prometheus.",
    "response_class": PlainTextResponse,
}
