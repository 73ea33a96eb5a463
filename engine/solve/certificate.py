"""The certificate: how good a plan is, and how that is known."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Literal, Protocol

import numpy as np

from engine.arrays import NONE, Int
from engine.policy import Policy
from engine.snapshot import Snapshot
from engine.solve.limits import Limits
from engine.solve.solved import Solved, SolvedPart, StopReason

LevelStatus = Literal["proven", "conditional", "open"]

MOST_NAMED = 50
"""Open components that a certificate names, the largest first; of more it says how many."""

_PACKAGES = ("slotmatch", "ortools", "numpy", "scipy", "tzdata")


@dataclass(frozen=True, slots=True)
class LevelResult:
    """Value and bound of one level.

    Parameters
    ----------
    name, unit
        The level.
    value
        What the plan costs here.
    bound
        No plan that is in every component no worse on each level above costs less.
    status
        Proven: value and bound meet, here and on all levels above. Conditional: they meet
        here only. Open: they do not meet.
    """

    name: str
    unit: str
    value: int
    bound: int
    status: LevelStatus

    @property
    def gap(self) -> int:
        """Distance of value and bound, in the level's unit."""
        return self.value - self.bound

    @property
    def relative_gap(self) -> float:
        """Gap as a share of the value: ``(value − bound) / max(1, value)``."""
        return self.gap / max(1, self.value)


@dataclass(frozen=True, slots=True)
class OpenComponent:
    """Requests that share nothing with the rest, whose plan is not proven.

    Parameters
    ----------
    first_request
        Id of the first of them in the dataset.
    specialty
        The code that most of them ask for; ``None`` where none does.
    requests
        How many there are.
    path
        What was tried last.
    levels
        In strict order; a status speaks of this component alone.
    """

    first_request: str
    specialty: str | None
    requests: int
    path: str
    levels: tuple[LevelResult, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is known of a plan, and what it was made with.

    Parameters
    ----------
    levels
        In strict order.
    stopped
        Why the solve ended.
    components, open_components
        Parts that share nothing, and how many of them are not proven.
    open_named
        Those that are not proven, the largest first, ``MOST_NAMED`` at most.
    paths
        Components by what solved them.
    candidates_considered, candidates_in_model
        Eligible candidates, all of them evaluated, and those the solver was given; the
        bounds hold for all of them.
    limits
        What the solve was allowed.
    versions
        Of the packages and of Python.
    policy_hash, dataset_hash
        SHA-256 of what was asked.
    seconds
        Wall time from the dataset to the verified plan.
    """

    levels: tuple[LevelResult, ...]
    stopped: StopReason
    components: int
    open_components: int
    open_named: tuple[OpenComponent, ...]
    paths: dict[str, int]
    candidates_considered: int
    candidates_in_model: int
    limits: Limits
    versions: dict[str, str]
    policy_hash: str
    dataset_hash: str
    seconds: float

    @property
    def is_proven(self) -> bool:
        """Whether every level is proven."""
        return all(level.status == "proven" for level in self.levels)


def level_results(policy: Policy, values: Int, bounds: Int) -> tuple[LevelResult, ...]:
    """Values and bounds (int64, shape (L,)), level by level."""
    results = []
    above_proven = True
    for name, value, bound in zip(policy.levels, values.tolist(), bounds.tolist(), strict=True):
        met = value == bound
        status: LevelStatus = "open" if not met else "proven" if above_proven else "conditional"
        above_proven = above_proven and met
        results.append(LevelResult(name, policy.unit(name), value, bound, status))
    return tuple(results)


def open_named(snapshot: Snapshot, policy: Policy, solved: Solved) -> tuple[OpenComponent, ...]:
    """The components that are not proven, the largest first, as far as they are named."""
    parts = [part for part in solved.parts if not part.is_proven]
    parts.sort(key=lambda part: (-len(part.requests), int(part.requests[0])))
    return tuple(_named(snapshot, policy, part) for part in parts[:MOST_NAMED])


def _named(snapshot: Snapshot, policy: Policy, part: SolvedPart) -> OpenComponent:
    code = snapshot.requests.code[part.requests]
    counts = np.bincount(code[code != NONE], minlength=1)
    return OpenComponent(
        first_request=snapshot.requests.ids[int(part.requests[0])],
        specialty=list(snapshot.index.codes)[int(counts.argmax())] if counts.any() else None,
        requests=len(part.requests),
        path=part.path,
        levels=level_results(policy, part.values, part.bounds),
    )


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that decide an answer."""
    return {"python": platform.python_version()} | {name: _version(name) for name in _PACKAGES}


@cache
def _version(name: str) -> str:
    """Version of a package: to read what is installed takes longer than a small match."""
    return version(name)


class Considered(Protocol):
    """What was looked at."""

    @property
    def num_listed(self) -> int:
        """Candidates in the model."""

    @property
    def num_eligible(self) -> int:
        """Candidates considered."""


def certify(
    snapshot: Snapshot,
    policy: Policy,
    problem: Considered,
    solved: Solved,
    limits: Limits,
    *,
    policy_hash: str,
    dataset_hash: str,
    seconds: float,
) -> Certificate:
    """Put the certificate of a solve together."""
    return Certificate(
        levels=level_results(policy, solved.values, solved.bounds),
        stopped=solved.stopped,
        components=len(solved.parts),
        open_components=solved.num_open,
        open_named=open_named(snapshot, policy, solved),
        paths=solved.paths,
        candidates_considered=problem.num_eligible,
        candidates_in_model=problem.num_listed,
        limits=limits,
        versions=versions(),
        policy_hash=policy_hash,
        dataset_hash=dataset_hash,
        seconds=seconds,
    )
