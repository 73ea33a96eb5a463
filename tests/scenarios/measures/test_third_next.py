"""Third next available appointment, in clinics small enough to count by hand."""

from __future__ import annotations

import pytest
from clinic import Clinic, at
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain import VisitMinutes
from engine.match import match
from engine.policy import Policy
from engine.result import Result
from engine.seats import Seats
from engine.solve.limits import Limits
from engine.time_grid import later
from scenarios.measures import ThirdNext, measure, rows_of

FAST = Limits(deterministic=True)
END = 12 - 1 / 24


def matched(clinic: Clinic, policy: Policy | None = None) -> Result:
    """The match of a clinic."""
    return match(clinic.dataset(), policy, FAST)


def days(clinic: Clinic, policy: Policy | None = None) -> float | None:
    """The median over its doctors."""
    return ThirdNext.of(matched(clinic, policy)).row().value


def until(clock: str, day: int = 0) -> float:
    """Days from Monday 00:00."""
    return (at(clock, day) - at("00:00")).total_seconds() / 86_400


def test_third_of_four_free_cells() -> None:
    """Free at 9:00, 9:15, 9:30 and 9:45: the third is at 9:30."""
    assert days(Clinic().session()) == pytest.approx(until("09:30"))


def test_what_the_plan_takes_is_not_free() -> None:
    """Ann is placed at 9:00, which leaves 9:15, 9:30 and 9:45."""
    assert days(Clinic().session().request("ann")) == pytest.approx(until("09:45"))


def test_free_time_is_filled_with_the_shortest_visit() -> None:
    """Two visits of 30 minutes fit on Monday, the third on Tuesday; a shorter type alone fits
    three times on Monday, unless the session does not offer it.
    """
    clinic = Clinic().visit_type("visit", 30).session().session(day=1)
    assert days(clinic) == pytest.approx(until("09:00", 1))
    clinic.visit_type("short", 15)
    assert days(clinic) == pytest.approx(until("09:30"))
    only = Clinic().visit_type("visit", 30).visit_type("short", 15)
    only.session(visit_type_ids=("visit",)).session(day=1, visit_type_ids=("visit",))
    assert days(only) == pytest.approx(until("09:00", 1))


def test_minutes_of_the_role_and_around_the_visit_count() -> None:
    """The role needs 20 minutes, the type 5 more after: two cells each."""
    clinic = Clinic().visit_type("visit", 15, minutes_after=5)
    clinic.role("role", visit_minutes=(VisitMinutes(visit_type_id="visit", minutes=20),))
    assert days(clinic.session("09:00", "10:30")) == pytest.approx(until("10:00"))


def test_every_seat_is_filled_apart() -> None:
    """Two seats and visits of two cells: 9:00, 9:00, 9:30; where one seat is taken at 9:00, the
    visits begin at 9:00, 9:15 and 9:30; three seats are three visits at once.
    """
    clinic = Clinic().visit_type("visit", 30).session(capacity=2)
    assert days(clinic) == pytest.approx(until("09:30"))
    clinic.appointment("09:00", "09:15")
    assert days(clinic) == pytest.approx(until("09:30"))
    assert days(Clinic().session(capacity=3)) == pytest.approx(until("09:00"))


def test_seats_of_overbooking_are_free_too() -> None:
    """At 9:00 two may come."""
    policy = Policy.default().with_seats(Seats(overbooking=0.5))
    assert days(Clinic().session(), policy) == pytest.approx(until("09:15"))


def test_what_has_begun_is_over() -> None:
    """At 9:20 the cells of 9:30 and 9:45 are left, and one of Tuesday is the third: 23 hours and
    40 minutes later.
    """
    clinic = Clinic(as_of=at("09:20")).session().session(day=1)
    assert days(clinic) == pytest.approx(until("09:00", 1) - until("09:20"))


def test_day_session_that_has_begun_is_today() -> None:
    """Three seats of a day that began an hour ago: no wait."""
    clinic = Clinic(as_of=at("09:00"))
    clinic.session("08:00", "20:00", kind="day", cell_minutes=None, capacity=3)
    assert days(clinic) == 0.0


def test_reserved_cells_are_not_free_until_they_are_released() -> None:
    """On Monday they are open to all, being less than two days ahead; on Saturday they are not,
    unless the policy lets them be.
    """
    clinic = Clinic().session(reserved_for="urgent")
    assert days(clinic) == pytest.approx(until("09:30"))
    kept = Clinic().session(day=5, reserved_for="urgent")
    assert days(kept) is None
    without = Policy.default().without("reserved_cells")
    assert days(kept, without) == pytest.approx(until("09:30", 5))


def test_full_doctor_counts_and_absent_doctor_does_not() -> None:
    """Of two doctors one has two visits left: nobody knows when the third is, and the median is
    more than half-way to the end of the horizon, 12 days ahead but for an hour of daylight saving.
    A third doctor makes it known; one without sessions changes nothing.
    """
    clinic = Clinic().session("09:00", "09:30").doctor("two").role("two", doctor_id="two")
    clinic.session("10:00", "11:00", role_id="two").doctor("away").role("away", doctor_id="away")
    row = ThirdNext.of(matched(clinic)).row()
    assert (row.value, row.count, row.unit) == (None, 2, "days")
    assert row.more_than == pytest.approx((until("10:30") + END) / 2)
    clinic.doctor("three").role("three", doctor_id="three")
    clinic.session("11:00", "12:00", role_id="three")
    row = ThirdNext.of(matched(clinic)).row()
    assert (row.value, row.count, row.more_than) == (pytest.approx(until("11:30")), 3, None)


def test_roles_of_a_doctor_count_together_and_doctors_have_rows() -> None:
    """Two cells in one role and one in another are three; each doctor has a row."""
    clinic = Clinic().session("09:00", "09:30").role("north").session(role_id="north", day=1)
    clinic.doctor("two").role("two", doctor_id="two").session("09:00", "09:15", role_id="two")
    rows = ThirdNext.of(matched(clinic)).of_doctors()
    assert [(row.group, row.value, row.more_than) for row in rows] == [
        ("doctor=dr", pytest.approx(until("09:00", 1)), None),
        ("doctor=two", None, pytest.approx(END)),
    ]


def test_specialty_is_answered_by_codes_below_it() -> None:
    """Internal medicine has both doctors, cardiology one: medians of two and of one."""
    clinic = Clinic().role("role", specialties=("207R00000X",)).session()
    clinic.doctor("heart").role("heart", doctor_id="heart", specialties=("207RC0000X",))
    clinic.session(day=1, role_id="heart")
    rows = ThirdNext.of(matched(clinic)).of_specialties(["207R00000X", "207RC0000X"])
    assert [(row.group, row.value, row.count) for row in rows] == [
        ("specialty=207R00000X", pytest.approx((until("09:30") + until("09:30", 1)) / 2), 2),
        ("specialty=207RC0000X", pytest.approx(until("09:30", 1)), 1),
    ]


def test_clinic_without_sessions_has_none() -> None:
    """Nobody to wait for."""
    result = matched(Clinic().request("ann"))
    assert measure(result).third_next_available is None
    [row] = [row for row in rows_of(result) if row.measure == "third_next_available"]
    assert (row.count, row.more_than) == (0, None)


@st.composite
def mornings(draw: st.DrawFn) -> Clinic:
    """A doctor with a few sessions of one or two seats, some of them taken."""
    clinic = Clinic().visit_type("visit", draw(st.sampled_from((15, 30, 45))))
    for day in range(draw(st.integers(1, 3))):
        cells, seats = draw(st.integers(1, 6)), draw(st.integers(1, 4))
        clinic.session("09:00", f"{9 + cells // 4:02d}:{cells % 4 * 15:02d}", day, capacity=seats)
        for cell in draw(st.lists(st.integers(0, cells - 1), max_size=4)):
            start, end = (f"{9 + c // 4:02d}:{c % 4 * 15:02d}" for c in (cell, cell + 1))
            clinic.appointment(start, end, day)
    return clinic


def slowly(clinic: Clinic) -> float | None:
    """The third visit of all that are booked one after the other, seat by seat."""
    [kind] = clinic.visit_types
    needed, starts = kind.minutes // 15, []
    for row in clinic.sessions:
        cells = [later(row.start, 15 * i) for i in range((row.end - row.start).seconds // 900)]
        room = [row.capacity - sum(a.start == cell for a in clinic.appointments) for cell in cells]
        for seat in range(row.capacity):
            run = 0
            for cell, left in zip(cells, room, strict=True):
                run = run + 1 if left > seat else 0
                if run == needed:
                    starts.append(later(cell, -15 * (needed - 1)))
                    run = 0
    third = sorted(starts)[2:3]
    return (third[0] - at("00:00")).total_seconds() / 86_400 if third else None


@given(mornings())
@settings(deadline=None, max_examples=40)
def test_agrees_with_booking_one_after_the_other(clinic: Clinic) -> None:
    """However many seats there are, and whatever is taken of them."""
    expected = slowly(clinic)
    assert days(clinic) == (None if expected is None else pytest.approx(expected))
