"""Single records, and what they do to appointments."""

from __future__ import annotations

from dataclasses import replace

import pytest
from clinic import MONDAY, at
from ward import KEY, booked, num_occupied, place

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
