"""Appointments that are taken out of a snapshot: as if they had never been in the dataset."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
from clinic import Clinic, at
from hypothesis import given
from hypothesis import strategies as st
from worlds import tiny_worlds

from engine.domain import Dataset
from engine.snapshot import stays_of, take_snapshot, without_appointments


def assert_same_places(one: object, other: object) -> None:
    """Every array of what is published is the same."""
    for field in fields(one):  # type: ignore[arg-type]
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        assert np.array_equal(mine, theirs), field.name


def check(dataset: Dataset, gone: list[int]) -> None:
    """A snapshot without some appointments is the snapshot of the dataset without them."""
    snapshot = take_snapshot(dataset)
    found = without_appointments(snapshot, np.array(gone, np.int64))
    names = {snapshot.published.ids[index] for index in gone}
    rest = tuple(row for row in dataset.appointments if row.id not in names)
    expected = take_snapshot(replace(dataset, appointments=rest))
    assert_same_places(found.published, expected.published)
    assert found.used.tolist() == expected.used.tolist()
    assert found.is_open.tolist() == expected.is_open.tolist()


@given(tiny_worlds(max_requests=5, always=("appointments", "day_session", "seats")), st.data())
def test_taking_appointments_out_undoes_putting_them_in(
    dataset: Dataset, data: st.DataObject
) -> None:
    """Seats, places, and who is open: of all appointments, holds and blocks, any may go."""
    count = len(take_snapshot(dataset).published.ids)
    check(
        dataset, sorted(data.draw(st.sets(st.integers(0, count - 1)) if count else st.just(set())))
    )


def test_one_that_lies_across_two_sessions_gives_back_seats_of_both() -> None:
    """From the last cell of one session into the first of the next."""
    clinic = Clinic().session("09:00", "09:30", id="s").session("09:30", "10:00", id="t")
    clinic.request("a").appointment("09:20", "09:40", request="a").appointment("09:00", "09:15")
    snapshot = clinic.snapshot()
    assert snapshot.used.tolist() == [1, 1, 1, 0]
    assert without_appointments(snapshot, np.array([0])).used.tolist() == [1, 0, 0, 0]
    check(clinic.dataset(), [0])


def test_stays_are_the_cells_that_are_touched() -> None:
    """Off the grid, with minutes before and after, over the end of a session, and outside."""
    clinic = Clinic().visit_type("visit", minutes_before=5, minutes_after=5)
    clinic.session("09:00", "10:00", id="s")
    for number, (start, end) in enumerate(
        (("09:05", "09:10"), ("09:20", "09:25"), ("09:50", "10:20"), ("11:00", "11:15"))
    ):
        clinic.request(f"r{number}").appointment(start, end, request=f"r{number}")
    snapshot = clinic.snapshot()
    stays = stays_of(snapshot, np.arange(4))
    assert stays.appointment.tolist() == [0, 1, 2]
    assert stays.first_cell.tolist() == [0, 1, 3]
    assert stays.num_cells.tolist() == [1, 1, 1]
    assert stays.seats(len(snapshot.used)).tolist() == snapshot.used.tolist()


def test_a_seat_of_the_day_is_one_seat() -> None:
    """The whole day session is one cell."""
    clinic = Clinic().session("09:00", "17:00", id="s", kind="day", cell_minutes=None, capacity=3)
    clinic.request("a").appointment("09:00", "17:00", request="a")
    clinic.request("b").appointment("09:00", "17:00", request="b")
    snapshot = clinic.snapshot()
    assert stays_of(snapshot, np.arange(2)).num_cells.tolist() == [1, 1]
    assert without_appointments(snapshot, np.array([1])).used.tolist() == [1]


def test_over_a_change_of_the_clock() -> None:
    """On the night when two o'clock is three, seats are those of elapsed minutes."""
    clinic = Clinic().session("01:00", "04:00", day=6, id="s")
    clinic.request("a").appointment("01:45", "03:15", day=6, request="a")
    assert clinic.dataset().appointments[0].end == at("03:15", 6)
    assert without_appointments(clinic.snapshot(), np.array([0])).used.tolist() == [0] * 8
    check(clinic.dataset(), [0])


def test_blocks_are_taken_out_where_nobody_asks() -> None:
    """A dataset without requests has blocks all the same, and a repair looks at them."""
    clinic = Clinic().session("09:00", "10:00").appointment("09:00", "09:15")
    check(clinic.dataset(), [0])
