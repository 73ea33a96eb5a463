"""What a match answers."""

from __future__ import annotations

from dataclasses import dataclass

from engine.arrays import Int
from engine.plan import CROWDED_OUT, LINKED, NO_CANDIDATE, Plan
from engine.policy import Policy
from engine.snapshot import Snapshot
from engine.solve.certificate import Certificate
from engine.verify.violation import Violation


@dataclass(frozen=True, slots=True)
class Result:
    """A verified plan with its certificate.

    Parameters
    ----------
    snapshot, policy
        What was asked.
    plan
        The answer; there always is one, since leaving requests unplaced is allowed.
    certificate
        How good it is.
    prior
        Rules that published appointments broke before, and still do.
    contributions
        int64, shape (objectives, R): what each request adds to each objective of the
        policy, as the judges count it.
    ruled_out_by
        For every request without a candidate, the rule that took the last one away.
    """

    snapshot: Snapshot
    policy: Policy
    plan: Plan
    certificate: Certificate
    prior: tuple[Violation, ...]
    contributions: Int
    ruled_out_by: dict[int, str]

    def contribution(self, objective: str) -> Int | None:
        """What each request adds to an objective; ``None`` where the policy has it not."""
        names = [rule.name for rule in self.policy.objectives]
        return self.contributions[names.index(objective)] if objective in names else None

    @property
    def num_no_candidate(self) -> int:
        """Requests for which nothing is eligible at all."""
        return int((self.plan.reason == NO_CANDIDATE).sum())

    @property
    def num_crowded_out(self) -> int:
        """Requests whose every candidate is taken by others, or what goes with it is."""
        return int((self.plan.reason == CROWDED_OUT).sum())

    @property
    def num_linked(self) -> int:
        """Requests that go, all or none, with one for which nothing is eligible at all."""
        return int((self.plan.reason == LINKED).sum())
