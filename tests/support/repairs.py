"""Small worlds in which something happened, each with an answer that can be worked out by hand."""

from __future__ import annotations

from typing import Any

from clinic import Clinic, at

from benchmarks.instances import Instance
from engine.domain import Dataset
from engine.events.events import Disruption, DoubleBookings, SessionClosed
from engine.interchange.booked import booked
from engine.match import match
from engine.policy import Policy
from engine.repair.extent import Extent
from engine.repair.ledger import Entry, Ledger, ledger_of
from engine.repair.repair import Repair, repair
from engine.solve.limits import Limits

LIMITS = Limits(deterministic=True, workers=1)
CLOSED = SessionClosed(session_id="lost")


def mended(
    clinic: Clinic, *events: Disruption, most: int = 0, policy: Policy | None = None
) -> Repair:
    """The repair of a clinic, without a clock."""
    return repair(clinic.dataset(), events, policy, Extent(max_additional=most), LIMITS)


def matched(name: str) -> Dataset:
    """A world of a family, in which everybody was told the places of a match."""
    dataset = Instance.named(name).dataset
    result = match(dataset, limits=LIMITS)
    return booked(dataset, result.snapshot, result.plan)


def ledger(found: Repair, point: int = -1) -> Ledger:
    """The ledger of a point, by default the one that displaces most."""
    return ledger_of(found, found.points[point])


def by_id(found: Ledger) -> dict[str, Entry]:
    """Entries by appointment."""
    return {entry.appointment_id: entry for entry in found.entries}


def clock(entry: Entry) -> str:
    """Where somebody goes: role, weekday and clock; a dash for nowhere."""
    return "-" if entry.after is None else f"{entry.after.role_id} {entry.after.start:%a %H:%M}"


def chain() -> Clinic:
    """Ann loses her place and fits only where Bob is; Bob fits only where Cid is; Cid is free."""
    clinic = Clinic()
    for day, name in enumerate(("one", "two", "three", "four"), 3):
        clinic.doctor(name).role(name, doctor_id=name)
        session_id = "lost" if name == "one" else name
        clinic.session("09:00", "09:15", day, session_id, role_id=name)
    for day, (name, role, latest) in enumerate(
        (("ann", "one", 4), ("bob", "two", 5), ("cid", "three", 6)), 3
    ):
        clinic.request(name, latest=at("09:15", latest))
        clinic.appointment("09:00", "09:15", day, name, id=name, role_id=role)
    return clinic


def two_lost() -> Clinic:
    """Ann and Bob lose Thursday; on Friday and Saturday there is room, with two doctors."""
    clinic = Clinic().doctor("two").role("two", doctor_id="two")
    clinic.session("09:00", "09:30", 3, "lost").session("09:00", "09:30", 4)
    clinic.session("09:00", "10:00", 5, role_id="two")
    for name, start, end in (("ann", "09:00", "09:15"), ("bob", "09:15", "09:30")):
        clinic.request(name).appointment(start, end, 3, name, id=name)
    return clinic


def after_the_loss() -> Clinic:
    """The same, where the session is gone, and Bob's appointment with it."""
    clinic = two_lost()
    clinic.sessions = [row for row in clinic.sessions if row.id != "lost"]
    clinic.appointments = [row for row in clinic.appointments if row.id != "bob"]
    return clinic


def three_ways() -> Clinic:
    """Ann loses Thursday; her doctor has a place on Sunday, another one has one on Friday."""
    clinic = Clinic(days=30).doctor("two").role("two", doctor_id="two")
    clinic.session("09:00", "09:15", 3, "lost").session("09:00", "09:15", 6, "own")
    clinic.session("09:00", "09:15", 4, "other", role_id="two")
    return clinic.request("ann").appointment("09:00", "09:15", 3, "ann", id="ann")


def plateau() -> Clinic:
    """Three who go together lose their places; on Thursday one cell is free, two are taken by
    people who could also come on Friday.
    """
    clinic = Clinic().session("09:00", "09:45", 2, "lost").session("09:00", "09:45", 3, "thursday")
    clinic.session("09:00", "09:30", 4, "friday")
    for number in range(3):
        clinic.request(f"r{number}", latest=at("23:00", 3))
        start, end = f"09:{15 * number:02d}", f"09:{15 * number + 15:02d}"
        clinic.appointment(start, end, 2, f"r{number}", id=f"r{number}")
    clinic.link("r0", "r1", "r2", all_or_none=True)
    for name, start, end in (("eve", "09:00", "09:15"), ("fay", "09:15", "09:30")):
        clinic.request(name).appointment(start, end, 3, name, id=name)
    return clinic


def long_visit() -> Clinic:
    """A visit of two cells is lost; the only two cells in a row are held by two people."""
    clinic = Clinic().visit_type("long", minutes=30).session("09:00", "09:30", 2, "lost")
    clinic.session("09:00", "09:30", 3, "taken").session("10:00", "10:15", 3, "free")
    clinic.session("11:00", "11:15", 3, "also-free")
    clinic.request("ann", visit_type_id="long").appointment("09:00", "09:30", 2, "ann", id="ann")
    for name, start, end in (("bob", "09:00", "09:15"), ("cid", "09:15", "09:30")):
        clinic.request(name).appointment(start, end, 3, name, id=name)
    return clinic


def contest(one: dict[str, Any], other: dict[str, Any], **held: Any) -> Ledger:
    """Ann and Bob were told the same place on Thursday; on Saturday there is another one.

    Parameters
    ----------
    one, other
        What is particular about each: of the patient, or of the request (``created``).
    held
        What is particular about Ann's appointment.
    """
    clinic = Clinic().session("09:00", "09:15", 3).session("09:00", "09:15", 5)
    for name, more in (("ann", one), ("bob", other)):
        created = {"created": more.pop("created")} if "created" in more else {}
        clinic.patient(name, **more).request(name, **created)
        extra = held if name == "ann" else {}
        clinic.appointment("09:00", "09:15", 3, name, id=name, **extra)
    return ledger(mended(clinic, DoubleBookings()))
