"""One answer to an event: the best plan that displaces no more people than allowed."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from engine.arrays import Bool
from engine.displaced import is_moved
from engine.errors import VerificationError
from engine.interchange.canonical import policy_hash
from engine.plan import CROWDED_OUT, KEPT, NO_CANDIDATE, PLACED, UNPLACED, Plan
from engine.policy import Policy
from engine.repair.world import World
from engine.snapshot import Snapshot
from engine.solve.certificate import Certificate, certify
from engine.solve.limits import Cancel, Limits
from engine.solve.problem import Problem
from engine.solve.solver import Solved, solve
from engine.verify.judge import Verdict, verify


@dataclass(frozen=True, slots=True)
class Point:
    """A judged plan.

    Parameters
    ----------
    snapshot
        The world after the event, without the appointments of whom the plan moves.
    policy
        What was counted, with the limit that held.
    plan
        Who is moved is placed in it, or unplaced; everybody else keeps what was told.
    takes_part
        bool, shape (R,): who could be moved.
    certificate
        Values, bounds, and why the solve ended.
    minimum
        People of whom clusters displace at least so many, whatever is done.
    """

    snapshot: Snapshot
    policy: Policy
    plan: Plan
    takes_part: Bool
    certificate: Certificate
    minimum: int

    @property
    def unplaced(self) -> tuple[int, ...]:
        """People left without a place, by urgency class, the most urgent first."""
        return self._of("unplaced_")

    @property
    def additional(self) -> int:
        """People displaced who could have kept their place, beyond what clusters demand."""
        return sum(self._of("displaced")) - self.minimum

    @property
    def is_proven(self) -> bool:
        """Whether no level could be better."""
        return self.certificate.is_proven

    @property
    def moved(self) -> Bool:
        """Who is told another place, or none; bool, shape (R,)."""
        return self.takes_part & (self.plan.state != KEPT)

    def _of(self, name: str) -> tuple[int, ...]:
        levels = self.certificate.levels
        return tuple(level.value for level in levels if level.name.startswith(name))


@dataclass(frozen=True, slots=True)
class Question:
    """What all answers to one event have in common.

    Parameters
    ----------
    limits
        For all of them together.
    minimum
        People of whom clusters displace at least so many, whatever is done.
    dataset_hash
        SHA-256 of the dataset after the event.
    """

    limits: Limits
    minimum: int
    dataset_hash: str


def solve_point(
    world: World, problem: Problem, question: Question, seconds: float, cancel: Cancel
) -> Point:
    """Solve a problem of a world in so many seconds, and let the judges look at the plan.

    Raises
    ------
    VerificationError
        The judges found the plan or its values wrong: a fault of the engine.
    """
    began = time.monotonic()
    limits = replace(question.limits, seconds=seconds)
    solved = solve(problem, limits, cancel=cancel)
    takes_part = np.zeros(world.after.num_requests, np.bool_)
    takes_part[world.requests] = True
    taken = solved.taken
    stays = np.zeros_like(takes_part)
    stays[taken.request[~is_moved(world.snapshot, taken)]] = True
    moved = takes_part & ~stays
    snapshot = world.final(moved)
    plan = Plan.empty(snapshot)
    taken = taken.where(moved[taken.request])
    placed = taken.request
    plan.state[placed] = PLACED
    plan.role[placed], plan.session[placed] = taken.role, taken.session
    plan.start[placed], plan.end[placed] = taken.start, taken.end
    left = np.flatnonzero(moved & (plan.state == UNPLACED))
    has_candidate = problem.requests_with_candidates[left]
    plan.reason[left] = np.where(has_candidate, CROWDED_OUT, NO_CANDIDATE)
    verdict = verify(snapshot, problem.policy, plan)
    _require_agreement(problem.policy, solved, verdict, takes_part)
    certificate = certify(
        problem.policy,
        problem,
        solved,
        limits,
        policy_hash=policy_hash(problem.policy),
        dataset_hash=question.dataset_hash,
        seconds=time.monotonic() - began,
    )
    return Point(snapshot, problem.policy, plan, takes_part, certificate, question.minimum)


def _require_agreement(policy: Policy, solved: Solved, verdict: Verdict, takes_part: Bool) -> None:
    """Raise unless the judges accept the plan and count the same values."""
    if verdict.violations:
        first = verdict.violations[0]
        raise VerificationError(
            f"{len(verdict.violations)} violations, the first of {first.rule} at {first.where}"
        )
    counted = verdict.values.copy()
    for row, objective in enumerate(policy.objectives):
        others = verdict.contributions[row, ~takes_part].sum()  # open requests take no part
        counted[policy.levels.index(objective.level)] -= others
    if solved.values.tolist() != counted.tolist():
        raise VerificationError(
            f"the solver counts {solved.values.tolist()}, the judges {counted.tolist()}"
        )
