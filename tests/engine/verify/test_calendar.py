"""Weekly times, as the judges read them."""

from __future__ import annotations

import numpy as np
import pytest
from clinic import Clinic, plan_of

from engine.domain import WeeklyTime, Wishes
from engine.verify import calendar
from engine.verify.violation import Visits


def wishing(start: str, end: str) -> Wishes:
    """Mondays from and until."""
    return Wishes(times=(WeeklyTime(days=("mon",), start=start, end=end),))


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_visits_are_asked_about_some_at_a_time(
    monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """One after the other or all together: who comes at nine on a Monday suits from nine to ten,
    not from ten to eleven, and always where no times are given.
    """
    monkeypatch.setattr(calendar, "_AT_ONCE", at_once)
    clinic = Clinic().session("09:00", "10:00").patient("bob").patient("cy")
    clinic.request("ann", wishes=wishing("09:00", "10:00"))
    clinic.request("bob", "bob", wishes=wishing("10:00", "11:00")).request("cy", "cy")
    snapshot = clinic.snapshot()
    places = {"ann": ("s1", "09:00"), "bob": ("s1", "09:15"), "cy": ("s1", "09:30")}
    visits = Visits.of(snapshot, plan_of(snapshot, places))
    names = [snapshot.requests.ids[request] for request in visits.request.tolist()]
    some = np.array([names.index(name) for name in ("cy", "bob", "ann")])
    assert calendar.suits(snapshot, visits, some).tolist() == [True, False, True]
    assert calendar.suits(snapshot, visits, some[:0]).tolist() == []
