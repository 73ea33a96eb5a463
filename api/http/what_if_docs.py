"""What the OpenAPI document says of scenarios and of changes."""

from __future__ import annotations

from typing import Any

from api.http.operations import ACCEPTED, PREFER, REF, REFUSED, answer, body, example_dataset, ref
from api.http.settings import (
    MAX_SCENARIO_DOCTOR_DAYS,
    MAX_SCENARIO_REQUESTS,
    MAX_SCENARIO_RUNS,
    MAX_SECONDS,
)
from api.http.what_if import ChangesRequest
from engine.interchange.validation import adapter
from scenarios.changes.effects import Effect
from scenarios.scenario_file import scenario_schema

_MORE_ASK = {
    "schema": "slotmatch.scenario/1",
    "name": "more-ask",
    "title": "Twice as many ask",
    "base": {"dataset": example_dataset()},
    "changes": [{"kind": "demand_scaled", "factor": 2.0}],
    "repetitions": 2,
    "limits": {"deterministic_seconds": 2},
    "acceptance": [{"measure": "within_standard", "at_least": 0.9}],
}

_LEAVES = {
    "dataset": example_dataset(),
    "changes": [
        {"kind": "doctor_leaves", "doctor_id": "dr-bell", "start": "2026-03-10"},
        {"kind": "overbooking", "share": 0.05},
    ],
}

SCENARIO_DOCS: dict[str, Any] = {
    "summary": "Run a what-if",
    "description": "Runs a scenario, the same as a scenario file, with its changes and without, at "
    "every point of its sweep and for every seed, and compares. What a file would name is sent "
    "itself: `base.dataset` is a whole dataset, `policy` an object; without a base, the dataset "
    "that the service holds is changed. The answer is 202 and a job, whose progress is how many "
    "runs are done of all; a job that is stopped compares the runs that are done. At most "
    f"{MAX_SCENARIO_RUNS:,} points times repetitions, {MAX_SCENARIO_REQUESTS:,} requests and "
    f"{MAX_SCENARIO_DOCTOR_DAYS:,} doctors times days of a world that is drawn, and "
    f"{MAX_SECONDS:,} seconds.",
    "openapi_extra": PREFER
    | body("ScenarioRequest", "twice as many ask the small clinic", _MORE_ASK),
    "responses": {202: ACCEPTED, **REFUSED},
}

CHANGES_DOCS: dict[str, Any] = {
    "summary": "Apply changes to a dataset",
    "description": "Applies the changes of a scenario to an inline dataset, or to the dataset that "
    "the service holds, one after the other, and answers with the dataset and the policy as they "
    "are then, ready to be matched, and with what each change did: how many records of which kind "
    "there were and are, made, taken away and altered. Nothing is kept, and what the service holds "
    "stays as it is.",
    "openapi_extra": body("ChangesRequest", "a doctor of the small clinic leaves", _LEAVES),
    "responses": {
        200: answer("The dataset and the policy with the changes in them", "ChangesResponse"),
        **REFUSED,
    },
}

_ESTIMATE = {
    "type": ["object", "null"],
    "description": "Mean over the seeds, with its interval of 95 %.",
    "properties": {
        "mean": {"type": ["number", "null"]},
        "low": {"type": ["number", "null"]},
        "high": {"type": ["number", "null"]},
        "count": {"type": "integer"},
        "missing": {"type": "integer"},
        "more_than": {
            "type": ["number", "null"],
            "description": "Where some values lie beyond what was looked at: at least.",
        },
    },
}

_MEASURE = {
    "type": "object",
    "required": ["measure", "group", "value", "baseline", "difference"],
    "properties": {
        "measure": {"type": "string"},
        "group": {"type": ["string", "null"], "description": "Null: of all."},
        "value": _ESTIMATE,
        "baseline": _ESTIMATE,
        "difference": _ESTIMATE,
    },
}

_VERDICT = {
    "type": "object",
    "required": ["measure", "value", "holds"],
    "properties": {
        "measure": {"type": "string"},
        "at_least": {"type": ["number", "null"]},
        "at_most": {"type": ["number", "null"]},
        "value": _ESTIMATE,
        "holds": {"type": "boolean"},
    },
}

_GROUP = {
    "type": "object",
    "properties": {
        "group": {"type": "string"},
        "value": {"type": ["number", "null"]},
        "count": {"type": "integer"},
    },
}

_GAP = {
    "type": "object",
    "description": "How far the groups of a grouping are apart.",
    "required": ["measure", "grouping", "value", "baseline", "difference", "threshold", "wide"],
    "properties": {
        "measure": {"type": "string"},
        "grouping": {"type": "string"},
        "value": _ESTIMATE,
        "baseline": _ESTIMATE,
        "difference": _ESTIMATE,
        "threshold": {"type": "number", "description": "Of the policy: beyond it a gap is wide."},
        "wide": {"type": "boolean"},
        "wide_in": {"type": "integer", "description": "In how many runs."},
        "widest": {"type": "object", "properties": {"best": _GROUP, "worst": _GROUP}},
    },
}

_ACROSS = {
    "type": "object",
    "description": "A point beside the others: the measures that differ between any two.",
    "required": ["values", "runs", "measures"],
    "properties": {
        "values": {"type": "object", "description": "By path, what the sweep put in."},
        "runs": {"type": "integer"},
        "measures": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "measure": {"type": "string"},
                    "value": _ESTIMATE,
                    "difference": {**_ESTIMATE, "description": "From the first point."},
                },
            },
        },
    },
}

_OF_POINT = {
    "values": {"type": "object", "description": "By path, what the sweep put in."},
    "runs": {"type": "integer"},
    "asked": {"type": "integer"},
    "unproven": {"type": "integer"},
    "warnings": {"type": "array", "items": {"type": "string"}},
    "estimated": {"type": "null", "description": "No file can be named that it could be from."},
    "measures": {"type": "array", "items": _MEASURE},
    "gaps": {"type": "array", "items": _GAP},
    "acceptance": {"type": "array", "items": _VERDICT},
}

_POINT = {
    "type": "object",
    "description": "A point of the sweep.",
    "required": list(_OF_POINT),
    "properties": _OF_POINT,
}

_SCENARIO = {
    "type": "object",
    "description": "What slotmatch scenario compare --json prints of a scenario, and how many "
    "runs are left, where it was stopped.",
    "required": ["name", "title", "overridden", "holds", "points", "across", "left"],
    "properties": {
        "name": {"type": "string"},
        "title": {"type": "string"},
        "overridden": {
            "type": "object",
            "description": "By path, what was said in place of a file; empty for what was sent.",
        },
        "holds": {"type": "boolean", "description": "Whether every acceptance test does."},
        "points": {"type": "array", "items": _POINT},
        "across": {"type": "array", "items": _ACROSS},
        "left": {"type": "integer"},
    },
}

_CHANGED = {
    "type": "object",
    "required": ["dataset", "policy", "effects", "warnings"],
    "properties": {
        "dataset": ref("Dataset"),
        "policy": {"type": "object"},
        "effects": {"type": "array", "items": ref("Effect")},
        "warnings": {"type": "array", "items": {"type": "object"}},
    },
}


def what_if_schemas() -> dict[str, Any]:
    """Schemas of what scenarios and changes are asked by, and of what is answered."""
    scenario = scenario_schema(REF)
    schemas: dict[str, Any] = scenario.pop("$defs")
    schemas["Base"]["properties"]["dataset"] = {"description": "A whole one.", **ref("Dataset")}
    scenario["properties"]["policy"] = {
        "type": "object",
        "description": "Rules and parameters over the defaults.",
    }
    scenario["required"] = [name for name in scenario["required"] if name != "base"]
    changes = adapter(ChangesRequest).json_schema(ref_template=REF)
    properties = changes["properties"]
    properties["dataset"] = {"description": "The booking world that is changed.", **ref("Dataset")}
    properties["changes"] |= {"items": scenario["properties"]["changes"]["items"]}
    effect = adapter(Effect).json_schema(ref_template=REF)
    schemas |= effect.pop("$defs") | {"Effect": effect}
    return schemas | {
        "ScenarioRequest": scenario,
        "ScenarioResponse": _SCENARIO,
        "ChangesRequest": changes,
        "ChangesResponse": _CHANGED,
    }
