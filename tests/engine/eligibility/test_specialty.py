"""The role practises what the request asks for."""

from __future__ import annotations

import pytest
from clinic import Clinic, agree, starts

from engine.specialties import covers_table

INTERNAL, CARDIOLOGY = "207R00000X", "207RC0000X"


def practising(*codes: str) -> Clinic:
    """A clinic whose role practises ``codes``."""
    return Clinic().role("role", specialties=codes).session()


def test_same_code_is_admitted() -> None:
    """Who asks for a code may see somebody who holds it."""
    clinic = practising(CARDIOLOGY).request("ann", specialty=CARDIOLOGY)
    assert agree(clinic, "ann", ("s1", "09:00"), "specialty")


def test_parent_is_answered_by_child() -> None:
    """Who asks for internal medicine may see a cardiologist."""
    clinic = practising(CARDIOLOGY).request("ann", specialty=INTERNAL)
    assert agree(clinic, "ann", ("s1", "09:00"), "specialty")


def test_child_is_not_answered_by_parent() -> None:
    """Who asks for cardiology may not see a general internist."""
    clinic = practising(INTERNAL).request("ann", specialty=CARDIOLOGY)
    assert not agree(clinic, "ann", ("s1", "09:00"), "specialty")


def test_role_without_codes_admits_nobody_who_asks() -> None:
    """Nothing but the request fixed: an unknown practice answers no code."""
    assert not agree(
        practising().request("ann", specialty=INTERNAL), "ann", ("s1", "09:00"), "specialty"
    )


def test_one_of_many_codes_is_enough() -> None:
    """With everything else stated, one fitting code among several admits."""
    clinic = practising("208000000X", CARDIOLOGY, "207K00000X").request(
        "ann", specialty="207R", urgency="urgent", max_travel_km=5.0
    )
    assert agree(clinic, "ann", ("s1", "09:15"), "specialty")


def test_no_code_asks_for_nothing() -> None:
    """A request without a code goes to any role."""
    assert starts(practising().request("ann"), "ann")


@pytest.mark.parametrize(
    ("asked", "held", "answered"),
    [
        ("20", CARDIOLOGY, True),
        ("207R", INTERNAL, True),
        (INTERNAL, "207R", True),
        ("207R", "207Q00000X", False),
        ("21", CARDIOLOGY, False),
        ("heart", "heart", True),
        ("heart", "heart-surgery", False),
        ("207RC", CARDIOLOGY, False),
        (CARDIOLOGY, INTERNAL, False),
    ],
)
def test_depth_is_read_from_the_code(asked: str, held: str, *, answered: bool) -> None:
    """Groupings and classifications are parents; codes that are not NUCC stand alone."""
    assert covers_table([asked], [held]).tolist() == [[answered]]
