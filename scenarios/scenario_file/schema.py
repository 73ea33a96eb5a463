"""The scenario file as JSON Schema."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import DEFAULT_REF_TEMPLATE

from engine.interchange.validation import adapter
from scenarios.changes import CHANGES_FORMAT
from scenarios.scenario_file.records import Definition


def scenario_schema(ref_template: str = DEFAULT_REF_TEMPLATE) -> dict[str, Any]:
    """JSON Schema of a scenario file.

    Parameters
    ----------
    ref_template
        How it refers to its definitions.
    """
    inputs = [
        ("file", "validation", adapter(Definition)),
        ("changes", "validation", adapter(CHANGES_FORMAT.listed)),
    ]
    schemas, shared = TypeAdapter.json_schemas(
        inputs,  # type: ignore[arg-type]
        ref_template=ref_template,
    )
    named = shared["$defs"]
    file = named.pop(schemas["file", "validation"]["$ref"].rpartition("/")[2])
    described = file["properties"]["changes"]
    file["properties"]["changes"] = described | schemas["changes", "validation"]
    return {**file, "title": "Scenario", "$defs": named}
