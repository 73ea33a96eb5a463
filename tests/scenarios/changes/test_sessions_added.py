"""A role gets more sessions."""

from __future__ import annotations

from typing import Any

import pytest
from clinic import Clinic, at
from situations import after, findings, hours, wrong

SATURDAY = {"days": ["sat"], "start": "09:00", "end": "11:00"}
EVENING = {"start": at("18:00", 1).isoformat(), "end": at("20:00", 1).isoformat()}


def test_weekly_hours_fill_the_horizon() -> None:
    """Twelve days from Monday hold one Saturday; the cells are those of the role."""
    found = after(
        Clinic().session(cell_minutes=20), "sessions_added", role_id="role", hours=[SATURDAY]
    )
    assert hours(found.dataset) == ["02 09:00-10:00", "07 09:00-11:00"]
    added = found.dataset.sessions[-1]
    assert (added.id, added.cell_minutes, added.capacity) == ("role-20260307-0900", 20, 1)


def test_weekly_hours_hold_for_a_while() -> None:
    """From a day to a day; a stretch that has begun when it is now is left out."""
    daily = {"days": ["mon", "tue", "wed", "thu"], "start": "09:00", "end": "10:00"}
    clinic = Clinic(as_of=at("09:01")).session("14:00", "15:00")
    found = after(clinic, "sessions_added", role_id="role", hours=[daily], end="2026-03-05")
    assert hours(found.dataset)[1:] == ["03 09:00-10:00", "04 09:00-10:00", "05 09:00-10:00"]
    found = after(
        clinic,
        "sessions_added",
        role_id="role",
        hours=[daily],
        start="2026-03-04",
        end="2026-03-04",
    )
    assert hours(found.dataset)[1:] == ["04 09:00-10:00"]


def test_hours_after_the_horizon_add_nothing() -> None:
    """Nothing is planned there."""
    clinic = Clinic().session()
    found = after(clinic, "sessions_added", role_id="role", hours=[SATURDAY], start="2026-04-01")
    assert found.dataset == clinic.dataset()


def test_hours_are_on_the_clock_of_the_place() -> None:
    """Nine in Chicago is ten in New York."""
    clinic = Clinic().location("west", time_zone="America/Chicago").session()
    clinic.role("west-role", location_id="west")
    found = after(
        clinic, "sessions_added", role_id="west-role", hours=[SATURDAY], cell_minutes=30
    ).dataset
    assert found.sessions[-1].start == at("10:00", 5)


def test_blocks_and_fields() -> None:
    """A dated block with everything that a session states; joined hours make one session."""
    found = after(
        Clinic(),
        "sessions_added",
        role_id="role",
        blocks=[EVENING],
        hours=[SATURDAY, SATURDAY | {"start": "10:30", "end": "12:00"}],
        cell_minutes=30,
        capacity=2,
        visit_type_ids=["visit"],
        reserved_for="urgent",
    ).dataset
    assert hours(found) == ["03 18:00-20:00", "07 09:00-12:00"]
    assert {(row.cell_minutes, row.capacity) for row in found.sessions} == {(30, 2)}
    assert {(row.visit_type_ids, row.reserved_for) for row in found.sessions} == {
        (("visit",), "urgent")
    }


def test_the_usual_cell_is_that_of_most_sessions() -> None:
    """The shorter one of two that are as frequent."""
    clinic = Clinic().session(cell_minutes=20).session(day=1).session(day=2, cell_minutes=20)
    added = {"role_id": "role", "hours": [SATURDAY]}
    assert after(clinic, "sessions_added", **added).dataset.sessions[-1].cell_minutes == 20
    clinic.session(day=3)
    assert after(clinic, "sessions_added", **added).dataset.sessions[-1].cell_minutes == 15


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, [("missing_field", "hours")]),
        (
            {"role_id": "x", "hours": [SATURDAY], "cell_minutes": 15},
            [("dangling_reference", "role_id")],
        ),
        (
            {
                "hours": [SATURDAY | {"end": "09:00"}],
                "blocks": [EVENING | {"end": EVENING["start"]}],
            },
            [("empty_interval", "hours/0/end"), ("empty_interval", "blocks/0/end")],
        ),
        (
            {"blocks": [EVENING | {"end": at("18:01", 3).isoformat()}]},
            [("out_of_range", "blocks/0/end")],
        ),
        (
            {"hours": [SATURDAY], "visit_type_ids": ["y", "visit", "visit"], "reserved_for": "z"},
            [
                ("dangling_reference", "visit_type_ids/0"),
                ("duplicate_reference", "visit_type_ids/2"),
                ("unknown_urgency", "reserved_for"),
            ],
        ),
        (
            {"hours": [SATURDAY], "start": "2026-03-05", "end": "2026-03-04"},
            [("empty_interval", "end")],
        ),
    ],
)
def test_everything_wrong_is_found(fields: dict[str, Any], found: list[tuple[str, str]]) -> None:
    """In one pass, each where it stands."""
    rows = wrong(Clinic().session(), "sessions_added", **({"role_id": "role"} | fields))
    assert rows == [(code, f"/changes/0/{path}") for code, path in found]


def test_two_days_are_no_longer_than_a_session_may_be() -> None:
    """To the minute."""
    block = EVENING | {"end": at("18:00", 3).isoformat()}
    found = after(Clinic().session(), "sessions_added", role_id="role", blocks=[block])
    assert len(found.dataset.sessions) == 2


def test_cells_of_a_role_without_sessions_must_be_stated() -> None:
    """There is nothing to take them from."""
    report = findings(Clinic(), "sessions_added", role_id="role", hours=[SATURDAY])
    assert [row.code for row in report.problems] == ["missing_cell_minutes"]
