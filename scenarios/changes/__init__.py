"""What a scenario can change: one file per kind, and how a list of changes is applied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

from pydantic import Field as Choice

from engine.errors import ScenarioError
from engine.interchange.kinds import Kinds
from engine.problems import Report
from scenarios.changes.demand_scaled import DemandScaled
from scenarios.changes.doctor_absent import DoctorAbsent
from scenarios.changes.doctor_leaves import DoctorLeaves
from scenarios.changes.insurance_plan_joins import InsurancePlanJoins
from scenarios.changes.insurance_plan_leaves import InsurancePlanLeaves
from scenarios.changes.location_closes import LocationCloses
from scenarios.changes.location_opens import LocationOpens
from scenarios.changes.overbooking import Overbooking
from scenarios.changes.places_reserved import PlacesReserved
from scenarios.changes.policy_set import PolicySet
from scenarios.changes.sessions_added import SessionsAdded
from scenarios.changes.sessions_cut import SessionsCut
from scenarios.changes.visit_length import VisitLengthChanged
from scenarios.situation import Situation

__all__ = ["CHANGES", "CHANGES_FORMAT", "Change", "OneChange", "applied"]

OneChange = (
    DoctorLeaves
    | DoctorAbsent
    | SessionsAdded
    | SessionsCut
    | LocationOpens
    | LocationCloses
    | InsurancePlanLeaves
    | InsurancePlanJoins
    | DemandScaled
    | VisitLengthChanged
    | PlacesReserved
    | Overbooking
    | PolicySet
)

Change = Annotated[OneChange, Choice(discriminator="kind")]
"""Something that a scenario changes; in a file an object that says by its ``kind`` what."""

CHANGES: dict[str, type[OneChange]] = {
    "doctor_leaves": DoctorLeaves,
    "doctor_absent": DoctorAbsent,
    "sessions_added": SessionsAdded,
    "sessions_cut": SessionsCut,
    "location_opens": LocationOpens,
    "location_closes": LocationCloses,
    "insurance_plan_leaves": InsurancePlanLeaves,
    "insurance_plan_joins": InsurancePlanJoins,
    "demand_scaled": DemandScaled,
    "visit_length": VisitLengthChanged,
    "places_reserved": PlacesReserved,
    "overbooking": Overbooking,
    "policy_set": PolicySet,
}
"""Record type of every kind."""

CHANGES_FORMAT: Kinds[OneChange] = Kinds(CHANGES, tuple[Change, ...], "change", ScenarioError)
"""How changes are read; what they name is judged when they are applied."""


def applied(
    situation: Situation,
    changes: Sequence[OneChange],
    seed: int,
    path: str = "/changes",
    warnings: Report | None = None,
    on_applied: Callable[[Situation], None] | None = None,
) -> Situation:
    """Apply changes, one after the other.

    Each is judged in the situation that those before it have made; one that cannot be applied
    is passed over, so that all the others are judged too.

    Parameters
    ----------
    situation
        What is changed; it stays as it is.
    changes
        In their order.
    seed
        Of all draws, not below 0: the same seed gives the same situation.
    path
        Where the list stands, for messages.
    warnings
        Hears of changes that change nothing.
    on_applied
        Hears of the situation that each change has made.

    Raises
    ------
    ScenarioError
        Everything that is wrong with the changes.
    PolicyError
        The dataset uses an urgency class that the policy does not have.
    """
    report = Report()
    for index, change in enumerate(changes):
        found = Report()
        change.check(situation, f"{path}/{index}", found)
        report.extend(found)
        if found.num_errors:
            continue
        afterwards = change.apply(situation, seed)
        if afterwards == situation:
            message = "nothing is there that it could change"
            report.warn("nothing_touched", f"{path}/{index}", message, change.kind)
        situation = afterwards
        if on_applied is not None:
            on_applied(situation)
    if report.num_errors:
        raise ScenarioError.of(report)
    if warnings is not None:
        warnings.extend(report)
    return situation
