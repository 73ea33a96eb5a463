"""A scenario that was sent as plain values: it names no files, and holds what it changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.domain import Dataset
from engine.errors import InvalidInputError, ScenarioError
from engine.interchange.dataset import dataset_from
from engine.interchange.json_text import UNREADABLE
from engine.interchange.policy_file import policy_from
from engine.policy import Policy
from engine.problems import Report
from scenarios.scenario_file.given import GivenDataset, GivenPolicy
from scenarios.scenario_file.lines import Lines
from scenarios.scenario_file.scenario import Scenario, Source, scenario_of
from scenarios.scenario_file.yaml_text import MAX_DEPTH

MAX_VALUES = 50_000
"""Most that a scenario may hold beside its dataset and its policy."""


def scenario_sent(content: Mapping[str, Any], held: Dataset | None = None) -> Scenario:
    """Read a scenario as a file has it, with the dataset and the policy themselves.

    Parameters
    ----------
    content
        ``policy`` is an object over the default policy, ``base/dataset`` a whole dataset.
    held
        What is changed where the scenario has no base.

    Raises
    ------
    ScenarioError
        With everything that is wrong; paths are those of the content (``/changes/0``).
    """
    report, own = Report(), dict(content)
    policy = _policy(own, report)
    if isinstance(own.get("base"), dict) and isinstance(own["base"].get("dataset"), dict):
        given = _dataset(own["base"]["dataset"], policy, report)
        own["base"] = own["base"] | {"dataset": given}
    elif "base" not in own and held is not None:
        own["base"] = {"dataset": GivenDataset(held)}
    num_values = _num_values(own, report)
    if num_values is None:
        raise ScenarioError.of(report)
    return scenario_of(Source(own, Lines("", {}), None, num_values), report)


def _policy(content: dict[str, Any], report: Report) -> Policy | None:
    """The policy in the content, which holds it afterwards; ``None`` where it cannot be read."""
    if not isinstance(content.get("policy"), dict):
        return Policy.default()
    try:
        policy = policy_from(content.pop("policy"), "/policy")
    except InvalidInputError as error:
        report.extend(Report(list(error.problems), error.counts))
        return None
    content["policy"] = GivenPolicy(policy)
    return policy


def _dataset(content: Any, policy: Policy | None, report: Report) -> Any:
    """The dataset; ``UNREADABLE`` where it cannot be read, which is reported."""
    urgencies = None if policy is None else policy.urgencies.names
    try:
        dataset, found = dataset_from(content, urgencies, "/base/dataset")
        return GivenDataset(dataset, found)
    except InvalidInputError as error:
        report.extend(Report(list(error.problems), error.counts))
        return UNREADABLE


def _num_values(content: Mapping[str, Any], report: Report) -> int | None:
    """How many values there are; ``None`` where they are too many, or one lies too deep."""
    num_values, level = 1, list[Any]([content])
    for _ in range(MAX_DEPTH):
        level = [part for value in level for part in _parts(value)]
        num_values += len(level)
        if num_values > MAX_VALUES:
            report.error("out_of_range", "", f"holds more than {MAX_VALUES:,} values")
            return None
    if level:
        report.error("out_of_range", "", "is nested too deeply")
    return None if level else num_values


def _parts(value: Any) -> Iterable[Any]:
    """What is in a value."""
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
