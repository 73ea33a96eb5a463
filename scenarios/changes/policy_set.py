"""Rules, standards, seats or fairness of the policy are set."""

from __future__ import annotations

from dataclasses import field, replace
from typing import Any, Literal

from engine.domain.fields import Id
from engine.domain.record import record
from engine.errors import PolicyError
from engine.interchange.policy_file import policy_content, policy_from
from engine.policy import Policy
from engine.problems import Problem, Report
from scenarios.changes.checking import Checker
from scenarios.situation import Situation


@record
class PolicySet:
    """Rules, standards, seats or fairness are set, as in a policy file, over the policy now.

    What is not mentioned stays as it is. A rule that is off is switched on by being mentioned.
    """

    kind: Literal["policy_set"] = "policy_set"
    """What changes."""
    rules: dict[Id, Any] = field(default_factory=dict)
    """Parameters by rule; ``enabled: false`` switches a rule off."""
    urgencies: dict[Id, Any] = field(default_factory=dict)
    """Standards by class. Where a class is named that does not hold now, these are all classes,
    in order, and standards by visit type are to be stated anew."""
    by_visit_type: dict[Id, Any] = field(default_factory=dict)
    """Standards by type of visit and class."""
    seats: dict[Id, Any] = field(default_factory=dict)
    """How many visits cells take."""
    fairness: dict[Id, Any] = field(default_factory=dict)
    """From where on gaps between groups are told."""

    def check(self, situation: Situation, path: str, report: Report) -> None:
        """Report what no policy file could say, and classes that requests need."""
        checker = Checker(situation, path, report)
        checker.some(
            rules=self.rules,
            urgencies=self.urgencies,
            by_visit_type=self.by_visit_type,
            seats=self.seats,
            fairness=self.fairness,
        )
        for name in self.by_visit_type:
            checker.refer(f"by_visit_type/{name}", name, "visit_types")
        try:
            policy = self._over(situation.policy, path)
        except PolicyError as error:
            for problem in error.problems:
                report.add(problem)
            return
        try:
            policy.require_urgencies(situation.dataset)
        except PolicyError as error:
            for row in error.problems:
                report.add(Problem(row.code, f"{path}/urgencies", row.message, row.value))

    def apply(self, situation: Situation, seed: int) -> Situation:
        """The situation with the policy; nothing is drawn."""
        return replace(situation, policy=self._over(situation.policy, ""))

    def _over(self, policy: Policy, path: str) -> Policy:
        """The policy with what is set."""
        content = policy_content(policy)
        off = {"enabled": False}
        held = {name: {} if row == off else row for name, row in content["rules"].items()}
        rules = {**content["rules"], **_merged(held, self.rules)}
        content["rules"] = rules
        if self.urgencies.keys() <= content["urgencies"].keys():
            content["urgencies"].update(self.urgencies)
        else:
            content["urgencies"], content["by_visit_type"] = self.urgencies, {}
        content["by_visit_type"].update(_merged(content["by_visit_type"], self.by_visit_type))
        content["seats"].update(self.seats)
        content["fairness"].update(self.fairness)
        return policy_from(content, path)


def _merged(held: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Tables that are given, each over the one that is held; what is no table is left so."""
    return {
        name: held.get(name, {}) | table if isinstance(table, dict) else table
        for name, table in given.items()
    }
