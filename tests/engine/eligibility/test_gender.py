"""Gender of patient and doctor, where it matters."""

from __future__ import annotations

from typing import Any

from clinic import Clinic, agree

from engine.domain import Wishes


def people(doctor: str | None, patient: str | None, served: Any = (), wish: Any = None) -> Clinic:
    """A doctor and a patient with their genders."""
    clinic = Clinic().doctor("dr", gender=doctor).role("role", genders_served=served).session()
    return clinic.patient("ann", gender=patient).request("ann", wishes=Wishes(gender=wish))


def test_served_gender_is_admitted() -> None:
    """A role for women and others sees a woman."""
    clinic = people(None, "female", ("female", "other"))
    assert agree(clinic, "ann", ("s1", "09:00"), "gender")


def test_other_or_unknown_gender_is_refused() -> None:
    """It does not see a man, nor somebody whose gender is unknown."""
    assert not agree(people(None, "male", ("female",)), "ann", ("s1", "09:00"), "gender")
    assert not agree(people(None, None, ("female",)), "ann", ("s1", "09:00"), "gender")


def test_everybody_is_served_where_nothing_is_said() -> None:
    """A role that says nothing, or names all, serves everybody."""
    assert agree(people(None, None), "ann", ("s1", "09:00"), "gender")
    every = ("female", "male", "other")
    assert agree(people(None, None, every), "ann", ("s1", "09:00"), "gender")


def test_wished_gender_binds() -> None:
    """A wish for a woman is met by a woman only; unknown does not do."""
    assert agree(people("female", "male", (), "female"), "ann", ("s1", "09:00"), "gender")
    assert not agree(people("male", "female", (), "female"), "ann", ("s1", "09:00"), "gender")
    assert not agree(people(None, "female", (), "female"), "ann", ("s1", "09:00"), "gender")
