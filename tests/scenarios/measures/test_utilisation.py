"""How much of the doctors' time is used, by doctor and day."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from clinic import Clinic

from engine.match import match
from engine.solve.limits import Limits
from scenarios.measures import Utilisation, by_doctor

FAST = Limits(deterministic=True)


def busy_clinic() -> Clinic:
    """Monday: one visit told, one placed, one cell blocked of four; Wednesday: nothing."""
    clinic = Clinic().session().session(day=2).doctor("two").role("two", doctor_id="two")
    clinic.session("09:00", "09:30", 2, role_id="two", cell_minutes=30)
    clinic.request("told").appointment("09:00", "09:15", request="told")
    clinic.appointment("09:45", "10:00")
    return clinic.request("ann")


def test_minutes_by_doctor_and_day() -> None:
    """Blocks are no time to use; a day without sessions has no share."""
    found = Utilisation.of(match(busy_clinic().dataset(), limits=FAST))
    assert found.doctors == ("dr", "two")
    assert found.days == (date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4))
    assert found.taken.tolist() == [[30, 0, 0], [0, 0, 0]]
    assert found.offered.tolist() == [[45, 0, 60], [0, 0, 30]]
    assert found.share[0].tolist()[::2] == [pytest.approx(2 / 3), 0.0]
    assert np.isnan(found.share[0, 1])


def test_rows_of_doctors() -> None:
    """30 of 105 minutes on two days; none of 30 on one."""
    rows = by_doctor(match(busy_clinic().dataset(), limits=FAST))
    used = [row for row in rows if row.measure == "time_used"]
    assert [(row.group, row.value, row.count) for row in used] == [
        ("doctor=dr", pytest.approx(30 / 105), 2),
        ("doctor=two", 0.0, 1),
    ]


def test_more_promised_than_there_is() -> None:
    """Two in one cell of one: twice the time."""
    clinic = Clinic().session("09:00", "09:15")
    for name in ("ann", "bob"):
        clinic.request(name).appointment("09:00", "09:15", request=name)
    assert Utilisation.of(match(clinic.dataset(), limits=FAST)).share.tolist() == [[2.0]]


def test_without_timed_sessions_there_is_no_table() -> None:
    """Seats of a day are not minutes."""
    clinic = Clinic().session("08:00", "20:00", kind="day", cell_minutes=None, capacity=3)
    found = Utilisation.of(match(clinic.dataset(), limits=FAST))
    assert (found.doctors, found.days, found.share.shape) == ((), (), (0, 0))
