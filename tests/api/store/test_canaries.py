"""Errors of either database, forced with marked data: none of it is in what they say."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from canaries import CANARIES, shown
from sqlalchemy import Connection, insert, text
from ward import place

from api.store.database import Database
from api.store.errors import DatabaseError, RefusalError
from api.store.placing import Place
from api.store.store import Store
from api.store.tables import appointment, change, occupation, record
from engine.domain import Patient, Request

MARKED = " | ".join(CANARIES.values())
ID = CANARIES["patient id"]
PLACED = {"id": ID, "request_id": CANARIES["request id"], "role_id": "r", "start": 0, "end": 60,
          "status": "booked", "version": 1, "body": MARKED, "reason": MARKED}  # fmt: skip
TAKEN = {"kind": "patient", "id": ID, "seat": 0, "start": 0, "end": 60, "state": "booked",
         "appointment_id": ID}  # fmt: skip
KEPT = {"kind": "patients", "id": ID, "version": 1, "body": MARKED}


def _twice(table: Any, row: dict[str, Any]) -> Callable[[Connection], Any]:
    return lambda c: [c.execute(insert(table), [row]) for _ in range(2)]


def _once(table: Any, row: dict[str, Any]) -> Callable[[Connection], Any]:
    return lambda c: c.execute(insert(table), [row])


def _overlap(connection: Connection) -> None:
    connection.execute(insert(appointment), [PLACED])
    for _ in range(2):
        connection.execute(insert(occupation), [TAKEN])


FORCED: dict[str, Callable[[Connection], Any]] = {
    "unique": _twice(record, KEPT),
    "one place": lambda c: [
        c.execute(insert(appointment), [PLACED | {"id": f"{ID}{n}"}]) for n in range(2)
    ],
    "check": _once(appointment, PLACED | {"end": 0}),
    "status": _once(appointment, PLACED | {"status": MARKED}),
    "foreign key": _once(occupation, TAKEN),
    "not null": _once(record, KEPT | {"kind": None}),
    "overlap": _overlap,
    "type": _once(appointment, PLACED | {"start": MARKED}),
    "encoding": _once(record, KEPT | {"body": f"\ud800{MARKED}"}),
    "too long a number": _once(change, {"sequence": 1 << 70, "kind": MARKED, "id": ID}),
    "no such table": lambda c: c.execute(text(f'INSERT INTO "{MARKED}" VALUES (1)')),  # noqa: S608
    "no such function": lambda c: c.execute(text("SELECT nothing(:x)"), {"x": MARKED}),
}

NEVER_SENT = ("encoding", "too long a number")
"""What a driver refuses before the database hears of it; records hold no such thing."""


@pytest.mark.parametrize("kind", FORCED)
def test_no_error_of_a_database_says_what_was_written(
    database: Database, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Its text, its traceback with all that led to it, and what libraries log."""
    caplog.set_level(logging.DEBUG)
    with pytest.raises(Exception) as caught:  # noqa: PT011 whatever it is
        database.write(FORCED[kind])
    told = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert shown(told.replace(MARKED, "") if kind == "no such table" else told) == []
    assert isinstance(caught.value, DatabaseError) or kind in NEVER_SENT
    with database.reading() as connection:
        assert connection.execute(record.select().where(record.c.id == ID)).all() == []


def test_a_wait_that_is_too_long_says_nothing(database: Database) -> None:
    """Who waits for somebody else's lock."""
    entered, done = threading.Event(), threading.Event()

    def hold(connection: Connection) -> None:
        database.lock(connection, ["cnry"])
        entered.set()
        done.wait(20)

    thread = threading.Thread(target=database.write, args=(hold,))
    thread.start()
    entered.wait(10)

    def wait(connection: Connection) -> None:
        connection.execute(text("SET LOCAL lock_timeout = '50ms'"))
        database.lock(connection, ["cnry"])

    if "sqlite" in type(database).__name__.lower():
        done.set()  # whoever writes is alone, and waits for a turn
        thread.join()
        return
    with pytest.raises(DatabaseError) as caught:
        database.write(wait)
    done.set()
    thread.join()
    assert "cnry" not in "".join(traceback.format_exception(caught.value))


def test_a_refusal_names_ids_that_its_caller_sent_and_no_more(store: Store) -> None:
    """Nothing that the record holds: a refusal goes to whoever asked."""
    wishes = {"groups": {"area": CANARIES["address"]}, "family_id": CANARIES["name"]}
    store.put("patients", Patient(id="ann", **wishes))
    made = store.hold("ann-visit", place(), 300, "k").record
    asked = store.record("requests", "bob-visit").record
    refused: list[Callable[[], Any]] = [
        lambda: store.hold("bob-visit", place(), 300, "k"),
        lambda: store.hold("ann-visit", place(start="10:00"), 300, "k"),
        lambda: store.hold("bob-visit", Place("role", made.end, made.start), 300, "k"),
        lambda: store.book(made.id, "other"),
        lambda: store.move(made.id, place(start="10:00"), "other"),
        lambda: store.cancel(made.id, CANARIES["reason"], "k", expected=9),
        lambda: store.put("patients", Patient(id="ann"), expected=9),
        lambda: store.put("requests", Request(id="x", patient_id="nobody", visit_type_id="visit",
                                              created=asked.created)),
    ]  # fmt: skip
    for work in refused:
        with pytest.raises(RefusalError) as caught:
            work()
        assert shown("".join(traceback.format_exception(caught.value))) == []
