"""The judges over places that are alternatives: each holds by itself, next to what is booked.

What a rule asks of a visit by itself is judged of all places at once, each taken by a copy of
the request. What it asks next to other visits is judged one place after the other, beside all
that its doctor does.
"""

from __future__ import annotations

import numpy as np

from engine.arrays import Int, ints
from engine.errors import VerificationError
from engine.plan import PLACED, Plan
from engine.policy import Policy
from engine.ranking import Ranking
from engine.rules import Constraint, StepRule
from engine.snapshot import ASKED, Extracts, Snapshot
from engine.verify.judge import Verdict, verify, violations_before


class PlaceJudges:
    """Judges of the places for one request.

    Parameters
    ----------
    extracts
        Where what matters for a place is taken from.
    policy
        By which it is judged.
    """

    def __init__(self, extracts: Extracts, policy: Policy) -> None:
        self._extracts = extracts
        together = [isinstance(rule, Constraint | StepRule) for rule in policy.rules]
        self._together, self._by_itself = (
            Policy(
                policy.urgencies,
                tuple(r for r, t in zip(policy.rules, together, strict=True) if t == wanted),
                policy.seats,
            )
            for wanted in (True, False)
        )

    def require(self, request: int, ranking: Ranking, chosen: Int) -> None:
        """Raise ``VerificationError`` unless the judges accept every chosen candidate (int64
        indices), and count of it what the ranking does.
        """
        if not len(chosen):
            return
        doctor = ranking.snapshot.roles.doctor[ranking.candidates.role[chosen]]
        around = self._extracts.around(request, np.unique(doctor), copies=len(chosen))
        verdict = verify(around, self._by_itself, _entered(around, ranking, chosen))
        copies = slice(ASKED, ASKED + len(chosen))
        own = ranking.own[_rows(self._by_itself, ranking)][:, chosen]
        _require(verdict, own, verdict.contributions[:, copies])
        for one in np.unique(doctor).tolist():
            around = self._extracts.around(request, ints([one]))
            self._require_beside(around, ranking, chosen[doctor == one])

    def _require_beside(self, around: Snapshot, ranking: Ranking, chosen: Int) -> None:
        """The same of the rules that look at several visits, for places of one doctor."""
        prior = violations_before(around, self._together)
        rows, policy = _rows(self._together, ranking), self._together
        for index in chosen.tolist():
            plan = _entered(around, ranking, ints([index]))
            verdict = verify(around, policy, plan, prior)
            counted = np.zeros(len(policy.levels), np.int64)
            for row, objective in zip(rows, policy.objectives, strict=True):
                amount = ranking.own[row, index] + ranking.steps[row, index]
                counted[policy.levels.index(objective.level)] += amount
            _require(verdict, counted, verdict.values)


def _rows(policy: Policy, ranking: Ranking) -> list[int]:
    """Rows of the ranking's costs that are those of the objectives of a policy, a part of its."""
    mine = [(rule.level, rule.name) for rule in policy.objectives]
    every = [(rule.level, rule.name) for rule in ranking.policy.objectives]
    return [every.index(named) for named in mine]


def _entered(around: Snapshot, ranking: Ranking, chosen: Int) -> Plan:
    """The plan in which each copy of the request takes one of the chosen candidates."""
    places, plan = ranking.candidates.where(chosen), Plan.empty(around)
    ids, index = ranking.snapshot.sessions.ids, around.index.sessions
    copies = np.arange(ASKED, ASKED + len(chosen))
    plan.state[copies], plan.role[copies] = PLACED, places.role
    plan.session[copies] = [index[ids[session]] for session in places.session.tolist()]
    plan.start[copies], plan.end[copies] = places.start, places.end
    return plan


def _require(verdict: Verdict, mine: Int, theirs: Int) -> None:
    """Raise unless nothing is broken, and both count the same."""
    if verdict.violations:
        first = verdict.violations[0]
        raise VerificationError(f"a place was found that {first.rule} refuses: {first.where}")
    if mine.tolist() != theirs.tolist():
        raise VerificationError(
            f"places are found to count {mine.tolist()}, by the judges {theirs.tolist()}"
        )
