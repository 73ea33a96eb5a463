"""Measures of a plan, on a clinic small enough to count by hand."""

from __future__ import annotations

import pytest
from clinic import Clinic, at

from engine.domain import Coordinates, DoctorWish, WeeklyTime, Wishes
from engine.match import match
from engine.policy import Policy
from engine.solve.limits import Limits
from scenarios.measures import measure

FAST = Limits(deterministic=True)


def test_counts_and_shares() -> None:
    """Three placed of four open requests, one kept, four of eight cells filled by the plan
    out of seven that were free.
    """
    clinic = (
        Clinic(as_of=at("00:00"))
        .doctor("other")
        .role("other", doctor_id="other", specialties=("x",))
    )
    clinic.session("09:00", "10:00").session("09:00", "10:00", day=1, role_id="other")
    clinic.appointment("09:45", "10:00", request="kept")
    clinic.request("kept")
    clinic.request("ann", wishes=Wishes(doctors=(DoctorWish(doctor_id="dr"),)))
    clinic.patient("bob", home=Coordinates(latitude=40.84, longitude=-73.99))
    morning = Wishes(times=(WeeklyTime(days=("tue",), start="09:00", end="12:00"),))
    clinic.request("bob", specialty="x", wishes=morning, see_by=at("08:00", 1))
    clinic.visit_type("long", minutes=30).request("cleo", visit_type_id="long")
    clinic.request("dan", specialty="nobody has this")
    found = measure(match(clinic.dataset(), limits=FAST))
    assert (found.requests, found.placed, found.kept) == (5, 3, 1)
    assert (found.no_candidate, found.crowded_out) == (1, 0)
    assert found.match_rate == 0.75
    assert found.within_standard == pytest.approx(2 / 3)
    assert found.with_wished_doctor == 1.0
    assert found.at_suitable_time == 1.0
    assert found.utilisation == pytest.approx(4 / 7)
    assert found.days_to_appointment_p90 is not None
    assert 1.0 < found.days_to_appointment_p90 < 1.4
    assert found.travel_km_median == 0.0


def test_every_unplaced_request_is_counted_under_one_reason() -> None:
    """One without a candidate, one bound to it, one crowded out: three of three."""
    clinic = Clinic().session("09:00", "09:15").request("ann").request("bob", specialty="none")
    clinic.link("ann", "bob", all_or_none=True)
    clinic.request("cleo", urgency="urgent").request("dan")
    found = measure(match(clinic.dataset(), limits=FAST))
    assert (found.no_candidate, found.linked, found.crowded_out) == (1, 1, 1)
    assert found.requests == found.placed + 3


def test_nothing_to_measure_is_none_not_zero() -> None:
    """Shares of nobody are unknown."""
    found = measure(match(Clinic().session().dataset(), limits=FAST))
    assert found.match_rate is None
    assert found.within_standard is None
    assert found.days_to_appointment_median is None
    assert found.utilisation == 0.0


def test_measure_of_an_objective_that_the_policy_lacks_is_unknown() -> None:
    """Without the lateness rule nobody knows who is late."""
    policy = Policy.default().without("lateness")
    result = match(Clinic().session().request("ann").dataset(), policy, FAST)
    assert measure(result).within_standard is None
