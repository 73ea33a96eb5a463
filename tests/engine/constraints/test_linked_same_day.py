"""Linked visits on one day."""

from __future__ import annotations

from clinic import Clinic, judged, starts

from engine.match import match
from engine.solve.limits import Limits

FAST = Limits(deterministic=True)


def days() -> Clinic:
    """One cell on Monday, two on Tuesday; Ann and Bob come on one day."""
    clinic = Clinic().session("09:00", "09:15", id="mon").session("09:00", "09:30", 1, "tue")
    return clinic.request("ann").request("bob").link("ann", "bob", same_day=True)


def test_one_day_holds_two_days_do_not() -> None:
    """Both on Tuesday; not Monday and Tuesday."""
    assert judged(days(), {"ann": ("tue", "09:00"), "bob": ("tue", "09:15")}) == set()
    apart = {"ann": ("mon", "09:00"), "bob": ("tue", "09:00")}
    assert judged(days(), apart) == {"linked_same_day"}


def test_one_alone_is_free() -> None:
    """Where one is left unplaced, nothing is asked of the other."""
    assert judged(days(), {"ann": ("mon", "09:00")}) == set()


def test_solver_takes_the_later_day_for_both() -> None:
    """Monday is sooner for one, Tuesday has room for two."""
    result = match(days().dataset(), limits=FAST)
    assert result.plan.is_placed.all()
    assert result.certificate.is_proven


def test_midnight_at_the_place_decides() -> None:
    """Half past eleven in New York and half past ten in Chicago are one evening; half past
    midnight in New York is the next day, though Chicago has Monday still.
    """
    clinic = Clinic().doctor("other").location("west", time_zone="America/Chicago")
    clinic.role("w", location_id="west", doctor_id="other")
    clinic.session("23:30", "23:45", id="ny").session("00:30", "00:45", 1, "ny-late")
    clinic.session("23:30", "23:45", id="west", role_id="w")
    clinic.request("ann").request("bob").link("ann", "bob", same_day=True)
    assert judged(clinic, {"ann": ("ny", "23:30"), "bob": ("west", "22:30")}) == set()
    late = {"ann": ("ny-late", "00:30"), "bob": ("west", "22:30")}
    assert judged(clinic, late) == {"linked_same_day"}


def test_day_session_has_a_day() -> None:
    """A seat on Tuesday goes with a time on Tuesday, not with one on Monday."""
    clinic = days().session("08:00", "20:00", 1, "d", kind="day", cell_minutes=None)
    assert judged(clinic, {"ann": ("d", ""), "bob": ("tue", "09:00")}) == set()
    assert judged(clinic, {"ann": ("d", ""), "bob": ("mon", "09:00")}) == {"linked_same_day"}


def test_appointment_settles_the_day() -> None:
    """Ann holds Tuesday: Bob has no candidate on Monday."""
    clinic = days().appointment("09:00", "09:15", 1, request="ann")
    assert starts(clinic, "bob") == ["tue 09:15"]
