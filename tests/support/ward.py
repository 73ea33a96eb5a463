"""A small clinic for the store: every kind of thing that can be promised twice is there."""

from __future__ import annotations

from datetime import timedelta

from clinic import Clinic, at

from api.store.placing import Place
from engine.domain import Service

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
