"""A doctor is in one place at a time."""

from __future__ import annotations

from typing import Any

from clinic import Clinic, judged, starts

from engine.checks import check_dataset
from engine.domain import Service
from engine.match import match
from engine.solve.limits import Limits

FAST = Limits(deterministic=True)


def office_and_video(**session: Any) -> Clinic:
    """One doctor with an office session and a video session that overlap from 09:30."""
    clinic = Clinic().video_role().session("09:00", "10:00", id="office", **session)
    clinic.session("09:30", "10:30", role_id="video", id="video", **session)
    return clinic.request("ann").request("bob").request("cleo")


def test_overlap_is_allowed_with_a_warning() -> None:
    """Overlapping sessions are data, not an error."""
    report = check_dataset(office_and_video().dataset())
    assert [problem.code for problem in report.problems] == ["overlapping_sessions"]


def test_one_after_the_other_is_fine() -> None:
    """An office visit until 09:30, then video."""
    clinic = office_and_video()
    assert judged(clinic, {"ann": ("office", "09:15"), "bob": ("video", "09:30")}) == set()


def test_both_at_once_is_not() -> None:
    """Not in the office and on the screen at 09:30."""
    clinic = office_and_video()
    broken = judged(clinic, {"ann": ("office", "09:30"), "bob": ("video", "09:30")})
    assert broken == {"doctor_in_one_place"}


def test_occupied_time_counts_not_only_the_told_time() -> None:
    """Time after a visit keeps the doctor in the office."""
    clinic = office_and_video().visit_type("visit", minutes=15, minutes_after=15)
    broken = judged(clinic, {"ann": ("office", "09:15"), "bob": ("video", "09:30")})
    assert broken == {"doctor_in_one_place"}


def test_solver_keeps_the_doctor_in_one_place() -> None:
    """Six cells in two sessions hold six visits' worth of time, not eight."""
    clinic = office_and_video()
    for name in ("dan", "eve", "finn", "gus", "hal"):
        clinic.request(name)
    result = match(clinic.dataset(), limits=FAST)
    assert result.plan.is_placed.sum() == 6
    assert result.certificate.is_proven


def test_group_session_is_attended_or_not() -> None:
    """With several seats, the doctor is in one of the two sessions at each instant: both
    seats of one may be used, but not one seat of each.
    """
    clinic = office_and_video(capacity=2)
    together = {"ann": ("office", "09:30"), "bob": ("office", "09:30"), "cleo": ("video", "10:00")}
    assert judged(clinic, together) == set()
    apart = {"ann": ("office", "09:30"), "bob": ("video", "09:30")}
    assert judged(clinic, apart) == {"doctor_in_one_place"}
    for name in ("dan", "eve", "finn", "gus", "hal", "ida", "jo", "kim", "lee", "max"):
        clinic.request(name)
    result = match(clinic.dataset(), limits=FAST)
    assert result.plan.is_placed.sum() == 12
    assert result.certificate.is_proven


def test_appointment_keeps_the_doctor_where_it_is() -> None:
    """An office appointment at 09:45 closes the video cell at that time, and only that."""
    clinic = office_and_video().appointment("09:45", "10:00", request="cleo")
    assert "video 09:45" not in starts(clinic, "ann")
    assert {"video 09:30", "video 10:00", "office 09:30"} <= set(starts(clinic, "ann"))
    assert judged(clinic, {"ann": ("video", "09:45")}) == {"doctor_in_one_place"}


def test_block_outside_every_session_counts() -> None:
    """A meeting of the doctor in a role without a session at that time closes the cells."""
    clinic = Clinic().role("desk").session(id="office").request("ann")
    clinic.appointment("09:20", "09:40", role_id="desk")
    assert starts(clinic, "ann") == ["office 09:00", "office 09:45"]
    assert judged(clinic, {"ann": ("office", "09:15")}) == {"doctor_in_one_place"}


def test_appointments_that_collide_already_let_nobody_in() -> None:
    """Where appointments keep the doctor in two places, no third visit joins either."""
    clinic = office_and_video(capacity=2)
    clinic.appointment("09:30", "09:45", request="bob")
    clinic.appointment("09:30", "09:45", request="cleo", role_id="video")
    result = match(clinic.dataset(), limits=FAST)
    assert [violation.rule for violation in result.prior] == ["doctor_in_one_place"]
    assert not {"office 09:30", "video 09:30"} & set(starts(clinic, "ann"))


def test_service_may_be_in_several_places() -> None:
    """Where no doctor is named, nobody has to be in one place."""
    clinic = Clinic(services=[Service(id="chairs")])
    clinic.role("here", service_id="chairs").role("there", service_id="chairs")
    clinic.session(role_id="here", id="a").session(role_id="there", id="b")
    clinic.request("ann").request("bob")
    assert judged(clinic, {"ann": ("a", "09:00"), "bob": ("b", "09:00")}) == set()


def test_day_session_is_in_no_place() -> None:
    """A day session leaves the doctor free for a timed one."""
    clinic = Clinic().session("08:00", "20:00", kind="day", cell_minutes=None, id="d")
    clinic.video_role().session(role_id="video", id="video").request("ann").request("bob")
    assert judged(clinic, {"ann": ("d", ""), "bob": ("video", "09:00")}) == set()


def test_block_beside_a_day_session_keeps_the_doctor() -> None:
    """A block of some hours in a role that has a day session alone takes a seat of the day,
    and closes the screen.
    """
    clinic = Clinic().session("08:00", "20:00", kind="day", cell_minutes=None, id="d")
    clinic.video_role().session("09:00", "10:00", role_id="video", id="video").request("ann")
    clinic.appointment("09:20", "09:40")
    assert starts(clinic, "ann") == ["video 09:00", "video 09:45"]


def test_appointments_and_requests_of_one_name_are_told_apart() -> None:
    """A clash of appointments "a1" and "a2" does not hide one of request "a1" with "a2"."""
    clinic = office_and_video(capacity=2).request("a1").request("gus")
    clinic.appointment("09:30", "09:45", request="bob")
    clinic.appointment("09:30", "09:45", request="cleo", role_id="video")
    assert judged(clinic, {"a1": ("office", "09:30")}) == {"doctor_in_one_place"}
