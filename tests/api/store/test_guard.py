"""The database itself forbids that anything is occupied twice."""

from __future__ import annotations

import traceback
from typing import Any

import pytest
from sqlalchemy import Connection, insert, update

from api.store.database import Database
from api.store.errors import DatabaseError, OverlapError
from api.store.tables import appointment, occupation


@pytest.fixture
def promised(database: Database) -> Database:
    """Appointments ``a`` and ``b``, which occupy nothing yet."""
    row = {"role_id": "role", "start": 0, "end": 60, "status": "booked", "version": 1, "body": "{}"}
    rows = [{"id": name, **row} for name in ("a", "b")]
    database.write(lambda connection: connection.execute(insert(appointment), rows))
    return database


def occupy(database: Database, whose: str, start: int, end: int, **more: Any) -> None:
    """Write an occupation by an appointment, of doctor's seat 0 unless said otherwise."""
    known = {"kind": "session", "id": "s", "seat": 0, "state": "booked"}
    row = {"appointment_id": whose, "start": start, "end": end, **known, **more}
    database.write(lambda connection: connection.execute(insert(occupation), [row]))


@pytest.mark.parametrize(("start", "end"), [(0, 60), (59, 61), (10, 20), (0, 1000)])
def test_one_seat_is_not_taken_twice(promised: Database, start: int, end: int) -> None:
    """Two stretches that meet by a second are refused, whoever asks."""
    occupy(promised, "a", 10, 60)
    with pytest.raises(OverlapError):
        occupy(promised, "b", start, end, state="held")


@pytest.mark.parametrize(
    "other",
    [{"seat": 1}, {"id": "t"}, {"kind": "patient"}, {"state": "conflicted"}, {"state": "block"}],
    ids=str,
)
def test_what_is_another_thing_or_outside_is_free(promised: Database, other: Any) -> None:
    """Another seat, another session, another kind; and what lies outside of the constraint."""
    occupy(promised, "a", 0, 60)
    occupy(promised, "b", 0, 60, **other)


def test_stretches_that_touch_do_not_meet(promised: Database) -> None:
    """They are half-open."""
    occupy(promised, "a", 0, 60)
    occupy(promised, "b", 60, 120)


def test_a_doctor_is_in_one_home_at_a_time(promised: Database) -> None:
    """Two visits of one session may meet, by its seats; two of different ones may not."""
    doctor: dict[str, Any] = {"kind": "doctor", "id": "dr", "seat": None}
    occupy(promised, "a", 0, 60, home="s", **doctor)
    occupy(promised, "b", 0, 60, home="s", **doctor)
    with pytest.raises(OverlapError):
        occupy(promised, "b", 59, 70, home="t", **doctor)
    occupy(promised, "b", 60, 70, home="t", **doctor)


@pytest.mark.parametrize("change", [{"state": "booked"}, {"seat": 0}, {"start": 30}], ids=str)
def test_what_is_changed_into_an_overlap_is_refused(promised: Database, change: Any) -> None:
    """A row that comes back, or moves, is looked at like a new one."""
    occupy(promised, "a", 0, 60)
    away: dict[str, Any] = {"state": "conflicted"} if "state" in change else {}
    away |= {"seat": 1} if "seat" in change else {}
    start = 60 if "start" in change else 0
    occupy(promised, "b", start, 90, **away)
    with pytest.raises(OverlapError):
        promised.write(
            lambda connection: connection.execute(
                update(occupation).where(occupation.c.appointment_id == "b").values(change)
            )
        )


@pytest.mark.parametrize(
    "bad",
    [{"start": 60}, {"state": "free"}, {"seat": None}, {"home": "s"}, {"appointment_id": "nobody"}],
    ids=str,
)
def test_a_row_that_would_guard_nothing_is_refused(promised: Database, bad: Any) -> None:
    """An empty stretch, an unknown state, neither seat nor home, nobody's."""
    row = {"appointment_id": "a", "start": 0, "end": 60} | bad
    with pytest.raises(DatabaseError):
        occupy(promised, row.pop("appointment_id"), row.pop("start"), row.pop("end"), **row)


def test_a_failure_says_nothing_of_the_row(promised: Database) -> None:
    """Neither the message nor what a log would print of it holds what was written."""
    occupy(promised, "a", 0, 60, id="CANARY")
    for more in ({}, {"start": 5, "end": 5}, {"state": "CANARY"}):
        row: dict[str, Any] = {"start": 0, "end": 60, "id": "CANARY"} | more
        with pytest.raises(DatabaseError) as caught:
            occupy(promised, "b", row.pop("start"), row.pop("end"), **row)
        assert "CANARY" not in "".join(traceback.format_exception(caught.value))


def test_two_places_can_be_exchanged(promised: Database) -> None:
    """What leaves a seat in a transaction leaves room for what comes to it."""
    occupy(promised, "a", 0, 60)
    occupy(promised, "b", 60, 120)

    def exchange(connection: Connection) -> None:
        connection.execute(occupation.delete())
        known = {"kind": "session", "id": "s", "seat": 0, "state": "booked"}
        for name, start in (("b", 0), ("a", 60)):
            row = {"appointment_id": name, "start": start, "end": start + 60, **known}
            connection.execute(insert(occupation), [row])

    promised.write(exchange)
