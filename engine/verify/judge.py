"""All judges over one plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.arrays import Int
from engine.plan import Plan
from engine.policy import Policy
from engine.snapshot import Snapshot
from engine.verify import JUDGES, place
from engine.verify.violation import Violation, visits_shared

_JUDGE_OF = {judge.__name__.rpartition(".")[2]: judge for judge in JUDGES}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judges say of a plan.

    Parameters
    ----------
    violations
        What the plan breaks; empty: the plan holds.
    prior
        What the published appointments broke before the plan, and still do.
    values
        int64, shape (L,): the value of every level of the policy, as the judges count it.
    contributions
        int64, shape (objectives, R): what each request adds to each objective of the policy.
    """

    violations: tuple[Violation, ...]
    prior: tuple[Violation, ...]
    values: Int
    contributions: Int


def violations_before(snapshot: Snapshot, policy: Policy) -> tuple[Violation, ...]:
    """What the published appointments break by themselves."""
    plan = Plan.empty(snapshot)
    with visits_shared(snapshot, plan):
        return tuple(_coupled_violations(snapshot, policy, plan))


def verify(
    snapshot: Snapshot, policy: Policy, plan: Plan, prior: tuple[Violation, ...] | None = None
) -> Verdict:
    """Judge ``plan`` by every rule of ``policy``.

    A violation among published appointments may persist, never grow: it counts against the
    plan only by what the plan adds. ``prior``, where it is known already, is what
    ``violations_before`` finds.
    """
    if prior is None:
        prior = violations_before(snapshot, policy)
    with visits_shared(snapshot, plan):
        return _verdict(snapshot, policy, plan, prior)


def _verdict(
    snapshot: Snapshot, policy: Policy, plan: Plan, prior: tuple[Violation, ...]
) -> Verdict:
    before = {(v.rule, v.where): v.excess for v in prior}
    found = [*place.violations(snapshot, plan), *_violations(snapshot, policy, plan)]
    worse = tuple(v for v in found if v.excess > before.get((v.rule, v.where), 0))
    contributions = np.zeros((len(policy.objectives), snapshot.num_requests), np.int64)
    values = np.zeros(len(policy.levels), np.int64)
    for row, objective in enumerate(policy.objectives):
        judge = _JUDGE_OF[objective.name]
        contributions[row] = judge.contributions(objective, snapshot, plan)
        level = policy.levels.index(objective.level)
        values[level] += contributions[row].sum()
        if hasattr(judge, "shared"):
            values[level] += judge.shared(objective, snapshot, plan)
    return Verdict(worse, prior, values, contributions)


def _violations(snapshot: Snapshot, policy: Policy, plan: Plan) -> Iterator[Violation]:
    for rule in (*policy.pair_rules, *policy.place_rules):
        yield from _JUDGE_OF[rule.name].violations(rule, snapshot, plan)
    yield from _coupled_violations(snapshot, policy, plan)


def _coupled_violations(snapshot: Snapshot, policy: Policy, plan: Plan) -> Iterator[Violation]:
    """Those of the rules that speak of appointments too; eligibility is asked of new visits."""
    for rule in policy.constraints:
        yield from _JUDGE_OF[rule.name].violations(rule, snapshot, plan)
