"""Moments: each time at which cells begin once, on each clock."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from clinic import Clinic
from hypothesis import given
from worlds import tiny_worlds

from engine.domain import Dataset
from engine.moments import Moments
from engine.snapshot import take_snapshot


def test_cells_that_begin_together_share_a_moment() -> None:
    """Two sessions from nine, one of them longer: four times, not six cells."""
    clinic = Clinic().session("09:00", "10:00").session("09:00", "09:30", capacity=2)
    moments = Moments.of(clinic.snapshot())
    assert len(moments) == 4
    assert moments.of_cell.tolist() == [0, 1, 2, 3, 0, 1]
    assert moments.first.tolist() == [0, 0]
    assert moments.end.tolist() == [4, 2]


def test_clocks_keep_their_moments_apart() -> None:
    """Nine in New York is another moment than the same instant in Chicago, where it is eight:
    weekly times are read on the clock at the place.
    """
    clinic = Clinic().location("north", time_zone="America/Chicago").doctor("other")
    clinic.role("other", doctor_id="other", location_id="north")
    clinic.session("09:00", "09:30").session("09:00", "09:30", role_id="other")
    snapshot = clinic.snapshot()
    moments = Moments.of(snapshot)
    sessions = snapshot.sessions
    assert len(np.unique(sessions.cell_start)) == 2
    assert len(moments) == 4
    assert sorted(moments.first.tolist()) == [0, 2]
    zone = snapshot.roles.zone[sessions.role[sessions.cell_session[moments.cell]]]
    assert zone.tolist() == sorted(zone.tolist())


def test_a_session_too_short_for_a_cell_has_no_moment() -> None:
    """Ten minutes hold no cell of fifteen: it begins nowhere, and the others are as they were."""
    clinic = Clinic().session("08:00", "08:15", id="a")
    clinic.session("09:00", "09:30", id="b").session("10:00", "10:15", id="c")
    ten = {"a": 20, "c": 20}
    clinic.sessions = [
        replace(row, cell_minutes=ten.get(row.id, row.cell_minutes)) for row in clinic.sessions
    ]
    snapshot = clinic.snapshot()
    assert np.diff(snapshot.sessions.first_cell).tolist() == [0, 2, 0]
    moments = Moments.of(snapshot)
    assert len(moments) == 2
    assert (moments.end - moments.first).tolist() == [0, 2, 0]


def test_a_day_session_is_a_moment_of_its_own() -> None:
    """It has no told time, so it is none of those of cells that begin with it; and one that ends
    later is another.
    """
    clinic = Clinic().session("09:00", "09:15")
    for end in ("12:00", "12:00", "18:00"):
        clinic.session("09:00", end, kind="day", cell_minutes=None)
    moments = Moments.of(clinic.snapshot())
    assert len(moments) == 3
    assert len(set(moments.of_cell.tolist()[1:3])) == 1


@given(tiny_worlds(always=("night", "places", "day_session")))
def test_cells_of_a_moment_differ_in_nothing_that_counts(dataset: Dataset) -> None:
    """Same zone, start, and kind; the moments of a session's cells are among its own; none is
    there without a cell.
    """
    snapshot = take_snapshot(dataset)
    moments, sessions = Moments.of(snapshot), snapshot.sessions
    session = sessions.cell_session
    for values in (
        snapshot.roles.zone[sessions.role[session]],
        sessions.cell_start,
        sessions.is_day[session],
        np.where(sessions.is_day[session], sessions.end[session], 0),
    ):
        assert values.tolist() == values[moments.cell][moments.of_cell].tolist()
    assert np.unique(moments.of_cell).tolist() == list(range(len(moments)))
    assert np.all(moments.first[session] <= moments.of_cell)
    assert np.all(moments.of_cell < moments.end[session])
