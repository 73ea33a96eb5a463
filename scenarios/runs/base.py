"""What scenarios change: datasets and policies, read or drawn once in every process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from engine.domain import Dataset
from engine.errors import PolicyError
from engine.interchange.canonical import dataset_hash, policy_hash
from engine.interchange.dataset import read_dataset
from engine.interchange.files import whole_file
from engine.interchange.policy_file import read_policy
from engine.policy import Policy
from engine.problems import Report
from scenarios.scenario_file import GivenDataset, GivenPolicy, Scenario
from scenarios.situation import Situation
from scenarios.world import WorldSpec, generate_world

_KEPT = 4
"""Bases that a process remembers: repetitions and points ask for the same ones again."""


def base_of(scenario: Scenario, seed: int) -> Situation:
    """What the changes of a scenario are applied to.

    Parameters
    ----------
    seed
        Of the repetition: a world that is drawn without a seed of its own is drawn by it.

    Raises
    ------
    InvalidInputError
        The dataset or the policy cannot be used; with everything that is wrong.
    ValueError
        There can be no such world.
    """
    policy = _policy_of(scenario)
    given, path = scenario.base.dataset, scenario.dataset_path
    if isinstance(given, GivenDataset):
        return Situation(given.dataset, policy)
    if path is not None:
        return Situation(_read(path, path.stat().st_mtime_ns, policy.urgencies.names)[0], policy)
    return Situation(_drawn(_spec(scenario, seed)), policy)


def base_warnings(scenario: Scenario) -> tuple[str, ...]:
    """What is odd about the dataset, one sentence for each kind; a world that is drawn has none.

    Raises
    ------
    InvalidInputError
        The dataset or the policy cannot be used.
    """
    report = _base_report(scenario)
    first = {problem.code: problem for problem in reversed(report.problems)}
    return tuple(
        f"Base, {code} ({number:,}): {first[code].sentence()}"
        for (_, code), number in sorted(report.counts.items())
    )


def base_named(scenario: Scenario, seed: int) -> Mapping[str, Any]:
    """The same by name: equal for equal bases; plain values."""
    policy, path = _policy_named(scenario), scenario.dataset_path
    given = scenario.base.dataset
    if isinstance(given, GivenDataset):
        return {"policy": policy, "dataset": given.name}
    if path is None:
        spec = {name: str(value) for name, value in asdict(_spec(scenario, seed)).items()}
        return {"policy": policy, "generated": spec}
    urgencies = _policy_of(scenario).urgencies.names
    return {"policy": policy, "dataset": _hash(path, path.stat().st_mtime_ns, urgencies)}


def _base_report(scenario: Scenario) -> Report:
    """What was found when the dataset was read."""
    given, path = scenario.base.dataset, scenario.dataset_path
    if isinstance(given, GivenDataset):
        return given.warnings
    if path is None:
        return Report()
    return _read(path, path.stat().st_mtime_ns, _policy_of(scenario).urgencies.names)[1]


def _spec(scenario: Scenario, seed: int) -> WorldSpec:
    generated = scenario.base.generate
    if generated is None:
        raise ValueError("the base is no world that is drawn")
    return generated.spec(seed)


def _policy_of(scenario: Scenario) -> Policy:
    given, path = scenario.policy, scenario.policy_path
    if isinstance(given, GivenPolicy):
        return given.policy
    return _default() if path is None else _policy(path, path.stat().st_mtime_ns)


def _policy_named(scenario: Scenario) -> str:
    given, path = scenario.policy, scenario.policy_path
    if isinstance(given, GivenPolicy):
        return given.name
    return _default_name() if path is None else _policy_name(path, path.stat().st_mtime_ns)


@cache
def _default() -> Policy:
    return Policy.default()


@cache
def _default_name() -> str:
    return policy_hash(_default())


@lru_cache(_KEPT)
def _policy(path: Path, _changed: int) -> Policy:
    report = Report()
    raw = whole_file(path, str(path), report)
    if raw is None:
        raise PolicyError.of(report)
    return read_policy(raw, path.name)


@lru_cache(_KEPT)
def _policy_name(path: Path, changed: int) -> str:
    return policy_hash(_policy(path, changed))


@lru_cache(_KEPT)
def _read(path: Path, _changed: int, urgencies: tuple[str, ...]) -> tuple[Dataset, Report]:
    return read_dataset(path, urgencies)


@lru_cache(_KEPT)
def _hash(path: Path, changed: int, urgencies: tuple[str, ...]) -> str:
    return dataset_hash(_read(path, changed, urgencies)[0])


@lru_cache(_KEPT)
def _drawn(spec: WorldSpec) -> Dataset:
    return generate_world(spec)
