"""One run of a scenario: a point of its sweep, a seed, and whether its changes are made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any

from pydantic_core import to_jsonable_python

from scenarios.runs.base import base_named
from scenarios.scenario_file import Point, Scenario

FORMAT = 4
"""Of outcomes: one that was kept by another format is not used."""


@dataclass(frozen=True, slots=True)
class Task:
    """What to run.

    Parameters
    ----------
    point
        The scenario, with the values of one point of its sweep.
    seed
        Of the repetition.
    is_changed
        Whether the changes are made; otherwise it is what they are compared with.
    key
        SHA-256 of everything that the outcome depends on; hexadecimal. Two tasks with one key
        have one outcome: runs without changes are shared by all points, and by all scenarios,
        that change the same base.
    """

    point: Point
    seed: int
    is_changed: bool
    key: str

    @classmethod
    def of(cls, point: Point, seed: int, *, is_changed: bool) -> Task:
        """The task, with its key.

        Raises
        ------
        InvalidInputError
            The base cannot be used.
        """
        named = json.dumps(_named(point.scenario, seed, is_changed=is_changed), sort_keys=True)
        return cls(point, seed, is_changed, hashlib.sha256(named.encode()).hexdigest())

    @property
    def scenario(self) -> Scenario:
        """The scenario at the point."""
        return self.point.scenario


def _named(scenario: Scenario, seed: int, *, is_changed: bool) -> Mapping[str, Any]:
    changes = scenario.changes if is_changed else ()
    return {
        "format": FORMAT,
        "engine": _engine(),
        "base": base_named(scenario, seed),
        "run": to_jsonable_python(scenario.run),
        "limits": to_jsonable_python(scenario.limits),
        "changes": [to_jsonable_python(row) for row in changes],
        "seed": seed,
    }


@cache
def _engine() -> str:
    return version("slotmatch")


def tasks_of(scenario: Scenario) -> tuple[Task, ...]:
    """Every run of a scenario: point by point, seed by seed, first without the changes.

    Raises
    ------
    InvalidInputError
        A base cannot be used; a ``ScenarioError`` where at some point the scenario cannot.
    """
    return tuple(task for point in scenario.grid() for task in _of(point))


def _of(point: Point) -> Iterator[Task]:
    for seed in point.scenario.seeds:
        if point.scenario.changes:
            yield Task.of(point, seed, is_changed=False)
        yield Task.of(point, seed, is_changed=True)
