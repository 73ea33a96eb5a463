"""Linked visits with one doctor."""

from __future__ import annotations

from clinic import Clinic, judged, starts

from engine.match import match
from engine.solve.limits import Limits

FAST = Limits(deterministic=True)


def doctors() -> Clinic:
    """One cell of one doctor, two of another; Ann's two visits are with one of them."""
    clinic = Clinic().doctor("other").role("other", doctor_id="other").video_role()
    clinic.session("09:00", "09:15", id="dr").session("14:00", "14:15", id="video", role_id="video")
    clinic.session("11:00", "11:30", id="other", role_id="other")
    clinic.request("one", "ann").request("two", "ann")
    return clinic.link("one", "two", same_doctor=True)


def test_one_doctor_holds_two_do_not() -> None:
    """The same doctor in two roles is one; two doctors are two."""
    assert judged(doctors(), {"one": ("dr", "09:00"), "two": ("video", "14:00")}) == set()
    apart = {"one": ("dr", "09:00"), "two": ("other", "11:00")}
    assert judged(doctors(), apart) == {"linked_same_doctor"}


def test_solver_keeps_to_one_doctor() -> None:
    """Eleven o'clock twice with the other doctor is sooner than nine and fourteen."""
    result = match(doctors().dataset(), limits=FAST)
    assert {result.snapshot.sessions.ids[s] for s in result.plan.session.tolist()} == {"other"}
    assert result.certificate.is_proven


def test_appointment_settles_the_doctor() -> None:
    """The first visit is booked with the other doctor."""
    clinic = doctors().appointment("11:00", "11:15", request="one", role_id="other")
    assert starts(clinic, "two") == ["other 11:15"]


def test_one_alone_is_free() -> None:
    """Where one is left unplaced, nothing is asked of the other."""
    assert judged(doctors(), {"one": ("dr", "09:00")}) == set()
