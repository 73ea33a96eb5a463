"""A patient is in one place at a time."""

from __future__ import annotations

from clinic import Clinic, judged, starts

from engine.match import match
from engine.solve.limits import Limits

FAST = Limits(deterministic=True)


def two_doctors() -> Clinic:
    """Two doctors with a session each at the same time; Ann wants both."""
    clinic = Clinic().doctor("other").role("other", doctor_id="other")
    clinic.session("09:00", "09:30", id="a")
    clinic.session("09:00", "09:30", role_id="other", id="b")
    return clinic


def test_visits_may_touch() -> None:
    """One visit ends as the next begins."""
    clinic = two_doctors().request("one", "ann").request("two", "ann")
    assert judged(clinic, {"one": ("a", "09:00"), "two": ("b", "09:15")}) == set()


def test_visits_may_not_overlap() -> None:
    """Not even by a minute."""
    clinic = two_doctors().visit_type("longer", minutes=16)
    clinic.request("one", "ann", visit_type_id="longer").request("two", "ann")
    broken = judged(clinic, {"one": ("a", "09:00"), "two": ("b", "09:15")})
    assert broken == {"patient_in_one_place"}


def test_solver_keeps_the_patient_in_one_place() -> None:
    """Two requests of one patient never get the same time, though both doctors are free."""
    clinic = two_doctors().request("one", "ann").request("two", "ann")
    result = match(clinic.dataset(), limits=FAST)
    assert result.plan.is_placed.all()
    assert len(set(result.plan.start.tolist())) == 2


def test_appointment_elsewhere_blocks_the_patient() -> None:
    """Ann's appointment with one doctor keeps her from the other at that time."""
    clinic = two_doctors().request("one", "ann").request("two", "ann")
    clinic.appointment("09:05", "09:20", request="one")
    assert starts(clinic, "two") == []
    clinic.appointments.clear()
    clinic.appointment("09:00", "09:15", request="one")
    assert starts(clinic, "two") == ["a 09:15", "b 09:15"]


def test_only_one_of_two_fits() -> None:
    """With one instant in common and nothing else, one of the two is left, and it is proven."""
    clinic = two_doctors().visit_type("visit", minutes=30)
    clinic.request("one", "ann").request("two", "ann").request("bob")
    result = match(clinic.dataset(), limits=FAST)
    assert result.plan.is_placed.sum() == 2
    assert result.plan.is_placed[2]
    assert result.certificate.is_proven


def test_day_session_joins_no_clash() -> None:
    """A seat without a told time overlaps nothing."""
    clinic = two_doctors().session("08:00", "20:00", kind="day", cell_minutes=None, id="d")
    clinic.request("one", "ann").request("two", "ann")
    assert judged(clinic, {"one": ("d", ""), "two": ("a", "09:00")}) == set()
