"""A video visit stays where the doctor is licensed."""

from __future__ import annotations

from clinic import Clinic, agree


def in_state(state: str | None, licences: tuple[str, ...]) -> Clinic:
    """Ann in a state, a video doctor with licences."""
    clinic = Clinic().video_role(licensed_states=licences).session(role_id="video")
    return clinic.patient("ann", state=state).request("ann")


def test_licensed_state_is_admitted() -> None:
    """One of several licences is Ann's state."""
    assert agree(in_state("NJ", ("NY", "NJ")), "ann", ("s1", "09:00"), "licensed_state")


def test_other_state_is_refused() -> None:
    """A licence next door does not count."""
    assert not agree(in_state("NJ", ("NY",)), "ann", ("s1", "09:00"), "licensed_state")


def test_unknown_is_refused() -> None:
    """An unknown state, or a role without licences, admits nobody."""
    assert not agree(in_state(None, ("NY",)), "ann", ("s1", "09:00"), "licensed_state")
    assert not agree(in_state("NY", ()), "ann", ("s1", "09:00"), "licensed_state")


def test_in_person_needs_no_licence_for_the_patients_state() -> None:
    """Who comes to the office is in the doctor's state."""
    clinic = Clinic().session().patient("ann", state="CA").request("ann")
    assert agree(clinic, "ann", ("s1", "09:00"), "licensed_state")
