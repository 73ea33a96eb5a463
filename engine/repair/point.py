"""One answer to an event: the best plan that displaces no more people than allowed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import Bool
from engine.displaced import is_moved
from engine.errors import VerificationError
from engine.plan import CROWDED_OUT, NO_CANDIDATE, PLACED, UNPLACED, Plan
from engine.policy import Policy
from engine.repair.world import World
from engine.snapshot import Snapshot
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
    solved
        Values, bounds, and why the solve ended.
    minimum
        People of whom clusters displace at least so many, whatever is done.
    """

    snapshot: Snapshot
    policy: Policy
    plan: Plan
    takes_part: Bool
    solved: Solved
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
        return self.solved.values.tolist() == self.solved.bounds.tolist()

    def _of(self, level: str) -> tuple[int, ...]:
        named = zip(self.policy.levels, self.solved.values.tolist(), strict=True)
        return tuple(value for name, value in named if name.startswith(level))


def solve_point(
    world: World, problem: Problem, minimum: int, limits: Limits, cancel: Cancel | None = None
) -> Point:
    """Solve a problem of a world, and let the judges look at the plan.

    Raises
    ------
    VerificationError
        The judges found the plan or its values wrong: a fault of the engine.
    """
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
    return Point(snapshot, problem.policy, plan, takes_part, solved, minimum)


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
