"""A small clinic for the store: every kind of thing that can be promised twice is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from clinic import Clinic, at
from sqlalchemy import Connection, select, update

from api.store.placing import Place
from api.store.rows import APPOINTMENTS, appointment_row, record_of
from api.store.store import Store
from api.store.tables import appointment, occupation
from engine.domain import Service

KEY = "key"
"""Whose holds are."""

_QUARTER = timedelta(minutes=15)


def ward() -> Clinic:
    """Two doctors, one of whom has a second role by video at the same time; a session of two
    seats; a scanner, of which there are two; a chair for the day; six patients, two requests
    each.
    """
    clinic = Clinic(services=[Service(id="chair")])
    clinic.doctor("other").role("wide", doctor_id="other").role("far", doctor_id="dr")
    clinic.role("chair", service_id="chair")
    clinic.resource("scanner", capacity=2)
    clinic.visit_type("scan", minutes=15, minutes_after=15, resources=("scanner",))
    clinic.session("09:00", "11:00", id="one")
    clinic.session("09:00", "11:00", id="two", role_id="wide", capacity=2)
    clinic.session("09:30", "10:30", id="also", role_id="far")
    clinic.session(
        "08:00", "16:00", id="day", role_id="chair", kind="day", cell_minutes=None, capacity=2
    )
    for name in ("ann", "bob", "cyd", "dot", "eve", "fay"):
        clinic.request(f"{name}-visit", name).request(f"{name}-scan", name, visit_type_id="scan")
    return clinic


def place(role: str = "role", start: str = "09:00", end: str = "", session: str = "") -> Place:
    """A place of fifteen minutes, unless said otherwise."""
    begin = at(start)
    return Place(role, begin, at(end) if end else begin + _QUARTER, session or None)


DAY = Place("chair", at("08:00"), at("16:00"))
"""A seat for the day."""


def booked(store: Store, request: str, where: Place) -> str:
    """The id of an appointment at a place."""
    return store.book(store.hold(request, where, 300, KEY).record.id, KEY).record.id


def num_occupied(store: Store, id: str) -> int:
    """How many things an appointment occupies."""
    query = select(occupation.c.number).where(occupation.c.appointment_id == id)
    with store.database.reading() as connection:
        return len(connection.execute(query).all())


def let_time_pass(store: Store, seconds: int) -> None:
    """Every hold is so much older, in its columns and in what is exported of it."""

    def age(connection: Connection) -> None:
        held = select(appointment.c.body).where(appointment.c.status == "held")
        for body in connection.execute(held).scalars().all():
            row = record_of(APPOINTMENTS, body)
            older = replace(row, held_until=row.held_until - timedelta(seconds=seconds))
            same = update(appointment).where(appointment.c.id == row.id)
            connection.execute(same.values(appointment_row(older)))

    store.database.write(age)
