"""Enough lead time."""

from __future__ import annotations

from clinic import Clinic, agree, at

from engine.policy import Policy


def test_exactly_the_notice_is_enough() -> None:
    """A visit that starts after exactly the role's notice may be told."""
    clinic = Clinic(as_of=at("08:15")).role("role", min_notice_minutes=60).session().request("ann")
    assert agree(clinic, "ann", ("s1", "09:15"), "minimum_notice")


def test_a_minute_less_is_not() -> None:
    """One minute too short, it may not."""
    clinic = Clinic(as_of=at("08:16")).role("role", min_notice_minutes=60).session().request("ann")
    assert not agree(clinic, "ann", ("s1", "09:15"), "minimum_notice")


def test_policy_stands_in_for_a_silent_role() -> None:
    """The policy's notice holds where the role states none, and only there."""
    policy = Policy.default().replace("minimum_notice", minutes=120)
    clinic = Clinic(as_of=at("08:00")).session().request("ann")
    assert not agree(clinic, "ann", ("s1", "09:45"), "minimum_notice", policy)
    clinic.role("role", min_notice_minutes=0)
    assert agree(clinic, "ann", ("s1", "09:00"), "minimum_notice", policy)


def test_day_session_is_open_until_its_end() -> None:
    """There is time to come until a day session ends."""
    clinic = Clinic(as_of=at("18:00")).role("role", min_notice_minutes=120)
    clinic.session("08:00", "20:00", kind="day", cell_minutes=None, id="d").request("ann")
    assert agree(clinic, "ann", ("d", "08:00"), "minimum_notice")
    clinic.role("role", min_notice_minutes=121)
    assert not agree(clinic, "ann", ("d", "08:00"), "minimum_notice")
