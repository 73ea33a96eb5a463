"""No more visits in a room, or on a device, than there are of it."""

from __future__ import annotations

from clinic import Clinic, judged, starts

from engine.match import match
from engine.solve.limits import Limits

FAST = Limits(deterministic=True)


def scans(rooms: int = 1) -> Clinic:
    """Two doctors of one office who share a scanner; every visit needs it."""
    clinic = Clinic().doctor("other").role("other", doctor_id="other")
    clinic.visit_type("visit", minutes=15, resources=("scanner",))
    clinic.session("09:00", "09:30", id="a").session("09:00", "09:30", id="b", role_id="other")
    clinic.resource("scanner", capacity=rooms)
    return clinic.request("ann").request("bob").request("cleo")


def test_one_after_the_other_on_one_device() -> None:
    """The second begins when the first ends."""
    assert judged(scans(), {"ann": ("a", "09:00"), "bob": ("b", "09:15")}) == set()


def test_both_at_once_on_one_device_is_refused() -> None:
    """Two visits at nine, one scanner; with two scanners both fit."""
    together = {"ann": ("a", "09:00"), "bob": ("b", "09:00")}
    assert judged(scans(), together) == {"rooms_and_devices"}
    assert judged(scans(rooms=2), together) == set()


def test_several_records_of_a_kind_add_up() -> None:
    """Two scanners of one seat each are two scanners."""
    clinic = scans().resource("scanner")
    assert judged(clinic, {"ann": ("a", "09:00"), "bob": ("b", "09:00")}) == set()


def test_occupied_cells_count_not_the_told_time() -> None:
    """Ten minutes told, fifteen occupied: the scanner is free at the next cell."""
    clinic = scans().visit_type("visit", minutes=10, minutes_after=10, resources=("scanner",))
    clinic.session("09:15", "10:00", id="c", role_id="other", cell_minutes=5)
    assert judged(clinic, {"ann": ("a", "09:00"), "bob": ("c", "09:30")}) == set()
    assert judged(clinic, {"ann": ("a", "09:00"), "bob": ("c", "09:25")}) == {"rooms_and_devices"}


def test_other_kind_and_other_place_do_not_count() -> None:
    """A visit without a scan, and a scanner elsewhere, are none of its business."""
    clinic = scans().visit_type("talk").request("dan", visit_type_id="talk")
    clinic.location("north").resource("scanner", "north")
    assert judged(clinic, {"ann": ("a", "09:00"), "dan": ("b", "09:00")}) == set()


def test_where_there_is_none_nobody_fits() -> None:
    """A place without the device, and a video visit, are no candidates."""
    clinic = scans().location("north").role("far", location_id="north").video_role()
    clinic.session(id="far", role_id="far").session(id="video", role_id="video", day=1)
    assert starts(clinic, "ann") == ["a 09:00", "a 09:15", "b 09:00", "b 09:15"]
    assert judged(clinic, {"ann": ("far", "09:00")}) >= {"rooms_and_devices"}


def test_appointments_hold_it_and_may_keep_it() -> None:
    """An appointment on the scanner closes the other doctor's cell at that time; two that
    collide already stay, and let no third one in.
    """
    clinic = scans().appointment("09:00", "09:15", request="bob")
    assert starts(clinic, "ann") == ["a 09:15", "b 09:15"]
    clinic.appointment("09:00", "09:15", request="cleo", role_id="other")
    result = match(clinic.dataset(), limits=FAST)
    assert [violation.rule for violation in result.prior] == ["rooms_and_devices"]
    assert starts(clinic, "ann") == ["a 09:15", "b 09:15"]


def test_a_block_holds_no_device() -> None:
    """A doctor who is away does not take the scanner along."""
    assert "b 09:00" in starts(scans().appointment("09:00", "09:30"), "ann")


def test_day_session_holds_nothing() -> None:
    """Without an hour nothing can be said."""
    clinic = scans().session("08:00", "20:00", kind="day", cell_minutes=None, id="d", capacity=9)
    assert judged(clinic, {"ann": ("d", ""), "bob": ("d", ""), "cleo": ("a", "09:00")}) == set()


def test_solver_fills_the_device_and_no_more() -> None:
    """Four cells of two doctors, one scanner: two of three patients are seen, proven."""
    result = match(scans().dataset(), limits=FAST)
    assert result.plan.is_placed.sum() == 2
    assert result.certificate.is_proven
    assert match(scans(rooms=2).dataset(), limits=FAST).plan.is_placed.all()
