"""Requests left without a place."""

from __future__ import annotations

from clinic import Clinic

from engine.match import match
from engine.solve.limits import Limits

FAST = Limits(deterministic=True)


def test_the_most_urgent_gets_the_only_place() -> None:
    """One place, four classes: the emergent patient gets it, though it asked last."""
    clinic = Clinic().session(end="09:15")
    for name in ("routine", "soon", "urgent", "emergent"):
        clinic.request(name, urgency=name)
    result = match(clinic.dataset(), limits=FAST)
    assert result.plan.is_placed.tolist() == [False, False, False, True]
    values = {level.name: level.value for level in result.certificate.levels}
    assert values["unplaced_emergent"] == 0
    assert values["unplaced_urgent"] == values["unplaced_soon"] == values["unplaced_routine"] == 1


def test_one_urgent_outweighs_any_number_of_routine() -> None:
    """A long urgent visit is placed although it costs four routine ones their place."""
    clinic = Clinic().visit_type("long", minutes=60).session()
    clinic.request("urgent", urgency="urgent", visit_type_id="long")
    for number in range(4):
        clinic.request(f"routine{number}")
    result = match(clinic.dataset(), limits=FAST)
    assert result.plan.is_placed.tolist() == [True, False, False, False, False]
    assert result.certificate.is_proven


def test_kept_requests_are_not_unplaced() -> None:
    """Who has an appointment is served already."""
    clinic = Clinic().session().request("ann").appointment("09:00", "09:15", request="ann")
    result = match(clinic.dataset(), limits=FAST)
    assert sum(level.value for level in result.certificate.levels) == 0
