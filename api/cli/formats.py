"""``slotmatch schema`` and ``slotmatch policy``: what the files look like."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from api.cli import exit_codes
from api.cli.console import print_error, print_json, print_toml
from api.cli.inputs import load_policy
from engine.events.event_file import EVENTS
from engine.interchange.csv_tables import mapping_schema
from engine.interchange.dataset import dataset_schema
from engine.interchange.plan_file import plan_schema
from engine.interchange.policy_file import policy_content, write_policy
from engine.problems import one_of
from engine.repair.answers import SAID


def _scenario_schema() -> dict[str, Any]:
    """What runs is imported where it is asked for: it brings the solver along."""
    from scenarios.scenario_file import scenario_schema

    return scenario_schema()


SCHEMAS = {
    "dataset": dataset_schema,
    "plan": plan_schema,
    "mapping": mapping_schema,
    "events": EVENTS.schema,
    "answers": SAID.schema,
    "scenario": _scenario_schema,
}


def run_schema(kind: str) -> int:
    """Print a JSON Schema."""
    if kind not in SCHEMAS:
        print_error("wrong_value", f"{kind!r}: no such schema. {one_of(SCHEMAS, kind)}")
        return exit_codes.BAD_INPUT
    print_json(SCHEMAS[kind]())
    return exit_codes.OK


def run_policy(path: Path | None, *, as_json: bool) -> int:
    """Print a policy, complete."""
    policy = load_policy(path)
    if as_json:
        print_json(policy_content(policy))
    else:
        print_toml(write_policy(policy))
    return exit_codes.OK
