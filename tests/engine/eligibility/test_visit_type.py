"""The session offers the type of visit."""

from __future__ import annotations

from clinic import Clinic, agree


def test_offered_type_is_admitted() -> None:
    """A session that lists the type takes it."""
    clinic = Clinic().visit_type("check").session(visit_type_ids=("check", "visit"))
    assert agree(clinic.request("ann"), "ann", ("s1", "09:00"), "visit_type")


def test_type_that_is_not_listed_is_refused() -> None:
    """A session that lists others does not."""
    clinic = Clinic().visit_type("check").session(visit_type_ids=("check",))
    assert not agree(clinic.request("ann"), "ann", ("s1", "09:00"), "visit_type")


def test_type_needs_a_role_of_its_specialty() -> None:
    """A type of visit of cardiology needs somebody who practises it, or a part of it."""
    clinic = Clinic().visit_type("visit", specialties=("207R",)).session().request("ann")
    assert not agree(clinic, "ann", ("s1", "09:00"), "visit_type")
    clinic.role("role", specialties=("207RC0000X",))
    assert agree(clinic, "ann", ("s1", "09:00"), "visit_type")
    clinic.role("role", specialties=("208000000X",))
    assert not agree(clinic, "ann", ("s1", "09:00"), "visit_type")
