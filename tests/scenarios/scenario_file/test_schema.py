"""The JSON Schema of a scenario file."""

from __future__ import annotations

import json
from typing import Any

from api.cli import exit_codes
from api.cli.formats import run_schema
from scenarios.scenario_file import scenario_schema


def references(part: object) -> set[str]:
    """Every definition that a schema refers to."""
    if isinstance(part, dict):
        own = {part["$ref"].rpartition("/")[2]} if isinstance(part.get("$ref"), str) else set()
        return own.union(*(references(value) for value in part.values()))
    if isinstance(part, list):
        return set().union(*(references(value) for value in part))
    return set()


def test_the_schema_says_what_each_key_means() -> None:
    """Changes and events by their kinds; nothing refers to what is not there."""
    schema = scenario_schema()
    properties = schema["properties"]
    assert all("description" in key for key in properties.values())
    assert properties["changes"]["items"]["discriminator"]["mapping"].keys() == {
        "doctor_gone",
        "demand_times",
    }
    assert properties["run"]["discriminator"]["mapping"].keys() == {"match", "repair", "rolling"}
    assert references(schema) <= schema["$defs"].keys()
    assert set(schema["required"]) == {"schema", "name", "base"}


def test_the_command_prints_it(capsys: Any) -> None:
    """``slotmatch schema scenario``."""
    assert run_schema("scenario") == exit_codes.OK
    assert json.loads(capsys.readouterr().out) == scenario_schema()
