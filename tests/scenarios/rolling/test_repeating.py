"""Weeks that come again."""

from __future__ import annotations

from datetime import timedelta

from clinic import Clinic, at

from engine.checks import check_dataset
from scenarios.rolling.repeating import repeated


def test_weeks_come_again_on_the_same_clock() -> None:
    """Monday and next Tuesday span two weeks: again on the 16th and 24th, when the clock of New
    York has been set; of the third time, what lies within 29 days.
    """
    clinic = Clinic().session().session(day=8).request("ann")
    dataset = repeated(clinic.appointment("09:00", "09:15").dataset(), 29)
    starts = [row.start for row in dataset.sessions]
    assert starts == [
        at("09:00"),
        at("09:00", 8),
        at("09:00", 14),
        at("09:00", 22),
        at("09:00", 28),
    ]
    assert [row.start.hour for row in dataset.sessions] == [9] * 5
    assert len({row.id for row in dataset.sessions}) == 5
    assert len(dataset.appointments) == 1
    assert dataset.header.horizon.end == at("00:00", 29)
    assert check_dataset(dataset).num_errors == 0


def test_enough_is_not_made_more() -> None:
    """A dataset that covers the days is as it was, and so is one without sessions."""
    long = Clinic(days=40).session().session(day=30).dataset()
    assert repeated(long, 20) == long
    assert repeated(Clinic().dataset(), 20) == Clinic().dataset()


def test_video_keeps_the_clock_of_its_role() -> None:
    """Nine in New York, by video too, a week later and over the change of clocks."""
    clinic = Clinic().video_role().session(role_id="video")
    first, second = repeated(clinic.dataset(), 8).sessions
    assert second.start == at("09:00", 7)
    assert second.end - second.start == first.end - first.start == timedelta(hours=1)
