"""Only the doctors insisted on."""

from __future__ import annotations

from typing import Any

from clinic import Clinic, agree

from engine.domain import DoctorWish, Wishes


def wishing(*names: str, insists: bool) -> Clinic:
    """Two doctors, and Ann who wishes for some."""
    clinic = Clinic().doctor("other").role("other-role", doctor_id="other")
    clinic.session(id="mine").session(role_id="other-role", id="other")
    wishes = Wishes(doctors=tuple(DoctorWish(doctor_id=name) for name in names))
    more: dict[str, Any] = {"insists_on": ("doctors",)} if insists else {}
    return clinic.request("ann", wishes=wishes, **more)


def test_listed_doctor_is_admitted() -> None:
    """Any doctor of the list will do."""
    clinic = wishing("other", "dr", insists=True)
    assert agree(clinic, "ann", ("mine", "09:00"), "wished_doctor")
    assert agree(clinic, "ann", ("other", "09:00"), "wished_doctor")


def test_other_doctor_is_refused() -> None:
    """Nobody else will."""
    assert not agree(wishing("other", insists=True), "ann", ("mine", "09:00"), "wished_doctor")


def test_mere_wish_does_not_bind() -> None:
    """Without insisting, everybody will."""
    assert agree(wishing("other", insists=False), "ann", ("mine", "09:00"), "wished_doctor")
