"""Openings: free cells in a row, within the horizon and not in the past."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from clinic import Clinic, at
from every_place import free_starts
from hypothesis import given
from hypothesis import strategies as st
from worlds import tiny_worlds

from engine.domain import Dataset
from engine.openings import Openings
from engine.policy import Policy
from engine.snapshot import take_snapshot


def starts(clinic: Clinic, num_cells: int) -> list[int]:
    """Cells of the first session at which so many in a row are open."""
    snapshot = clinic.snapshot()
    openings = Openings(snapshot, Policy.default().seats.room(snapshot))
    _, cell = openings.of(np.zeros(1, np.int64), np.array([num_cells]))
    return cell.tolist()


def test_a_visit_needs_its_cells_in_a_row() -> None:
    """Of four cells the third is booked: one visit of two cells, three of one."""
    clinic = Clinic().session("09:00", "10:00").appointment("09:30", "09:45")
    assert starts(clinic, 1) == [0, 1, 3]
    assert starts(clinic, 2) == [0]
    assert starts(clinic, 3) == []


def test_what_has_begun_is_past() -> None:
    """At twenty past nine the cells of nine and of quarter past are gone."""
    assert starts(Clinic(as_of=at("09:20")).session("09:00", "10:00"), 1) == [2, 3]
    assert starts(Clinic(as_of=at("09:30")).session("09:00", "10:00"), 1) == [2, 3]


def test_a_day_session_is_open_until_it_ends() -> None:
    """A seat can be taken at any time of the day, until the last minute."""
    clinic = Clinic().session("08:00", "20:00", kind="day", cell_minutes=None, capacity=3)
    for clock, expected in (("07:00", [0]), ("19:59", [0]), ("20:00", [])):
        clinic.as_of = at(clock)
        assert starts(clinic, 1) == expected


def test_a_visit_ends_within_the_horizon() -> None:
    """The horizon ends at midnight, and the session half an hour later: two cells of the four."""
    clinic = Clinic(days=1).session("23:30", "23:45")
    clinic.sessions[0] = replace(clinic.sessions[0], end=at("00:30", 1))
    assert starts(clinic, 1) == [0, 1]
    assert starts(clinic, 2) == [0]


@given(tiny_worlds(), st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_lengths_that_are_asked_for_later_change_none_before(
    dataset: Dataset, lengths: list[int]
) -> None:
    """Whatever is asked, and in whatever order, the starts are those found one by one."""
    snapshot = take_snapshot(dataset)
    room = Policy.default().seats.room(snapshot)
    openings = Openings(snapshot, room)
    session = np.tile(np.arange(snapshot.num_sessions), 2)
    for first, second in zip(lengths, [*lengths[1:], *lengths[:1]], strict=True):
        num_cells = np.repeat(np.array([first, second]), snapshot.num_sessions)
        expected = [
            free_starts(snapshot, room, s, n)
            for s, n in zip(session.tolist(), num_cells.tolist(), strict=True)
        ]
        place, cell = openings.of(session, num_cells)
        assert [cell[place == index].tolist() for index in range(len(session))] == expected
        assert place.tolist() == sorted(place.tolist())
        assert openings.count(session, num_cells).tolist() == list(map(len, expected))


def test_nothing_asked_is_nothing_found() -> None:
    """No session, no start."""
    snapshot = Clinic().session().snapshot()
    openings = Openings(snapshot, Policy.default().seats.room(snapshot))
    nothing = np.zeros(0, np.int64)
    assert [len(part) for part in openings.of(nothing, nothing)] == [0, 0]
    assert len(openings.count(nothing, nothing)) == 0
