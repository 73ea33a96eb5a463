"""An insurance plan joins a network."""

from __future__ import annotations

from clinic import Clinic
from situations import after, wrong

from engine.domain import InsurancePlan


def outside() -> Clinic:
    """Two plans, and a doctor in a network that neither is in."""
    plans = [InsurancePlan(id="P", networks=("N1",)), InsurancePlan(id="Q")]
    return Clinic(plans=plans).role("role", networks=("N2",)).session()


def test_the_plan_is_in_one_network_more() -> None:
    """The other plan is as it was."""
    found = after(outside(), "insurance_plan_joins", insurance_plan_id="P", network="N2").dataset
    assert [row.networks for row in found.insurance_plans] == [("N1", "N2"), ()]


def test_to_join_again_changes_nothing() -> None:
    """A network is listed once."""
    found = after(outside(), "insurance_plan_joins", insurance_plan_id="P", network="N1").dataset
    assert found == outside().dataset()


def test_wrong_names_are_refused() -> None:
    """A network that nobody names is a slip of the pen."""
    assert wrong(outside(), "insurance_plan_joins", insurance_plan_id="R", network="N3") == [
        ("dangling_reference", "/changes/0/insurance_plan_id"),
        ("dangling_reference", "/changes/0/network"),
    ]
