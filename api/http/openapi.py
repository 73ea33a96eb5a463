"""The OpenAPI document: bodies that are read as bytes, described all the same."""

from __future__ import annotations

from typing import Any, get_args

from fastapi import FastAPI

from api.http.allowed import SCHEMES
from api.http.asking import FindRequest, MatchRequest
from api.http.jobs import STATES
from api.http.live.docs import live_schemas
from api.http.operations import JOB_ID, REF, ref
from api.http.problems import PROBLEM_TYPES, urn
from api.http.repairing import RepairRequest
from api.http.what_if_docs import what_if_schemas
from engine.interchange.found_places import FoundDocument
from engine.interchange.plan_file import PlanRow
from engine.interchange.validation import adapter
from engine.repair.document import RepairDocument
from engine.solve.certificate import MOST_NAMED, LevelStatus
from engine.solve.solved import StopReason

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
        "plan": {"type": "array", "items": ref("PlanRow")},
        "plan_id": {
            "type": "string",
            "description": "Of a store: what `POST /v1/plans/{id}/commit` books, for an hour.",
        },
        "revision": {"type": "integer", "description": "Of the store: its last change by then."},
        "as_of": {"type": "string", "format": "date-time", "description": "Of a store: then."},
    },
}

_INSTANT = {"type": "string", "format": "date-time"}

_JOB = {
    "type": "object",
    "required": ["id", "kind", "state", "created", "cancel_requested"],
    "properties": {
        "id": {"type": "string", "description": JOB_ID},
        "kind": {"type": "string", "enum": ["match", "plan", "repair", "scenario"]},
        "state": {"type": "string", "enum": list(STATES)},
        "created": _INSTANT,
        "started": _INSTANT,
        "ended": _INSTANT,
        "expires": _INSTANT,
        "cancel_requested": {"type": "boolean"},
        "progress": {
            "type": "object",
            "description": "Seconds, components proven of all, and value and bound per level; of a "
            "scenario, how many runs are done of all.",
        },
        "problem": ref("ProblemDetails"),
        "result": {"anyOf": [ref("MatchResponse"), ref("RepairResponse"), ref("ScenarioResponse")]},
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


_RECORDS = (MatchRequest, RepairRequest, FindRequest, PlanRow, FoundDocument, RepairDocument)


def _with_warnings(schema: dict[str, Any]) -> dict[str, Any]:
    """A record that is answered with warnings beside its own members."""
    warnings = {"type": "array", "items": {"type": "object"}}
    return schema | {
        "required": [*schema["required"], "warnings"],
        "properties": schema["properties"] | {"warnings": warnings},
    }


def document(app: FastAPI) -> None:
    """Add the schemas that routes refer to."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        content = generate()
        components = content.setdefault("components", {})
        components["securitySchemes"] = SCHEMES
        schemas = components.setdefault("schemas", {})
        for record_type in _RECORDS:
            schema = adapter(record_type).json_schema(ref_template=REF)
            schemas |= schema.pop("$defs", {})
            schemas[record_type.__name__] = schema
        repaired = _with_warnings(schemas.pop(RepairDocument.__name__))
        schemas |= {"MatchResponse": _RESPONSE, "RepairResponse": repaired}
        schemas |= {"Job": _JOB, "ProblemDetails": _PROBLEM} | what_if_schemas() | live_schemas()
        return content

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to extend it
