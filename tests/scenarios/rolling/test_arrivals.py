"""Copies of requests, and what is drawn about them."""

from __future__ import annotations

from datetime import date

import numpy as np
from clinic import Clinic, at

from engine.domain import Declined
from scenarios.rolling.arrivals import Arrival, Arrivals
from scenarios.rolling.spec import RollingSpec


def copies(clinic: Clinic, day: date, lead: float | None = None) -> list[Arrival]:
    """Copies that are made on a day, twenty on average."""
    leads = () if lead is None else (lead,)
    spec = RollingSpec(days=1, requests_per_day=20.0, lead_days=leads)
    return Arrivals(clinic.dataset(), spec, 1).of_day(day)


def test_dates_of_a_copy_are_as_much_later() -> None:
    """Two days after Monday: plain dates and instants alike; what was declined is forgotten."""
    clinic = Clinic().request(
        "ann",
        earliest=date(2026, 3, 3),
        latest=at("12:00", 4),
        see_by=date(2026, 3, 5),
        declined=(Declined(doctor_id="dr"),),
    )
    for copy in copies(clinic, date(2026, 3, 4)):
        assert copy.request.created == copy.asked
        assert copy.request.earliest == date(2026, 3, 5)
        assert copy.request.latest == at("12:00", 6)
        assert copy.request.see_by == date(2026, 3, 7)
        assert copy.request.declined == ()


def test_a_lead_moves_the_window_and_keeps_its_length() -> None:
    """Four days of window begin three days after asking, or at once where there is no lead."""
    clinic = Clinic().request("ann", earliest=at("09:00", 1), latest=date(2026, 3, 6))
    copy = copies(clinic, date(2026, 3, 4), 3.2)[0]
    assert (copy.request.earliest, copy.request.latest) == (date(2026, 3, 7), date(2026, 3, 10))
    copy = copies(clinic, date(2026, 3, 4), 0.0)[0]
    assert (copy.request.earliest, copy.request.latest) == (None, date(2026, 3, 7))


def test_copies_have_ids_that_nobody_has() -> None:
    """Not of the dataset, and each its own patient."""
    clinic = Clinic().request("asked-000001", patient="asked-000002")
    found = copies(clinic, date(2026, 3, 2))
    ids = [copy.request.id for copy in found]
    patients = [copy.patient.id for copy in found]
    assert len(set(ids)) == len(ids)
    assert "asked-000001" not in ids
    assert len(set(patients)) == len(patients)
    assert "asked-000002" not in patients
    assert all(copy.request.patient_id == copy.patient.id for copy in found)


def test_requests_of_links_are_not_copied() -> None:
    """One of them alone would be another request."""
    clinic = Clinic().request("ann").request("bob").request("cleo", urgency="soon")
    clinic.link("ann", "bob", same_day=True)
    assert {copy.request.urgency for copy in copies(clinic, date(2026, 3, 2))} == {"soon"}


def test_arrivals_are_poisson() -> None:
    """Over 400 days their mean and their variance are 20, within four standard errors."""
    dataset = Clinic().request("ann").dataset()
    arrivals = Arrivals(dataset, RollingSpec(days=1, requests_per_day=20.0), 1)
    counts = np.array([len(arrivals.of_day(date(2026, 3, 2))) for _ in range(400)])
    assert abs(counts.mean() - 20) < 4 * np.sqrt(20 / 400)
    assert abs(counts.var() - 20) < 4 * 20 * np.sqrt(2 / 400)
