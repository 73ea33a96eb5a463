"""Speed by stage; every benchmark asserts its answer, so that fast and wrong is no result.

Run with ``.venv/bin/pytest benchmarks -n0 --benchmark-enable``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks.instances import FIRST_LIGHT, Instance
from engine.checks import check_dataset
from engine.domain import DailyCap
from engine.eligible import eligible_candidates
from engine.match import match
from engine.plan import Plan
from engine.policy import Policy
from engine.snapshot import take_snapshot
from engine.solve.decompose import decompose
from engine.solve.fields import solve_fields
from engine.solve.limits import Limits
from engine.solve.problem import Problem
from engine.solve.relax import relax
from engine.solve.search import SearchLimits
from engine.solve.solution import Solution, first_solution
from engine.verify.judge import verify
from scenarios.world import generate_world

POLICY = Policy.default()
DATASET = generate_world(FIRST_LIGHT["multi-tight-200x40x10-s1"])
SNAPSHOT = take_snapshot(DATASET)


def test_generate(benchmark: Any) -> None:
    """A world of 50 requests."""
    dataset = benchmark.pedantic(generate_world, (FIRST_LIGHT["multi-tight-50x15x5-s1"],), rounds=3)
    assert len(dataset.requests) == 50


def test_check(benchmark: Any) -> None:
    """All checks of a dataset."""
    assert benchmark.pedantic(check_dataset, (DATASET,), rounds=3).num_errors == 0


def test_snapshot(benchmark: Any) -> None:
    """Records to arrays."""
    snapshot = benchmark.pedantic(take_snapshot, (DATASET,), rounds=3)
    assert snapshot.num_requests == 200


def test_candidates(benchmark: Any) -> None:
    """All eligible candidates, as many as the certificate will say."""
    requests = np.flatnonzero(SNAPSHOT.is_open)
    found = benchmark.pedantic(eligible_candidates, (SNAPSHOT, POLICY, requests), rounds=3)
    benchmark.extra_info["candidates"] = len(found)
    assert len(found) == Problem(SNAPSHOT, POLICY).num_eligible


@pytest.mark.parametrize(
    ("name", "pairs"),
    [
        ("single-tight-1000x100x10-s0", 33_157),
        ("single-loose-1000x100x10-s0", 247_508),
        ("multi-loose-1000x100x10-s0", 199_462),
    ],
)
def test_survey(benchmark: Any, name: str, pairs: int) -> None:
    """Every place judged and priced, the cheapest listed: as many as the peers are given."""
    instance = Instance.named(name)
    problem = benchmark.pedantic(Problem, (instance.snapshot, instance.policy), rounds=3)
    benchmark.extra_info |= {"pairs": pairs, "listed": len(problem.listed.candidates)}
    assert problem.num_eligible == pairs


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("single-tight-1000x100x10-s0", [3, 17, 33, 173, 39, 4_906_285]),
        ("single-loose-1000x100x10-s0", [0, 12, 26, 76, 0, 2_281_803]),
    ],
)
def test_flow(benchmark: Any, name: str, values: list[int]) -> None:
    """Fields by flow: the optimum of all places, proven on every level."""
    instance = Instance.named(name)
    problem = Problem(instance.snapshot, instance.policy)
    fields = benchmark.pedantic(solve_fields, (problem, 1, lambda: True), rounds=3)
    assert np.sum([field.values for field in fields], axis=0).tolist() == values


def test_nested(benchmark: Any) -> None:
    """No doctor sees more than six a day: every component by flow, proven on every level."""
    world = Instance.named("single-tight-1000x100x10-s0").dataset
    caps = (DailyCap(limit=6, per="doctor"),)
    capped = replace(world, roles=tuple(replace(role, daily_caps=caps) for role in world.roles))
    parts = decompose(Problem(take_snapshot(capped), POLICY).matrix)

    def run() -> list[Solution]:
        return [first_solution(part.matrix) for part in parts]

    found = benchmark.pedantic(run, rounds=3)
    assert all(solution.is_proven for solution in found)
    values = np.sum([solution.values for solution in found], axis=0).tolist()
    assert values == [3, 17, 33, 205, 40, 4_764_919]


def test_linear(benchmark: Any) -> None:
    """Relaxations of the largest component: no bound is above what is known to be feasible."""
    part = decompose(Problem(SNAPSHOT, POLICY).matrix)[-1].matrix
    start = first_solution(part)
    limits = SearchLimits(None, 60.0, 1, 0)
    found = benchmark.pedantic(relax, (part, np.flatnonzero(start.chosen), limits), rounds=1)
    assert found is not None
    bounds = found.bounds(start.values, np.zeros_like(start.values))
    assert (bounds <= start.values).all()


def test_greedy(benchmark: Any) -> None:
    """A feasible plan for every component, with simple bounds."""
    parts = decompose(Problem(SNAPSHOT, POLICY).matrix)

    def run() -> list[Any]:
        return [first_solution(part.matrix) for part in parts]

    for part, solution in zip(parts, benchmark.pedantic(run, rounds=3), strict=True):
        assert part.matrix.is_feasible(solution.chosen)
        assert (solution.bounds <= solution.values).all()


def test_verify(benchmark: Any) -> None:
    """All judges over the empty plan: everybody unplaced, nothing broken."""
    verdict = benchmark.pedantic(verify, (SNAPSHOT, POLICY, Plan.empty(SNAPSHOT)), rounds=3)
    assert verdict.violations == ()
    assert verdict.values[:4].sum() == 200


@pytest.mark.parametrize("name", ["multi-tight-50x15x5-s1", "multi-tight-200x40x10-s1"])
def test_match(benchmark: Any, name: str) -> None:
    """The whole match; both worlds are proven on every level."""
    dataset = generate_world(FIRST_LIGHT[name])
    limits = Limits(seconds=120.0)
    result = benchmark.pedantic(match, (dataset,), {"limits": limits}, rounds=1)
    benchmark.extra_info |= {level.name: level.value for level in result.certificate.levels}
    assert result.certificate.is_proven
