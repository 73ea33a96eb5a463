"""Bounded overbooking: one more seat on every n-th cell."""

from __future__ import annotations

import pytest
from clinic import Clinic, judged

from engine.match import match
from engine.policy import Policy
from engine.seats import Seats
from engine.solve.limits import Limits

FAST = Limits(deterministic=True)


def overbooked(share: float) -> Policy:
    """The default policy with overbooking."""
    return Policy.default().with_seats(Seats(overbooking=share))


@pytest.mark.parametrize(
    ("share", "seats"),
    [
        (0.0, [1, 1, 1, 1]),
        (0.25, [1, 1, 1, 2]),
        (0.3, [1, 1, 1, 2]),
        (0.34, [1, 1, 2, 1]),
        (0.5, [1, 2, 1, 2]),
    ],
)
def test_every_nth_cell_has_one_seat_more(share: float, seats: list[int]) -> None:
    """``n = ⌈1/p⌉``."""
    snapshot = Clinic().session("09:00", "10:00").snapshot()
    assert Seats(overbooking=share).per_cell(snapshot).tolist() == seats


def test_day_session_has_one_more_for_every_n_seats() -> None:
    """Nine seats at a share of a quarter are eleven."""
    clinic = Clinic().session("08:00", "20:00", kind="day", cell_minutes=None, capacity=9)
    assert Seats(overbooking=0.25).per_cell(clinic.snapshot()).tolist() == [11]


def test_second_visit_fits_where_there_is_a_second_seat() -> None:
    """At 9:15 two are seen, at 9:00 they are not."""
    clinic = Clinic().session(id="s").request("ann").request("bob")
    at_nine, later = ({"ann": ("s", clock), "bob": ("s", clock)} for clock in ("09:00", "09:15"))
    assert judged(clinic, at_nine, overbooked(0.5)) == {"slot_capacity"}
    assert judged(clinic, later, overbooked(0.5)) == set()
    assert judged(clinic, later) == {"slot_capacity"}


def test_solver_uses_the_seats_and_no_more() -> None:
    """Four cells and two more seats: six of seven are seen, proven."""
    clinic = Clinic().session()
    for number in range(7):
        clinic.request(f"r{number}")
    for share, placed in ((0.0, 4), (0.5, 6)):
        result = match(clinic.dataset(), overbooked(share), FAST)
        assert result.plan.is_placed.sum() == placed
        assert result.certificate.is_proven


def test_overbooked_cells_of_overlapping_sessions_are_attended_one_at_a_time() -> None:
    """The second seat is used in the office or on the screen, not one of each."""
    clinic = Clinic().video_role().session("09:00", "09:30", id="office")
    clinic.session("09:00", "09:30", id="video", role_id="video")
    for number in range(6):
        clinic.request(f"r{number}")
    result = match(clinic.dataset(), overbooked(0.5), FAST)
    assert result.plan.is_placed.sum() == 3
    assert result.certificate.is_proven
