"""An insurance plan leaves networks."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from engine.domain.fields import Id
from engine.domain.record import record
from engine.events.refused import newly_refused
from engine.events.scene import Scene
from engine.problems import Report
from scenarios.changes.absence import asking_again
from scenarios.changes.checking import Checker
from scenarios.changes.networks import networks_of
from scenarios.situation import Situation


@record
class InsurancePlanLeaves:
    """An insurance plan no longer pays the doctors of a network, or of any.

    Patients keep the plan. Appointments that are refused now are dropped, so their requests
    are open again; those that were refused before stay.
    """

    kind: Literal["insurance_plan_leaves"] = "insurance_plan_leaves"
    """What changes."""
    insurance_plan_id: Id
    """Which insurance plan."""
    network: Id | None = None
    """Which network; none: all that it is in."""

    def check(self, situation: Situation, path: str, report: Report) -> None:
        """Report an unknown plan, and a network that it is not in."""
        checker = Checker(situation, path, report)
        checker.refer("insurance_plan_id", self.insurance_plan_id, "insurance_plans")
        networks = networks_of(situation.dataset, self.insurance_plan_id)
        if networks is not None:
            checker.known("network", self.network, networks, "network of the insurance plan")

    def apply(self, situation: Situation, seed: int) -> Situation:
        """The situation without the contract; nothing is drawn."""
        situation.policy.require_urgencies(situation.dataset)
        scene = Scene(situation.dataset, situation.policy)
        plan = scene.insurance_plans[self.insurance_plan_id]
        left = tuple(name for name in plan.networks if self.network not in (None, name))
        was, now = scene.enter_plan(replace(plan, networks=left))
        refused = newly_refused(was, now, situation.policy, scene.all_affected())
        gone = {name for name, _ in refused}
        return replace(situation, dataset=asking_again(scene.dataset, gone))
