"""The scenario file as JSON Schema."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from engine.interchange.validation import adapter
from scenarios.scenario_file.records import Definition
from scenarios.scenario_file.registries import changes_format


def scenario_schema() -> dict[str, Any]:
    """JSON Schema of a scenario file."""
    inputs = [
        ("file", "validation", adapter(Definition)),
        ("changes", "validation", adapter(changes_format().listed)),
    ]
    schemas, shared = TypeAdapter.json_schemas(inputs)  # type: ignore[arg-type]
    named = shared["$defs"]
    file = named.pop(schemas["file", "validation"]["$ref"].rpartition("/")[2])
    described = file["properties"]["changes"]
    file["properties"]["changes"] = described | schemas["changes", "validation"]
    return {**file, "title": "Scenario", "$defs": named}
