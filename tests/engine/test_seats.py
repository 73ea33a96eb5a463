"""Bounded overbooking: one more seat on one cell of n."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from clinic import Clinic, at, judged

from engine.domain import Dataset, Interval
from engine.events.aftermath import aftermath_of
from engine.events.events import DoctorAbsent
from engine.match import match
from engine.policy import Policy
from engine.seats import Seats
from engine.snapshot import take_snapshot
from engine.solve.limits import Limits

FAST = Limits(deterministic=True)


def overbooked(share: float) -> Policy:
    """The default policy with overbooking."""
    return Policy.default().with_seats(Seats(overbooking=share))


@pytest.mark.parametrize(
    ("share", "seats"),
    [
        (0.0, [1, 1, 1, 1]),
        (0.25, [1, 2, 1, 1]),
        (0.3, [1, 2, 1, 1]),
        (0.34, [2, 1, 1, 2]),
        (0.5, [2, 1, 2, 1]),
        (1e-320, [1, 1, 1, 1]),
    ],
)
def test_every_nth_cell_has_one_seat_more(share: float, seats: list[int]) -> None:
    """``n = ⌈1/p⌉``; at nine the 37th cell of the day begins, and this one counts from 1 or 2."""
    snapshot = Clinic().session("09:00", "10:00").snapshot()
    assert Seats(overbooking=share).per_cell(snapshot).tolist() == seats


def test_day_session_has_one_more_for_every_n_seats() -> None:
    """Of nine seats at a quarter two more, or three: 2¼ over the days; of one seat a quarter."""
    extra = {}
    for capacity in (1, 9):
        clinic = Clinic(days=200)
        for day in range(160):
            clinic.session("08:00", "20:00", day, kind="day", cell_minutes=None, capacity=capacity)
        extra[capacity] = Seats(overbooking=0.25).per_cell(clinic.snapshot()) - capacity
    assert set(extra[9].tolist()) == {2, 3}
    assert (extra[9].sum(), extra[1].sum()) == (360, 40)


@pytest.mark.parametrize("every", [1, 5, 7], ids=["all days", "every fifth day", "Mondays"])
@pytest.mark.parametrize("step", [7, 8, 20, 24])
def test_a_share_is_exact_in_the_long_run(step: int, every: int) -> None:
    """Also where a session has far fewer cells than there are to an extra seat: here two."""
    clinic = Clinic(days=1_500)
    for day in range(0, 200 * every, every):
        clinic.session("09:00", "09:30", day)
    extra = Seats(overbooking=1 / step).per_cell(clinic.snapshot()) - 1
    assert extra.sum() == pytest.approx(400 / step, abs=2)


def test_doctors_are_not_overbooked_all_at_once() -> None:
    """On one morning of eight cells, two of five doctors have a seat more at a twentieth."""
    clinic = Clinic()
    for number in range(100):
        clinic.role(f"role-{number}").session("09:00", "11:00", role_id=f"role-{number}")
    extra = Seats(overbooking=0.05).per_cell(clinic.snapshot()) - 1
    assert extra.sum() == pytest.approx(40, abs=8)


def test_what_is_cut_moves_no_seat_of_the_rest() -> None:
    """An absence in the middle, another as_of, and another horizon: cells keep their seats."""
    clinic = Clinic().session("09:00", "13:00").session("09:00", "13:00", 1)
    seats = Seats(overbooking=0.2)
    whole = _by_start(clinic.dataset(), seats)
    absent = DoctorAbsent(doctor_id="dr", start=at("10:05"), end=at("11:20"))
    cut = aftermath_of(clinic.dataset(), [absent], overbooked(0.2)).dataset
    assert len(cut.sessions) == 3
    left = _by_start(cut, seats)
    assert left == {start: whole[start] for start in left}
    later = replace(
        cut.header, as_of=at("08:00", 1), horizon=Interval(start=at("00:00", 1), end=at("00:00", 9))
    )
    assert _by_start(replace(cut, header=later), seats) == left


def _by_start(dataset: Dataset, seats: Seats) -> dict[datetime, int]:
    """Seats of every cell, by when it begins."""
    snapshot = take_snapshot(dataset)
    instants = (
        snapshot.grid.instant(minute, 0) for minute in snapshot.sessions.cell_start.tolist()
    )
    return dict(zip(instants, seats.per_cell(snapshot).tolist(), strict=True))


def test_second_visit_fits_where_there_is_a_second_seat() -> None:
    """At 9:00 two are seen, at 9:15 they are not."""
    clinic = Clinic().session(id="s").request("ann").request("bob")
    at_nine, later = ({"ann": ("s", clock), "bob": ("s", clock)} for clock in ("09:00", "09:15"))
    assert judged(clinic, later, overbooked(0.5)) == {"slot_capacity"}
    assert judged(clinic, at_nine, overbooked(0.5)) == set()
    assert judged(clinic, at_nine) == {"slot_capacity"}


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
