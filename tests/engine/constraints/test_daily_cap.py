"""No more visits on a day than a role or a doctor takes."""

from __future__ import annotations

from typing import Any

from clinic import Clinic, judged, starts

from engine.domain import DailyCap
from engine.match import match
from engine.solve.limits import Limits

FAST = Limits(deterministic=True)


def capped(*caps: DailyCap, **more: Any) -> Clinic:
    """Two days of four cells, three patients, caps on the role."""
    clinic = Clinic().visit_type("check").role("role", daily_caps=caps, **more)
    clinic.session(id="mon").session(day=1, id="tue")
    return clinic.request("ann").request("bob").request("cleo", visit_type_id="check")


def test_as_many_as_the_cap_is_fine() -> None:
    """Two of two."""
    clinic = capped(DailyCap(limit=2))
    assert judged(clinic, {"ann": ("mon", "09:00"), "bob": ("mon", "09:15")}) == set()


def test_one_more_is_not() -> None:
    """Two of one."""
    clinic = capped(DailyCap(limit=1))
    assert judged(clinic, {"ann": ("mon", "09:00"), "bob": ("mon", "09:15")}) == {"daily_cap"}


def test_each_day_counts_for_itself() -> None:
    """One today and one tomorrow are one a day."""
    clinic = capped(DailyCap(limit=1))
    assert judged(clinic, {"ann": ("mon", "09:00"), "bob": ("tue", "09:00")}) == set()


def test_cap_of_a_type_counts_that_type() -> None:
    """A cap on checks leaves other visits alone."""
    clinic = capped(DailyCap(limit=0, visit_type_id="check"))
    assert judged(clinic, {"ann": ("mon", "09:00"), "bob": ("mon", "09:15")}) == set()
    assert judged(clinic, {"cleo": ("mon", "09:30")}) == {"daily_cap"}
    assert starts(clinic, "cleo") == []


def test_cap_of_a_doctor_counts_all_roles() -> None:
    """A doctor's cap is for office and video together; a role's is for the role alone."""
    for per, broken in (("doctor", {"daily_cap"}), ("role", set())):
        clinic = capped(DailyCap(limit=1, per=per))
        clinic.video_role().session("11:00", "12:00", role_id="video", id="video")
        plan = {"ann": ("mon", "09:00"), "bob": ("video", "11:00")}
        assert judged(clinic, plan) == broken


def test_appointments_count_blocks_do_not() -> None:
    """An appointment uses the cap up; a block is no visit."""
    clinic = capped(DailyCap(limit=1)).appointment("09:00", "09:15", request="bob")
    assert [place.split()[0] for place in starts(clinic, "ann")] == ["tue"] * 4
    clinic = capped(DailyCap(limit=1)).appointment("09:00", "09:15")
    assert "mon 09:15" in starts(clinic, "ann")


def test_day_is_the_local_day() -> None:
    """Half past eleven at night and half past midnight are two days."""
    clinic = Clinic().role("role", daily_caps=(DailyCap(limit=1),))
    clinic.session("23:30", "23:45", id="late").session("00:15", "00:30", day=1, id="early")
    clinic.request("ann").request("bob")
    assert judged(clinic, {"ann": ("late", "23:30"), "bob": ("early", "00:15")}) == set()


def test_solver_spreads_over_the_days() -> None:
    """With one visit a day, the second patient comes tomorrow and the third not at all."""
    result = match(capped(DailyCap(limit=1)).dataset(), limits=FAST)
    assert result.plan.is_placed.sum() == 2
    assert result.certificate.is_proven


def test_lowest_of_different_caps_holds() -> None:
    """Where a doctor's roles state different caps, the lowest counts."""
    clinic = capped(DailyCap(limit=3, per="doctor"))
    clinic.video_role(daily_caps=(DailyCap(limit=1, per="doctor"),))
    plan = {"ann": ("mon", "09:00"), "bob": ("mon", "09:15")}
    assert judged(clinic, plan) == {"daily_cap"}
