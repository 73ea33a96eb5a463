"""Fields with few of their candidates listed, and what CP-SAT alone says of the same worlds."""

from __future__ import annotations

import numpy as np
import pytest

from engine import shortlist
from engine.constraints import CONSTRAINTS
from engine.domain import Dataset
from engine.match import match
from engine.policy import Policy
from engine.snapshot import take_snapshot
from engine.solve import levels, solution, solver
from engine.solve import problem as problem_module
from engine.solve.fields import solve_fields
from engine.solve.limits import Limits
from engine.solve.problem import Problem
from scenarios.world import WorldSpec, generate_world

FAST = Limits(deterministic=True, deterministic_seconds=60, workers=1)
BESIDE = [cls.name for cls in CONSTRAINTS if cls.name != "slot_capacity"]


def uncoupled(*but: str) -> Policy:
    """The default policy without any constraint but the room of cells, and those named."""
    policy = Policy.default()
    for name in BESIDE:
        policy = policy if name in but else policy.without(name)
    return policy


def always() -> bool:
    """There is time."""
    return True


def few(dataset: Dataset, policy: Policy | None = None, keep: int = 1) -> Problem:
    """A problem with so few candidates listed, however little choice there is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(problem_module, "KEEP_ALL_BELOW", 0)
        patch.setattr(shortlist, "FEW", 0)
        patch.setattr(shortlist, "LIST_ALL", -1)
        patch.setattr(shortlist, "_SHARES", ())
        return Problem(take_snapshot(dataset), policy or Policy.default(), keep)


def values_of(problem: Problem) -> tuple[int, ...]:
    """Values of all fields together, which cover all requests."""
    found = solve_fields(problem, 1, always)
    requests = np.concatenate([field.requests for field in found])
    assert np.sort(requests).tolist() == problem.requests.tolist()
    return tuple(np.sum([field.values for field in found], axis=0).tolist())


def by_cpsat(dataset: Dataset, policy: Policy) -> tuple[int, ...]:
    """Proven values of a match in which nothing but CP-SAT solves anything."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solution, "assignment_of", lambda _matrix: None)
        patch.setattr(solution, "nested_of", lambda _matrix: None)
        patch.setattr(levels, "relax", lambda *_: None)
        patch.setattr(solver, "solve_fields", lambda *_: [])
        certificate = match(dataset, policy, FAST).certificate
    assert certificate.is_proven
    assert not {"flow", "linear"} & set(certificate.paths)
    return tuple(level.value for level in certificate.levels)


def single(tightness: str, seed: int, requests: int = 60) -> Dataset:
    """A world of visits of one cell."""
    return generate_world(WorldSpec(requests, 12, 4, "single", tightness, seed))
