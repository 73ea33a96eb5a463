"""Nothing that the patient has said no to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from clinic import Clinic, agree, at

from engine.checks import check_dataset
from engine.domain import Declined, WeeklyTime

RULE = "declined_places"
MONDAY_MORNING = WeeklyTime(days=("mon",), start="09:00", end="09:30")
MONDAY = WeeklyTime(days=("mon",), start="00:00", end="24:00")


def asked(*declined: Declined) -> Clinic:
    """Ann has declined something; two doctors and two places have time on Monday and Tuesday."""
    clinic = Clinic().doctor("two").location("north")
    clinic.role("other", doctor_id="two").role("away", location_id="north")
    clinic.session(id="s").session(id="o", role_id="other").session(id="n", day=1, role_id="away")
    clinic.session("09:00", "10:00", 0, "day", kind="day", cell_minutes=None, role_id="other")
    return clinic.request("ann", declined=declined)


@pytest.mark.parametrize(
    ("declined", "inside", "outside"),
    [
        (Declined(doctor_id="dr"), ("s", "09:00"), ("o", "09:00")),
        (Declined(location_id="north"), ("n", "09:00"), ("s", "09:00")),
        (Declined(role_id="away"), ("n", "09:00"), ("s", "09:00")),
        (Declined(start=at("09:15")), ("s", "09:15"), ("s", "09:30")),
        (Declined(before=at("09:15")), ("s", "09:00"), ("s", "09:15")),
        (Declined(before=date(2026, 3, 3)), ("s", "09:45"), ("n", "09:00")),
        (Declined(times=(MONDAY_MORNING,)), ("s", "09:15"), ("s", "09:30")),
        (Declined(times=(MONDAY_MORNING,)), ("o", "09:00"), ("n", "09:00")),
        (Declined(role_id="role", start=at("09:15")), ("s", "09:15"), ("o", "09:15")),
        (Declined(doctor_id="dr", before=at("09:15")), ("s", "09:00"), ("o", "09:00")),
    ],
)
def test_what_fits_every_field_is_refused(
    declined: Declined, inside: tuple[str, str], outside: tuple[str, str]
) -> None:
    """Just inside, and just outside, of what was said."""
    clinic = asked(declined)
    assert not agree(clinic, "ann", inside, RULE)
    assert agree(clinic, "ann", outside, RULE)


def test_day_session_is_refused_where_its_whole_day_is() -> None:
    """A morning says nothing of a day without a told time; the whole Monday does."""
    for stretch, admitted in ((MONDAY_MORNING, True), (MONDAY, False)):
        clinic = asked(Declined(times=(stretch,)))
        assert agree(clinic, "ann", ("day", "09:00"), RULE) == admitted


def test_each_refusal_stands_for_itself() -> None:
    """Of two, either is enough."""
    clinic = asked(Declined(start=at("09:00")), Declined(start=at("09:30")))
    taken = [agree(clinic, "ann", ("s", clock), RULE) for clock in ("09:00", "09:15", "09:30")]
    assert taken == [False, True, False]


def test_what_is_declined_must_be_there_and_say_something() -> None:
    """Unknown ids, empty times, nothing at all: each with its path."""
    clinic = asked()
    bad = WeeklyTime(days=("mon",), start="10:00", end="09:00")
    clinic.request(
        "bob",
        declined=(
            Declined(doctor_id="nobody", location_id="nowhere", role_id="none"),
            Declined(times=(bad,)),
            Declined(),
        ),
    )
    found = check_dataset(replace(asked().dataset(), **clinic_rows(clinic))).problems
    assert [(row.code, row.path) for row in found if row.is_error] == [
        ("dangling_reference", "/requests/1/declined/0/doctor_id"),
        ("dangling_reference", "/requests/1/declined/0/location_id"),
        ("dangling_reference", "/requests/1/declined/0/role_id"),
        ("empty_interval", "/requests/1/declined/1/times/0/end"),
        ("missing_field", "/requests/1/declined/2"),
    ]


def clinic_rows(clinic: Clinic) -> dict[str, Any]:
    """Requests and patients, unchecked."""
    return {"requests": tuple(clinic.requests), "patients": tuple(clinic.patients)}
