"""The visit is paid for."""

from __future__ import annotations

from clinic import Clinic, agree

from engine.domain import InsurancePlan


def insured(networks: tuple[str, ...] | str, **role: bool) -> Clinic:
    """Ann has plan P in network N1; Bob pays himself; the role is in ``networks``."""
    clinic = Clinic(plans=[InsurancePlan(id="P", networks=("N1", "N2"))])
    clinic.role("role", networks=networks, **role).session()
    clinic.patient("ann", insurance_plan_id="P").request("ann")
    return clinic.request("bob")


def test_shared_network_is_admitted() -> None:
    """One network in common is enough."""
    assert agree(insured(("N2", "N3")), "ann", ("s1", "09:00"), "network")


def test_other_network_is_refused() -> None:
    """Networks that the plan does not list pay nothing."""
    assert not agree(insured(("N3",)), "ann", ("s1", "09:00"), "network")


def test_role_without_networks_is_for_nobody() -> None:
    """A role without networks admits no insured patient, even if it takes cash."""
    assert not agree(insured((), accepts_self_pay=True), "ann", ("s1", "09:00"), "network")


def test_any_network_is_admitted() -> None:
    """A role that takes any network takes everybody."""
    assert agree(insured("any"), "ann", ("s1", "09:00"), "network")
    assert agree(insured("any"), "bob", ("s1", "09:00"), "network")


def test_self_payer_needs_a_role_that_takes_cash() -> None:
    """Without insurance, only a role that says so."""
    assert not agree(insured(("N1",)), "bob", ("s1", "09:00"), "network")
    assert agree(insured(("N1",), accepts_self_pay=True), "bob", ("s1", "09:00"), "network")
