"""Measures of what becomes of each request, by hand."""

from __future__ import annotations

import pytest
from clinic import Clinic, at
from worlds import FAR

from engine.domain import InsurancePlan
from engine.match import match
from engine.policy import Policy
from engine.solve.limits import Limits
from scenarios.measures import Row, measure, rows_of

FAST = Limits(deterministic=True)


def named(rows: tuple[Row, ...]) -> dict[str, Row]:
    """Rows of all by their measure."""
    return {row.measure: row for row in rows if row.group is None}


def test_continuity_is_asked_of_those_whom_somebody_knows() -> None:
    """Ann is known to the doctor, Bob to the practice, Cid to somebody else, Dan to nobody: two
    of three.
    """
    clinic = Clinic().doctor("other").role("role", group_id="practice").session()
    for name, known in (("ann", "dr"), ("bob", "practice"), ("cid", "other"), ("dan", None)):
        clinic.patient(name, established_with=(known,) if known else ()).request(name)
    row = named(rows_of(match(clinic.dataset(), limits=FAST)))["continuity"]
    assert (row.value, row.count) == (pytest.approx(2 / 3), 3)


def test_share_in_network_is_below_one_where_the_policy_lets_it() -> None:
    """Ann's insurance plan pays, Bob's does not, Cid has none: one of two."""
    clinic = Clinic().role("role", networks=("n1",)).session()
    clinic.plans += [InsurancePlan(id=f"p{i}", networks=(f"n{i}",)) for i in (1, 2)]
    for name, plan in (("ann", "p1"), ("bob", "p2"), ("cid", None)):
        clinic.patient(name, insurance_plan_id=plan).request(name)
    free = Policy.default().without("network")
    row = named(rows_of(match(clinic.dataset(), free, FAST)))["in_network"]
    assert (row.value, row.count) == (0.5, 2)
    held = named(rows_of(match(clinic.dataset(), limits=FAST)))["in_network"]
    assert (held.value, held.count) == (1.0, 1)


def test_way_is_told_by_its_median_and_its_90th_percentile() -> None:
    """Ten patients in the centre, one 10.0 km north: the 90th percentile of eleven is the tenth,
    so 0; of three with one afar it lies four fifths of the way between the second and the third.
    """
    for near, far, expected in ((10, 1, 0.0), (2, 1, 0.8)):
        clinic = Clinic().session("09:00", "12:00")
        for number in range(near + far):
            more = {} if number < near else {"home": FAR}
            clinic.patient(f"r{number}", **more).request(f"r{number}")
        found = measure(match(clinic.dataset(), limits=FAST))
        assert found.travel_km_median == 0.0
        assert found.travel_km_p90 == pytest.approx(expected * 10.0075, abs=0.001)


def test_rows_say_of_how_many_they_are_stated() -> None:
    """Two of three are placed; the third has an appointment already."""
    clinic = Clinic().session().request("ann").request("bob").request("told")
    clinic.appointment("09:45", "10:00", request="told")
    rows = named(rows_of(match(clinic.dataset(), limits=FAST)))
    assert (rows["requests"].value, rows["placed"].value, rows["kept"].value) == (3.0, 2.0, 1.0)
    assert (rows["match_rate"].value, rows["match_rate"].count) == (1.0, 2)
    assert rows["within_standard"].count == 2
    assert rows["with_wished_doctor"] == Row("with_wished_doctor", None, None, 0, "share")


def test_days_to_appointment_begin_when_somebody_is_ready() -> None:
    """Asked on Monday at 0:00, seen at 9:00: 9 hours; for whom only comes from Wednesday on, none
    of the days before count.
    """
    clinic = Clinic().session("09:00", "09:15").session("09:00", "09:15", day=2)
    clinic.request("ann", latest=at("10:00")).request("bob", earliest=at("00:00", 2))
    row = named(rows_of(match(clinic.dataset(), limits=FAST)))["days_to_appointment_median"]
    assert (row.value, row.count) == (pytest.approx(9 / 24), 2)
