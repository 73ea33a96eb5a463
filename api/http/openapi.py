"""The OpenAPI document: bodies that are read as bytes, described all the same."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, get_args

from fastapi import FastAPI

from api.http.asking import FindRequest, MatchRequest
from api.http.jobs import STATES
from api.http.problems import MEDIA_TYPE, PROBLEM_TYPES, urn
from engine.interchange.found_places import FoundDocument
from engine.interchange.plan_file import PlanRow
from engine.interchange.validation import adapter
from engine.solve.certificate import MOST_NAMED, LevelStatus
from engine.solve.solved import StopReason

_REF = "#/components/schemas/{model}"


def example_dataset() -> dict[str, Any]:
    """The small clinic that stands in the documentation."""
    text = files("scenarios").joinpath("examples/small_clinic.json").read_text("utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


def _ref(name: str) -> dict[str, str]:
    return {"$ref": _REF.format(model=name)}


def _answers(*names: str) -> dict[int | str, dict[str, Any]]:
    """Problem details by status."""
    found: dict[int | str, dict[str, Any]] = {}
    for name in names:
        kind = PROBLEM_TYPES[name]
        example = {"type": urn(name), "title": kind.title, "status": kind.status, "detail": "…"}
        content = {MEDIA_TYPE: {"schema": _ref("ProblemDetails"), "example": example}}
        found.setdefault(kind.status, {"description": kind.title, "content": content})
    return found


_JSON = "application/json"

_JOB_ID = "Not to be guessed: who knows it may read the result."

MATCH_DOCS: dict[str, Any] = {
    "summary": "Match requests with free slots",
    "description": "Places the open requests of an inline dataset, or some requests against the "
    "dataset that the service holds, and answers with the plan, its certificate and its "
    "measures. The plan is verified by rules written a second time before it is sent. Above 30 "
    "seconds, or with `Prefer: respond-async`, the answer is 202 and a job.",
    "openapi_extra": {
        "parameters": [
            {
                "name": "Prefer",
                "in": "header",
                "schema": {"type": "string", "examples": ["respond-async"]},
            }
        ],
        "requestBody": {
            "required": True,
            "content": {
                _JSON: {
                    "schema": _ref("MatchRequest"),
                    "examples": {
                        "small clinic": {
                            "value": {"dataset": example_dataset(), "limits": {"seconds": 5}}
                        }
                    },
                }
            },
        },
    },
    "responses": {
        200: {
            "description": "A verified plan",
            "content": {_JSON: {"schema": _ref("MatchResponse")}},
        },
        202: {
            "description": "A job; it is at the address in `Location`",
            "content": {_JSON: {"schema": _ref("Job")}},
        },
        **_answers("invalid-request", "body-too-large", "body-too-slow", "busy", "internal"),
    },
}

FIND_DOCS: dict[str, Any] = {
    "summary": "Find the best places for one request",
    "description": "Ranks what is free in the dataset that the service holds, by the same rules "
    "and prices as a match, for a request of the dataset or one that comes along. Every place is "
    "verified by rules written a second time before it is sent; none is held.",
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {
                _JSON: {
                    "schema": _ref("FindRequest"),
                    "examples": {
                        "a request of the small clinic": {
                            "value": {"request_id": "ann-ear", "k": 3}
                        }
                    },
                }
            },
        },
    },
    "responses": {
        200: {
            "description": "The best places, and why there is none where there is none",
            "content": {_JSON: {"schema": _ref("FoundDocument")}},
        },
        **_answers(
            "invalid-request", "body-too-large", "body-too-slow", "busy", "internal", "no-dataset"
        ),
    },
}

_JOB_ANSWER = {"description": "The job", "content": {_JSON: {"schema": _ref("Job")}}}

JOB_DOCS: dict[str, Any] = {
    "summary": "Where a job is",
    "description": "Once it is over, with what came of it; an hour later it is forgotten.",
    "responses": {200: _JOB_ANSWER, **_answers("no-such-job")},
}

CANCEL_DOCS: dict[str, Any] = {
    "summary": "Stop a job with the best it has",
    "description": "Answers when it has stopped, or 202 where that takes longer than a moment. A "
    "job that is over stays as it is.",
    "responses": {200: _JOB_ANSWER, 202: _JOB_ANSWER, **_answers("no-such-job")},
}

EVENT_DOCS: dict[str, Any] = {
    "summary": "Watch a job",
    "description": "Server-sent events: `progress`, with the job as data, whenever there is some; "
    "`end` when it is over. The result is read at the address of the job.",
    "responses": {
        200: {"description": "Events", "content": {"text/event-stream": {}}},
        **_answers("no-such-job"),
    },
}

_LEVELS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "unit": {"type": "string"},
            "value": {"type": "integer"},
            "bound": {"type": "integer"},
            "gap": {"type": "integer"},
            "relative_gap": {"type": "number"},
            "status": {"type": "string", "enum": list(get_args(LevelStatus))},
        },
    },
}

_RESPONSE = {
    "type": "object",
    "required": ["certificate", "measures", "plan", "warnings"],
    "properties": {
        "certificate": {
            "type": "object",
            "description": "Per level: value, bound, gap and status; why the solve ended; which "
            "components are not proven; what it was made with.",
            "required": ["levels", "stopped", "components", "open_components", "open_named"],
            "properties": {
                "levels": _LEVELS,
                "stopped": {"type": "string", "enum": list(get_args(StopReason))},
                "components": {"type": "integer"},
                "open_components": {"type": "integer"},
                "open_named": {
                    "type": "array",
                    "maxItems": MOST_NAMED,
                    "description": "The open ones, the largest first; of more, only their "
                    "number is said.",
                    "items": {
                        "type": "object",
                        "properties": {
                            "first_request": {"type": "string"},
                            "specialty": {"type": ["string", "null"]},
                            "requests": {"type": "integer"},
                            "path": {"type": "string"},
                            "levels": _LEVELS,
                        },
                    },
                },
            },
        },
        "measures": {"type": "object", "description": "Measures of the field."},
        "no_candidate_by_rule": {
            "type": "object",
            "additionalProperties": {"type": "integer"},
            "description": "Requests without any candidate, by the rule that took the last one.",
        },
        "prior_violations": {
            "type": "array",
            "items": {"type": "object"},
            "description": "Rules that appointments broke before.",
        },
        "warnings": {"type": "array", "items": {"type": "object"}},
        "plan": {"type": "array", "items": _ref("PlanRow")},
    },
}

_INSTANT = {"type": "string", "format": "date-time"}

_JOB = {
    "type": "object",
    "required": ["id", "kind", "state", "created", "cancel_requested"],
    "properties": {
        "id": {"type": "string", "description": _JOB_ID},
        "kind": {"type": "string", "enum": ["match"]},
        "state": {"type": "string", "enum": list(STATES)},
        "created": _INSTANT,
        "started": _INSTANT,
        "ended": _INSTANT,
        "expires": _INSTANT,
        "cancel_requested": {"type": "boolean"},
        "progress": {
            "type": "object",
            "description": "Seconds, components proven of all, and value and bound per level.",
        },
        "problem": _ref("ProblemDetails"),
        "result": _ref("MatchResponse"),
    },
}

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "enum": [urn(name) for name in PROBLEM_TYPES]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "path", "message", "severity"],
                "properties": {
                    "code": {"type": "string"},
                    "path": {"type": "string"},
                    "message": {"type": "string"},
                    "severity": {"type": "string", "enum": ["error", "warning"]},
                },
            },
        },
    },
}


def document(app: FastAPI) -> None:
    """Add the schemas that routes refer to."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        content = generate()
        schemas = content.setdefault("components", {}).setdefault("schemas", {})
        for record_type in (MatchRequest, FindRequest, PlanRow, FoundDocument):
            schema = adapter(record_type).json_schema(ref_template=_REF)
            schemas |= schema.pop("$defs", {})
            schemas[record_type.__name__] = schema
        schemas |= {"MatchResponse": _RESPONSE, "Job": _JOB, "ProblemDetails": _PROBLEM}
        return content

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to extend it
