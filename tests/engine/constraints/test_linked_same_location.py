"""Linked visits at one place."""

from __future__ import annotations

from clinic import Clinic, judged, starts

from engine.match import match
from engine.solve.limits import Limits

FAST = Limits(deterministic=True)


def places() -> Clinic:
    """One cell in the office, two up north and two by video; Ann and Bob stay together."""
    clinic = Clinic().location("north").role("north", location_id="north").video_role()
    clinic.session("09:00", "09:15", id="office")
    clinic.session("11:00", "11:30", id="north", role_id="north")
    clinic.session("13:00", "13:30", id="video", role_id="video")
    return clinic.request("ann").request("bob").link("ann", "bob", same_location=True)


def test_one_place_holds_two_do_not() -> None:
    """Both up north; not office and north; by video is one place, and no other."""
    assert judged(places(), {"ann": ("north", "11:00"), "bob": ("north", "11:15")}) == set()
    assert judged(places(), {"ann": ("video", "13:00"), "bob": ("video", "13:15")}) == set()
    for other in (("north", "11:00"), ("video", "13:00")):
        broken = judged(places(), {"ann": ("office", "09:00"), "bob": other})
        assert broken == {"linked_same_location"}


def test_solver_keeps_them_together() -> None:
    """The office is sooner for one; up north there is room for both."""
    result = match(places().dataset(), limits=FAST)
    assert {result.snapshot.sessions.ids[s] for s in result.plan.session.tolist()} == {"north"}
    assert result.certificate.is_proven


def test_appointment_settles_the_place() -> None:
    """Ann is expected up north."""
    clinic = places().appointment("11:00", "11:15", request="ann", role_id="north")
    assert starts(clinic, "bob") == ["north 11:15"]


def test_one_alone_is_free() -> None:
    """Where one is left unplaced, nothing is asked of the other."""
    assert judged(places(), {"ann": ("office", "09:00")}) == set()
