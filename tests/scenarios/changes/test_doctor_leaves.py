"""A doctor leaves for good."""

from __future__ import annotations

from clinic import Clinic, at
from situations import after, findings, hours, open_requests, wrong

from engine.domain import Service


def two_doctors() -> Clinic:
    """Two doctors, each there on Monday and Tuesday from nine to ten."""
    clinic = Clinic().doctor("eve").role("eve-role", doctor_id="eve")
    for day in (0, 1):
        clinic.session(day=day).session(day=day, role_id="eve-role")
    return clinic


def test_sessions_from_then_on_are_gone() -> None:
    """Those of the day before stay, those of others too; the doctor is still known."""
    found = after(two_doctors(), "doctor_leaves", doctor_id="dr", start="2026-03-03").dataset
    assert hours(found, "role") == ["02 09:00-10:00"]
    assert hours(found, "eve-role") == ["02 09:00-10:00", "03 09:00-10:00"]
    assert [row.id for row in found.doctors] == ["dr", "eve"]
    assert [row.id for row in found.roles] == ["role", "eve-role"]


def test_without_a_day_it_is_now() -> None:
    """All that is to come is gone, in every role."""
    clinic = two_doctors().video_role()
    clinic.session(role_id="video", start="14:00", end="15:00", day=9)
    found = after(clinic, "doctor_leaves", doctor_id="dr").dataset
    assert {row.role_id for row in found.sessions} == {"eve-role"}


def test_a_session_is_cut_at_the_instant() -> None:
    """Whole cells before it stay."""
    start = at("09:20").isoformat()
    found = after(two_doctors(), "doctor_leaves", doctor_id="dr", start=start).dataset
    assert hours(found, "role") == ["02 09:00-09:15"]


def test_who_was_to_come_asks_again() -> None:
    """An appointment that ends just before stays; the one at that minute is dropped."""
    clinic = two_doctors().request("ann").request("bob")
    clinic.appointment("09:00", "09:15", request="ann").appointment("09:15", "09:30", request="bob")
    start = at("09:15").isoformat()
    found = after(clinic, "doctor_leaves", doctor_id="dr", start=start).dataset
    assert open_requests(found) == ["bob"]
    assert [row.id for row in found.requests] == ["ann", "bob"]


def test_blocks_and_visits_that_are_over_stay() -> None:
    """Only what a patient was told of, and is still to come, is dropped."""
    clinic = two_doctors().request("ann").request("bob", latest=at("12:00", 1))
    clinic.as_of = at("09:30")
    clinic.appointment("09:00", "09:15", request="ann").appointment("09:45", "10:00")
    clinic.appointment("09:00", "09:15", day=1, request="bob", id="gone")
    found = after(clinic, "doctor_leaves", doctor_id="dr", start="2026-03-01").dataset
    assert [row.id for row in found.appointments] == ["a1", "a2"]


def test_a_service_can_go() -> None:
    """What stands where no doctor is named."""
    clinic = two_doctors()
    clinic.services.append(Service(id="chair"))
    clinic.role("chair-role", service_id="chair").session(role_id="chair-role")
    found = after(clinic, "doctor_leaves", doctor_id="chair").dataset
    assert hours(found, "chair-role") == []
    assert len(found.sessions) == 4


def test_an_unknown_doctor_is_refused() -> None:
    """With those that are like it."""
    (found,) = findings(two_doctors(), "doctor_leaves", doctor_id="ev").problems
    assert (found.code, found.path) == ("dangling_reference", "/changes/0/doctor_id")
    assert found.message == "there is no doctor or service of this name. Maybe one of: eve"


def test_seconds_are_refused() -> None:
    """Instants fall on whole minutes."""
    found = wrong(two_doctors(), "doctor_leaves", doctor_id="dr", start="2026-03-03T09:00:30Z")
    assert found == [("not_whole_minute", "/changes/0/start")]


def test_to_leave_when_all_is_over_changes_nothing() -> None:
    """After the horizon and the last session."""
    clinic = two_doctors()
    found = after(clinic, "doctor_leaves", doctor_id="dr", start="2027-01-01").dataset
    assert found == clinic.dataset()
