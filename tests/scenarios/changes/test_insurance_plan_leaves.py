"""An insurance plan leaves networks."""

from __future__ import annotations

from clinic import Clinic
from situations import after, open_requests, situation_of, wrong

from engine.domain import Dataset, InsurancePlan
from engine.events.aftermath import aftermath_of
from engine.events.events import PlanLeavesNetwork
from engine.policy import Policy


def insured() -> Clinic:
    """Ann has a plan in two networks; the doctor takes one of them, another doctor both."""
    clinic = Clinic(plans=[InsurancePlan(id="P", networks=("N1", "N2"))])
    clinic.role("role", networks=("N1",)).doctor("eve").role(
        "eve-role", doctor_id="eve", networks=("N1", "N2")
    )
    clinic.session().session(role_id="eve-role")
    return clinic.patient("ann", insurance_plan_id="P").request("ann").request("again", "ann")


def networks(dataset: Dataset) -> tuple[str, ...]:
    """Networks of the plan."""
    (plan,) = dataset.insurance_plans
    return plan.networks


def test_one_network_is_left() -> None:
    """Who is refused now asks again; who is still in a network keeps their place."""
    clinic = insured()
    clinic.appointment("09:00", "09:15", request="ann")
    clinic.appointment("09:30", "09:45", request="again", role_id="eve-role")
    found = after(clinic, "insurance_plan_leaves", insurance_plan_id="P", network="N1").dataset
    assert networks(found) == ("N2",)
    assert open_requests(found) == ["ann"]


def test_all_networks_are_left() -> None:
    """Nobody is paid any more; the patient keeps the plan."""
    clinic = insured()
    clinic.appointment("09:30", "09:45", request="again", role_id="eve-role")
    found = after(clinic, "insurance_plan_leaves", insurance_plan_id="P").dataset
    assert networks(found) == ()
    assert open_requests(found) == ["ann", "again"]
    assert found.patients[0].insurance_plan_id == "P"


def test_it_takes_what_the_events_take() -> None:
    """The same people as when a repair hears of every network."""
    clinic = insured()
    clinic.appointment("09:00", "09:15", request="ann")
    clinic.appointment("09:30", "09:45", request="again", role_id="eve-role")
    events = [PlanLeavesNetwork(insurance_plan_id="P", network=name) for name in ("N1", "N2")]
    forced = aftermath_of(clinic.dataset(), events, Policy.default()).forced
    found = after(clinic, "insurance_plan_leaves", insurance_plan_id="P").dataset
    assert {row.appointment_id for row in forced} == {"a1", "a2"}
    assert found.appointments == ()


def test_who_was_refused_before_stays() -> None:
    """A place that a rule had refused already is not dropped for it."""
    clinic = insured().role("role", networks=("N3",))
    clinic.appointment("09:00", "09:15", request="ann")
    found = after(clinic, "insurance_plan_leaves", insurance_plan_id="P").dataset
    assert open_requests(found) == ["again"]


def test_wrong_names_are_refused() -> None:
    """An unknown plan, and a network that the plan is not in."""
    situation = situation_of(insured())
    assert wrong(situation, "insurance_plan_leaves", insurance_plan_id="Q") == [
        ("dangling_reference", "/changes/0/insurance_plan_id")
    ]
    assert wrong(situation, "insurance_plan_leaves", insurance_plan_id="P", network="N3") == [
        ("dangling_reference", "/changes/0/network")
    ]
