"""The judges over places that are alternatives: each holds by itself, next to what is booked.

Every place stands in a world of its own, with a copy of the request and of all that the doctor
does, so that one verdict speaks of all of them.
"""

from __future__ import annotations

import numpy as np

from engine.arrays import Int
from engine.errors import VerificationError
from engine.plan import PLACED, Plan
from engine.ranking import Ranking
from engine.verify.judge import verify


def require_places(ranking: Ranking, chosen: Int) -> None:
    """Raise ``VerificationError`` unless the judges accept every chosen candidate (int64
    indices), each in its world, and count of it what the ranking does.
    """
    if not len(chosen):
        return
    snapshot, policy, places = ranking.snapshot, ranking.policy, ranking.candidates.where(chosen)
    plan, request = Plan.empty(snapshot), places.request
    plan.state[request], plan.role[request] = PLACED, places.role
    plan.session[request] = places.session
    plan.start[request], plan.end[request] = places.start, places.end
    verdict = verify(snapshot, policy, plan, prior=())
    if verdict.violations:  # or they were there before
        verdict = verify(snapshot, policy, plan)
    if verdict.violations:
        first = verdict.violations[0]
        raise VerificationError(f"a place was found that {first.rule} refuses: {first.where}")
    _require(ranking.own[:, chosen], verdict.contributions[:, request])
    together = np.zeros(len(policy.levels), np.int64)
    for row, objective in enumerate(policy.objectives):
        level = policy.levels.index(objective.level)
        together[level] += ranking.steps[row, chosen].sum() + verdict.contributions[row].sum()
    _require(together, verdict.values)


def _require(mine: Int, theirs: Int) -> None:
    """Raise unless both count the same."""
    if mine.tolist() != theirs.tolist():
        raise VerificationError(
            f"places are found to count {mine.tolist()}, by the judges {theirs.tolist()}"
        )
