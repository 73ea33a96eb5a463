"""The optimum: against brute force, and against what must not change it."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from brute_force import optimum
from examples import HALF
from hypothesis import given
from hypothesis import strategies as st
from worlds import tiny_worlds

from engine import shortlist
from engine.domain import COLLECTIONS, Dataset
from engine.match import match
from engine.policy import RULES, Policy
from engine.result import Result
from engine.seats import Seats
from engine.snapshot import take_snapshot
from engine.solve import problem as problem_module
from engine.solve.limits import Limits
from engine.solve.problem import Problem
from engine.solve.solver import solve

FAST = Limits(deterministic=True, workers=1)
FILTERS = [name for name, rule in RULES.items() if not hasattr(rule, "cost")]


def values(result: Result) -> tuple[int, ...]:
    """Value of every level."""
    return tuple(level.value for level in result.certificate.levels)


@given(tiny_worlds(max_requests=5))
def test_every_level_reaches_the_optimum_of_brute_force(dataset: Dataset) -> None:
    """On tiny worlds all levels are proven, and brute force, which states the rules a third
    time and tries every plan, finds the same values.
    """
    result = match(dataset, limits=FAST)
    assert result.certificate.is_proven
    assert values(result) == optimum(dataset)


@given(tiny_worlds(max_requests=4, always=("linked", "family", "rooms")))
def test_visits_that_belong_together_reach_the_optimum_of_brute_force(dataset: Dataset) -> None:
    """The same where requests are linked, and share rooms."""
    result = match(dataset, limits=FAST)
    assert result.certificate.is_proven
    assert values(result) == optimum(dataset)


@given(
    dataset=tiny_worlds(max_requests=4, always=("seats", "two_roles")),
    step=st.sampled_from([0, 2, 3]),
    spread=st.booleans(),
)
def test_overbooking_and_load_reach_the_optimum_of_brute_force(
    dataset: Dataset, step: int, *, spread: bool
) -> None:
    """The same with a second seat on every n-th cell, and with the load as a last level."""
    policy = Policy.default().with_seats(Seats(overbooking=1 / step if step else 0.0))
    if spread:
        policy = policy.replace("load_spread")
    result = match(dataset, policy, FAST)
    assert result.certificate.is_proven
    assert values(result) == optimum(dataset, overbooked_step=step, spread=spread)


@HALF
@given(tiny_worlds(), st.sampled_from(FILTERS))
def test_loosening_a_rule_never_worsens_a_proven_optimum(dataset: Dataset, rule: str) -> None:
    """Without a rule, every plan that was allowed still is."""
    strict = match(dataset, limits=FAST)
    loose = match(dataset, Policy.default().without(rule), limits=FAST)
    assert strict.certificate.is_proven
    assert loose.certificate.is_proven
    assert values(loose) <= values(strict)


@HALF
@given(tiny_worlds(), st.randoms(use_true_random=False))
def test_order_of_rules_and_records_decides_nothing(dataset: Dataset, rng: random.Random) -> None:
    """Shuffled rules and shuffled records give the same optimum."""
    policy = Policy.default()
    rules = list(policy.rules)
    rng.shuffle(rules)
    shuffled = {}
    for name in COLLECTIONS:
        rows = list(getattr(dataset, name))
        rng.shuffle(rows)
        shuffled[name] = tuple(rows)
    first = match(dataset, limits=FAST)
    second = match(replace(dataset, **shuffled), Policy(policy.urgencies, tuple(rules)), FAST)
    assert values(first) == values(second)
    assert first.certificate.dataset_hash == second.certificate.dataset_hash


@HALF
@given(tiny_worlds())
def test_a_session_more_never_worsens_the_optimum(dataset: Dataset) -> None:
    """Time that is added can be left unused."""
    more = replace(dataset.sessions[0], id="more")
    role = next(role for role in dataset.roles if role.id == more.role_id)
    if role.doctor_id is not None and any(row.status != "x" for row in dataset.appointments):
        return  # an appointment may then lie in a session it did not lie in before
    better = match(replace(dataset, sessions=(*dataset.sessions, more)), limits=FAST)
    assert values(better) <= values(match(dataset, limits=FAST))


@given(tiny_worlds(max_requests=5))
def test_few_candidates_with_outsiders_prove_the_same(dataset: Dataset) -> None:
    """With one candidate per request in the model and outsiders for the rest, growing where
    it must, the same optimum is reached and proven.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(problem_module, "KEEP_ALL_BELOW", 0)
        patch.setattr(shortlist, "FEW", 0)
        patch.setattr(shortlist, "LIST_ALL", -1)
        problem = Problem(take_snapshot(dataset), Policy.default(), keep=1)
        solved = solve(problem, FAST)
    full = match(dataset, limits=FAST)
    assert solved.stopped == "proven"
    assert tuple(solved.values.tolist()) == values(full)
    assert solved.values.tolist() == solved.bounds.tolist()
