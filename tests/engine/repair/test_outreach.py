"""The outreach list: its order, and its lines."""

from __future__ import annotations

from clinic import Clinic
from repairs import CLOSED, ledger, mended

from engine.interchange.validation import adapter
from engine.policy import Policy
from engine.repair.menus import menus_of
from engine.repair.outreach import Call, OutreachRow, outreach, outreach_rows


def calls(clinic: Clinic, k: int = 2) -> tuple[Call, ...]:
    """The list for the last point."""
    found = mended(clinic, CLOSED)
    point = found.points[-1]
    return outreach(ledger(found), menus_of(found, point, k), Policy.default().urgencies)


def lost_four() -> Clinic:
    """Four lose their places: one is urgent, one is pinned, one finds no place."""
    clinic = Clinic().doctor("two").role("two", doctor_id="two")
    clinic.session("09:00", "10:00", 3, "lost")
    clinic.session("09:00", "10:00", 4, role_id="two", visit_type_ids=("visit",))
    clinic.visit_type("other")
    rows = (("ann", "visit", {}), ("bob", "visit", {"urgency": "soon"}), ("cid", "other", {}))
    for number, (name, kind, more) in enumerate((*rows, ("dan", "visit", {}))):
        clinic.request(name, visit_type_id=kind, **more)
        start, end = f"09:{15 * number:02d}", "10:00" if number == 3 else f"09:{15 * number + 15}"
        clinic.appointment(start, end, 3, name, id=name, pinned=name == "dan")
    return clinic


def test_order_is_urgency_then_the_visit_told_first() -> None:
    """Bob is more urgent; then by the clock; whoever has nothing to choose is there too."""
    found = calls(lost_four())
    assert [(call.entries[0].appointment_id, call.task) for call in found] == [
        ("bob", "offer"),
        ("ann", "offer"),
        ("cid", "no_place"),
        ("dan", "stuck"),
    ]
    assert [call.number for call in found] == [1, 2, 3, 4]


def test_lines_say_what_is_offered_and_what_it_replaces() -> None:
    """One line for each place of each option, and one where there is none; all are JSON."""
    rows = list(outreach_rows(calls(lost_four())))
    assert [(row.call, row.option) for row in rows] == [
        (1, 1),
        (1, 2),
        (2, 1),
        (2, 2),
        (3, None),
        (4, None),
    ]
    first, last = rows[0], rows[-1]
    assert (first.patient_id, first.old_doctor_id, first.new_doctor_id) == ("bob", "dr", "two")
    assert f"{first.old_start:%a %H:%M}" == "Thu 09:15"
    assert (first.is_planned, rows[1].is_planned, last.new_start) == (True, False, None)
    content = adapter(OutreachRow).dump_python(last, mode="json", exclude_none=True)
    assert content["task"] == "stuck"
    assert "price_milli_days" not in content


def test_linked_people_are_one_call() -> None:
    """A couple hears together; lines of one option go together."""
    clinic = Clinic().session("09:00", "09:30", 3, "lost").session("09:00", "10:00", 4)
    for name, start, end in (("ann", "09:00", "09:15"), ("bob", "09:15", "09:30")):
        clinic.request(name).appointment(start, end, 3, name, id=name)
    clinic.link("ann", "bob", all_or_none=True)
    (call,) = calls(clinic)
    assert [row.appointment_id for row in call.entries] == ["ann", "bob"]
    lines = [(row.option, row.appointment_id) for row in outreach_rows([call])]
    assert lines == [(1, "ann"), (1, "bob"), (2, "ann"), (2, "bob")]
