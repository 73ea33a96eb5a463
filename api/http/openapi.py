"""The OpenAPI document: bodies that are read as bytes, described all the same."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from fastapi import FastAPI

from api.http.problems import MEDIA_TYPE, PROBLEM_TYPES, urn
from api.http.solving import MatchRequest
from engine.interchange.plan_file import PlanRow
from engine.interchange.validation import adapter

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


MATCH_DOCS: dict[str, Any] = {
    "summary": "Match an inline dataset",
    "description": "Places the open requests and answers with the plan, its certificate and its "
    "measures. The plan is verified by rules written a second time before it is sent.",
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": _ref("MatchRequest"),
                    "examples": {
                        "small clinic": {
                            "value": {"dataset": example_dataset(), "limits": {"seconds": 5}}
                        }
                    },
                }
            },
        }
    },
    "responses": {
        200: {
            "description": "A verified plan",
            "content": {"application/json": {"schema": _ref("MatchResponse")}},
        },
        **_answers("invalid-request", "body-too-large", "body-too-slow", "busy", "internal"),
    },
}

_RESPONSE = {
    "type": "object",
    "required": ["certificate", "measures", "plan", "warnings"],
    "properties": {
        "certificate": {
            "type": "object",
            "description": "Per level: value, bound, gap and status; why the solve ended; what "
            "it was made with.",
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
                    "value": {"type": "string"},
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
        for record_type in (MatchRequest, PlanRow):
            schema = adapter(record_type).json_schema(ref_template=_REF)
            schemas |= schema.pop("$defs", {})
            schemas[record_type.__name__] = schema
        schemas |= {"MatchResponse": _RESPONSE, "ProblemDetails": _PROBLEM}
        return content

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to extend it
