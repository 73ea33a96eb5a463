"""One answer to an event: the best plan that displaces no more people than allowed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import Bool
from engine.candidates import Candidates
from engine.displaced import is_moved
from engine.errors import VerificationError
from engine.interchange.canonical import policy_hash
from engine.plan import CROWDED_OUT, KEPT, NO_CANDIDATE, PLACED, UNPLACED, Plan
from engine.policy import Policy
from engine.repair.minimum import Minimum
from engine.repair.world import World
from engine.snapshot import Snapshot
from engine.solve.certificate import Certificate, Considered, certify
from engine.solve.limits import Limits
from engine.solve.solved import Solved
from engine.verify.judge import Verdict, verify
from engine.verify.violation import Violation


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
    is_minimum_proven
        Whether it is known that it takes so many.
    """

    snapshot: Snapshot
    policy: Policy
    plan: Plan
    takes_part: Bool
    certificate: Certificate
    minimum: int
    is_minimum_proven: bool = True

    @property
    def unplaced(self) -> tuple[int, ...]:
        """People left without a place, by urgency class, the most urgent first."""
        return self._of("unplaced_")

    @property
    def is_left(self) -> Bool:
        """Who is left without a place; bool, shape (R,)."""
        return self.takes_part & (self.plan.state == UNPLACED)

    @property
    def additional(self) -> int:
        """People displaced who could have kept their place, beyond what clusters demand."""
        return sum(self._of("displaced")) - self.minimum

    @property
    def is_proven(self) -> bool:
        """Whether no level could be better."""
        return self.certificate.is_proven and self.is_minimum_proven

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
    policy
        Whose rules hold.
    limits
        For all of them together.
    minimum
        People of whom clusters displace so many, whatever is done.
    dataset_hash
        SHA-256 of the dataset after the event.
    prior
        What appointments break that nobody can move.
    could_go
        bool, shape (R,): who could take any place if everybody moved who may.
    """

    policy: Policy
    limits: Limits
    minimum: Minimum
    dataset_hash: str
    prior: tuple[Violation, ...]
    could_go: Bool


def judged(
    world: World,
    solved: Solved,
    considered: Considered,
    limit: int,
    question: Question,
    seconds: float,
) -> Point:
    """The plan in which the candidates taken are chosen, as the judges see it.

    Parameters
    ----------
    limit
        People who may be displaced beyond what clusters demand.
    seconds
        That it took to solve.

    Raises
    ------
    VerificationError
        The judges found the plan or its values wrong: a fault of the engine.
    """
    policy = question.policy.for_repair(question.minimum.people + limit)
    takes_part = np.zeros(world.after.num_requests, np.bool_)
    takes_part[world.requests] = True
    snapshot, plan = _plan(world, solved.taken, takes_part)
    left = np.flatnonzero(takes_part & (plan.state == UNPLACED))
    plan.reason[left] = np.where(question.could_go[left], CROWDED_OUT, NO_CANDIDATE)
    _require_agreement(policy, solved, verify(snapshot, policy, plan, question.prior), takes_part)
    certificate = certify(
        snapshot,
        policy,
        considered,
        solved,
        question.limits,
        policy_hash=policy_hash(policy),
        dataset_hash=question.dataset_hash,
        seconds=seconds,
    )
    minimum = question.minimum
    return Point(snapshot, policy, plan, takes_part, certificate, minimum.people, minimum.is_proven)


def _plan(world: World, taken: Candidates, takes_part: Bool) -> tuple[Snapshot, Plan]:
    """The world without the appointments of whom is moved, and where they go."""
    moved = takes_part.copy()
    moved[taken.request[~is_moved(world.snapshot, taken)]] = False
    snapshot = world.final(moved)
    plan, taken = Plan.empty(snapshot), taken.where(moved[taken.request])
    placed = taken.request
    plan.state[placed] = PLACED
    plan.role[placed], plan.session[placed] = taken.role, taken.session
    plan.start[placed], plan.end[placed] = taken.start, taken.end
    return snapshot, plan


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
