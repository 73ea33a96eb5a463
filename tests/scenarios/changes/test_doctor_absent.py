"""A doctor is away for a while."""

from __future__ import annotations

from clinic import Clinic, at
from situations import after, hours, open_requests, wrong

from engine.events.aftermath import aftermath_of
from engine.events.events import DoctorAbsent
from engine.policy import Policy


def three_mornings() -> Clinic:
    """One doctor, there from nine to ten on Monday, Tuesday and Wednesday."""
    clinic = Clinic()
    for day in (0, 1, 2):
        clinic.session(day=day)
    return clinic


def test_plain_dates_are_whole_days() -> None:
    """From the first day away to the last one."""
    found = after(
        three_mornings(), "doctor_absent", doctor_id="dr", start="2026-03-03", end="2026-03-03"
    )
    assert hours(found.dataset) == ["02 09:00-10:00", "04 09:00-10:00"]


def test_cells_that_the_absence_touches_are_gone() -> None:
    """A minute inside costs a cell, its edge does not."""
    start, end = at("09:29").isoformat(), at("09:45").isoformat()
    found = after(three_mornings(), "doctor_absent", doctor_id="dr", start=start, end=end)
    assert hours(found.dataset)[:2] == ["02 09:00-09:15", "02 09:45-10:00"]


def test_it_takes_what_the_event_takes() -> None:
    """The same sessions as when a repair hears of it, and the forced ask again."""
    clinic = three_mornings().request("ann").request("bob")
    clinic.appointment("09:00", "09:15", request="ann").appointment("09:15", "09:30", request="bob")
    event = DoctorAbsent(doctor_id="dr", start=at("09:10"), end=at("09:15"))
    repaired = aftermath_of(clinic.dataset(), [event], Policy.default())
    start, end = at("09:10").isoformat(), at("09:15").isoformat()
    found = after(clinic, "doctor_absent", doctor_id="dr", start=start, end=end).dataset
    assert found.sessions == repaired.dataset.sessions
    assert open_requests(found) == ["ann"]
    assert [row.appointment_id for row in repaired.forced] == ["a1"]


def test_an_absence_needs_a_length() -> None:
    """From the end of a day to that day is none; both mistakes are named."""
    found = wrong(
        three_mornings(), "doctor_absent", doctor_id="x", start="2026-03-04", end="2026-03-03"
    )
    assert found == [
        ("dangling_reference", "/changes/0/doctor_id"),
        ("empty_interval", "/changes/0/end"),
    ]
