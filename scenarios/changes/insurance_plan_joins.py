"""An insurance plan joins a network."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from engine.domain.fields import Id
from engine.domain.record import record
from engine.problems import Report
from scenarios.changes.checking import Checker
from scenarios.changes.networks import all_networks
from scenarios.situation import Situation


@record
class InsurancePlanJoins:
    """An insurance plan pays the doctors of one more network from now on."""

    kind: Literal["insurance_plan_joins"] = "insurance_plan_joins"
    """What changes."""
    insurance_plan_id: Id
    """Which insurance plan."""
    network: Id
    """A network that some plan or role names already."""

    def check(self, situation: Situation, path: str, report: Report) -> None:
        """Report an unknown plan or network."""
        checker = Checker(situation, path, report)
        checker.refer("insurance_plan_id", self.insurance_plan_id, "insurance_plans")
        checker.known("network", self.network, all_networks(situation.dataset), "network")

    def apply(self, situation: Situation, seed: int) -> Situation:
        """The situation with the contract; nothing is drawn."""
        dataset = situation.dataset
        plans = tuple(
            replace(row, networks=tuple(dict.fromkeys((*row.networks, self.network))))
            if row.id == self.insurance_plan_id
            else row
            for row in dataset.insurance_plans
        )
        return replace(situation, dataset=replace(dataset, insurance_plans=plans))
