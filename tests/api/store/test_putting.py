"""Single records, and what they do to appointments."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from clinic import MONDAY, at
from ward import KEY, booked, num_occupied, place, ward

from api.store.errors import (
    BreaksError,
    NotThereError,
    OtherVersionError,
    TakenError,
    UnfitError,
)
from api.store.store import Store
from engine.domain import Request


def test_a_record_is_put_at_the_version_that_was_read(store: Store) -> None:
    """Two who read the same version cannot both write; what stays the same keeps its version."""
    before = store.record("patients", "ann")
    changed = replace(before.record, state="NJ")
    assert store.put("patients", changed, before.version) == (2, ())
    with pytest.raises(OtherVersionError):
        store.put("patients", before.record, before.version)
    assert store.put("patients", changed, 2) == (2, ())
    assert store.record("patients", "ann").record == changed


def test_a_new_record_is_new(store: Store) -> None:
    """Expected at no version, it must not be there."""
    new = Request(id="new", patient_id="ann", visit_type_id="visit", created=MONDAY)
    assert store.put("requests", new, 0) == (1, ())
    with pytest.raises(OtherVersionError):
        store.put("requests", new, 0)
    booked(store, "new", place())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"patient_id": "nobody"}, "dangling_reference"),
        ({"urgency": "whenever"}, "unknown_urgency"),
    ],
    ids=str,
)
def test_a_record_that_breaks_a_rule_is_refused(
    store: Store, change: dict[str, str], code: str
) -> None:
    """With everything that is wrong, as in a dataset."""
    record = store.record("requests", "ann-visit").record
    with pytest.raises(UnfitError) as caught:
        store.put("requests", replace(record, **change))
    assert [problem.code for problem in caught.value.problems] == [code]


def test_kinds_that_come_with_a_dataset_are_not_put(store: Store) -> None:
    """Places and types of visit say too much about everything."""
    with pytest.raises(NotThereError, match="visit_types"):
        store.put("visit_types", store.record("visit_types", "scan").record)


def test_a_session_that_comes_makes_room(store: Store) -> None:
    """Next week's come in without a load."""
    session = store.record("sessions", "one").record
    later = replace(session, id="later", start=at("13:00"), end=at("14:00"))
    with pytest.raises(UnfitError):
        store.hold("ann-visit", place(start="13:00"), 300, KEY)
    store.put("sessions", later, 0)
    store.hold("ann-visit", place(start="13:00"), 300, KEY)


def test_a_record_that_would_make_people_collide_is_refused_or_says_whom(store: Store) -> None:
    """A session loses a seat that somebody has: the later one is conflicted."""
    first, second = (booked(store, name, place("wide")) for name in ("ann-visit", "bob-visit"))
    fewer = replace(store.record("sessions", "two").record, capacity=1)
    with pytest.raises(BreaksError) as caught:
        store.put("sessions", fewer)
    assert store.appointment(second).status == "booked"
    _, collisions = store.put("sessions", fewer, breaking=True)
    assert collisions == caught.value.collisions
    assert [(row.appointment_id, row.with_ids) for row in collisions] == [(second, (first,))]
    assert [store.appointment(name).status for name in (first, second)] == ["booked", "conflicted"]
    moved = store.move(second, place("wide", "10:00"))
    assert moved.status == moved.record.status == "booked"


@pytest.mark.parametrize(
    "change",
    [
        {"end": at("09:10")},
        {"start": at("09:15")},
        {"start": at("09:00", 1), "end": at("11:00", 1)},
        {"role_id": "wide"},
    ],
)
def test_a_session_does_not_go_from_under_an_appointment(
    store: Store, change: dict[str, Any]
) -> None:
    """One that is shortened, moved, or another role's: who lies in it no more is told, and is
    conflicted where that is wanted; a hold ends. Who still lies in it is as before.
    """
    first, other = booked(store, "ann-visit", place()), booked(store, "bob-visit", place("wide"))
    session = store.record("sessions", "one").record
    with pytest.raises(BreaksError) as caught:
        store.put("sessions", replace(session, **change))
    (lost,) = caught.value.collisions
    assert (lost.appointment_id, lost.kind, lost.of, lost.with_ids) == (
        first, "session", ("one",), (),
    )  # fmt: skip
    assert (lost.start, lost.end) == (at("09:00"), at("09:15"))
    _, collisions = store.put("sessions", replace(session, **change), breaking=True)
    assert collisions == (lost,)
    assert [store.appointment(name).status for name in (first, other)] == ["conflicted", "booked"]
    with pytest.raises(TakenError):
        store.hold("ann-scan", place("wide"), 300, KEY)
    _, again = store.put("sessions", replace(session, end=at("11:30")))
    assert again == ()
    assert store.move(first, place()).status == "booked"


def test_a_hold_whose_session_goes_is_let_go(store: Store) -> None:
    """A longer visit needs more of the session, too: a block needs none, nor who never had one."""
    clinic = ward().appointment("12:00", "12:15", request="bob-visit", id="outside")
    clinic.appointment("10:45", "11:00", id="block")
    store.load(clinic.dataset(), "replace")
    held = store.hold("ann-visit", place(start="10:30"), 300, KEY).record.id
    dot = booked(store, "dot-visit", place("wide", "10:45"))
    scan = replace(store.record("requests", "dot-visit").record, visit_type_id="scan")
    with pytest.raises(BreaksError) as caught:
        store.put("requests", scan)
    assert {row.appointment_id for row in caught.value.collisions} == {dot}
    shorter = replace(store.record("sessions", "one").record, end=at("10:30"))
    _, collisions = store.put("sessions", shorter, breaking=True)
    assert [row.appointment_id for row in collisions] == [held]
    with pytest.raises(NotThereError):
        store.appointment(held)
    assert {row.record.id: row.status for row in store.appointments().rows} == {
        dot: "booked", "outside": "booked", "block": "booked",
    }  # fmt: skip


def test_a_hold_that_finds_no_room_after_a_change_is_let_go(store: Store) -> None:
    """It was no promise."""
    booked(store, "ann-visit", place("wide"))
    held = store.hold("bob-visit", place("wide"), 300, KEY).record.id
    fewer = replace(store.record("sessions", "two").record, capacity=1)
    store.put("sessions", fewer, breaking=True)
    with pytest.raises(NotThereError):
        store.appointment(held)


def test_a_request_that_becomes_another_visit_occupies_what_that_needs(store: Store) -> None:
    """A scan takes half an hour and a scanner."""
    made = booked(store, "ann-visit", place())
    scan = replace(store.record("requests", "ann-visit").record, visit_type_id="scan")
    store.put("requests", scan)
    assert num_occupied(store, made) == 5
    with pytest.raises(TakenError):
        store.hold("bob-visit", place(start="09:15"), 300, KEY)


def test_a_role_that_becomes_another_doctors_keeps_that_one_busy(store: Store) -> None:
    """And is refused where that one is elsewhere."""
    booked(store, "ann-visit", place(start="09:30"))
    booked(store, "bob-visit", place("wide", "09:30"))
    with pytest.raises(BreaksError):
        store.put("roles", replace(store.record("roles", "wide").record, doctor_id="dr"))
