"""Hold, book, move and cancel, the same on either database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from clinic import at
from ward import DAY, KEY, booked, let_time_pass, num_occupied, place, ward

from api.store.errors import (
    NotHeldError,
    NotThereError,
    OtherVersionError,
    TakenError,
    UnfitError,
)
from api.store.placing import Place
from api.store.store import Store
from engine.domain import Appointment

# Hold


def test_a_hold_lasts_as_long_as_was_said_and_is_its_keys(store: Store) -> None:
    """It says until when, and who may book it; by the database's clock."""
    before = store.now()
    made = store.hold("ann-visit", place(), 300, KEY)
    assert (made.status, made.version, made.held_by) == ("held", 1, KEY)
    assert made.record.held_until is not None
    assert 299 <= (made.record.held_until - before).total_seconds() <= 302
    assert store.appointment(made.record.id) == made
    assert num_occupied(store, made.record.id) == 3


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        (("ann-visit", place()), ("bob-visit", place()), "session"),
        (("ann-visit", place(start="09:30")), ("bob-visit", place("far", "09:30")), "doctor"),
        (("ann-visit", place()), ("ann-scan", place("wide")), "patient"),
        (("ann-scan", place()), ("bob-visit", place(start="09:15")), "session"),
    ],
    ids=["seat", "doctor elsewhere", "patient", "minutes after"],
)
def test_what_is_taken_is_refused_and_said(
    store: Store, first: tuple[str, Place], second: tuple[str, Place], kind: str
) -> None:
    """Of what there is not enough, and who has it."""
    held = store.hold(*first, 300, KEY)
    with pytest.raises(TakenError) as caught:
        store.hold(*second, 300, "another")
    assert caught.value.collisions[0].with_ids == (held.record.id,)
    assert kind in {row.kind for row in caught.value.collisions}
    assert len(store.appointments().rows) == 1


def test_as_many_may_come_as_there_are(store: Store) -> None:
    """Two seats in a cell, two scanners, two seats in a day: a third has none."""
    for names, where in (
        (("ann-visit", "bob-visit", "cyd-visit"), place("wide")),
        (("dot-visit", "eve-visit", "fay-visit"), DAY),
    ):
        *fitting, last = names
        for name in fitting:
            booked(store, name, where)
        with pytest.raises(TakenError):
            store.hold(last, where, 300, KEY)


def test_rooms_are_counted_across_doctors(store: Store) -> None:
    """Two scanners serve whoever is there, each for the minutes after the visit as well."""
    booked(store, "ann-scan", place("wide", "09:15"))
    booked(store, "bob-scan", place("wide", "09:15"))
    with pytest.raises(TakenError) as caught:
        store.hold("cyd-scan", place("role", "09:30"), 300, KEY)
    assert {row.kind for row in caught.value.collisions} == {"room"}
    booked(store, "cyd-scan", place("role", "09:45"))


def test_scattered_seats_are_gathered_in_the_database_too(store: Store) -> None:
    """One scanner is free before half past nine, the other one after it: whoever needs one across
    gets one, for there is always one free.
    """
    booked(store, "ann-scan", place("role", "09:00"))
    gone = booked(store, "bob-scan", place("role", "09:30"))
    booked(store, "cyd-scan", place("wide", "09:30"))
    store.cancel(gone, "pat")
    booked(store, "dot-scan", place("wide", "09:15"))
    with pytest.raises(TakenError) as caught:
        store.hold("eve-scan", place("wide", "09:00"), 300, KEY)
    assert {row.kind for row in caught.value.collisions} == {"room"}


@pytest.mark.parametrize(
    ("where", "code"),
    [
        (place(start="08:45"), "not_a_place"),
        (place(start="10:45", end="11:15"), "not_a_place"),
        (Place("role", at("09:15"), at("09:15")), "empty_interval"),
        (Place("role", at("09:00"), at("09:15").replace(second=1)), "not_whole_minute"),
    ],
    ids=["before", "beyond", "empty", "a second"],
)
def test_a_place_that_is_none_is_refused(store: Store, where: Place, code: str) -> None:
    """It lies in a session of its role, and lasts."""
    with pytest.raises(UnfitError) as caught:
        store.hold("ann-visit", where, 300, KEY)
    assert caught.value.problems[0].code == code


def test_who_or_what_is_not_there_is_said(store: Store) -> None:
    """An unknown request, role, appointment, record."""
    for work in (
        lambda: store.hold("nobody", place(), 300, KEY),
        lambda: store.hold("ann-visit", place("nowhere"), 300, KEY),
        lambda: store.book("none", KEY),
        lambda: store.move("none", place()),
        lambda: store.cancel("none", "pat"),
        lambda: store.appointment("none"),
        lambda: store.record("doctors", "none"),
    ):
        with pytest.raises(NotThereError):
            work()


def test_a_request_has_one_place(store: Store) -> None:
    """Held or booked; one that was cancelled counts no more."""
    first = booked(store, "ann-visit", place())
    with pytest.raises(UnfitError, match="has appointment") as caught:
        store.hold("ann-visit", place(start="10:00"), 300, KEY)
    assert caught.value.problems[0].code == "two_places"
    store.cancel(first, "pat")
    store.hold("ann-visit", place(start="10:00"), 300, KEY)


# Expiry


def test_a_hold_that_is_over_is_in_nobodys_way(store: Store) -> None:
    """Whoever wants its place ends it; it cannot be booked, moved or cancelled any more."""
    old = store.hold("ann-visit", place(), 10, KEY).record.id
    let_time_pass(store, 10)
    for work in (
        lambda: store.book(old, KEY),
        lambda: store.move(old, place(start="10:00"), KEY),
        lambda: store.cancel(old, "pat", KEY),
    ):
        with pytest.raises(NotHeldError, match="is over"):
            work()
    store.hold("bob-visit", place(), 10, KEY)
    with pytest.raises(NotThereError):
        store.appointment(old)


def test_a_hold_that_is_over_is_not_told_as_one(store: Store) -> None:
    """Before it is cleared away, too: neither alone nor in a list."""
    over = store.hold("ann-visit", place(), 300, KEY).record.id
    let_time_pass(store, 301)
    held = store.hold("bob-visit", place("wide"), 300, KEY).record.id
    with pytest.raises(NotThereError):
        store.appointment(over)
    assert [row.record.id for row in store.appointments().rows] == [held]
    assert [row.record.id for row in store.appointments(status="held").rows] == [held]


def test_a_second_before_the_end_it_holds(store: Store) -> None:
    """It can be booked, and nobody else gets its place."""
    held = store.hold("ann-visit", place(), 100, KEY).record.id
    let_time_pass(store, 95)
    with pytest.raises(TakenError):
        store.hold("bob-visit", place(), 100, KEY)
    assert store.book(held, KEY).status == "booked"


def test_a_request_whose_hold_is_over_can_hold_elsewhere(store: Store) -> None:
    """Its own old hold is not in its way."""
    store.hold("ann-visit", place(), 10, KEY)
    let_time_pass(store, 11)
    store.hold("ann-visit", place("wide", "10:00"), 10, KEY)


def test_holds_that_are_over_can_be_swept(store: Store) -> None:
    """Others stay."""
    store.hold("ann-visit", place(), 10, KEY)
    let_time_pass(store, 10)
    stays = store.hold("bob-visit", place(start="10:00"), 10, KEY)
    store.expire()
    assert [row.record.id for row in store.appointments().rows] == [stays.record.id]


# Book, move, cancel


def test_a_hold_is_booked_once_and_by_its_key(store: Store) -> None:
    """A booking has no end, and is nobody's hold."""
    held = store.hold("ann-visit", place(), 300, KEY).record.id
    with pytest.raises(NotHeldError, match="not held by this key"):
        store.book(held, "another")
    made = store.book(held, KEY)
    assert (made.status, made.version, made.held_by) == ("booked", 2, None)
    assert made.record.status == "booked"
    assert made.record.held_until is None
    with pytest.raises(NotHeldError):
        store.book(held, KEY)


def test_a_move_takes_the_new_place_and_leaves_the_old(store: Store) -> None:
    """Also where the two overlap."""
    moved = booked(store, "ann-scan", place())
    made = store.move(moved, place(start="09:15"))
    assert made.record.start == at("09:15")
    assert made.version == 3
    with pytest.raises(TakenError):
        store.hold("bob-visit", place(start="09:30"), 300, KEY)
    store.hold("bob-visit", place(start="09:00"), 300, KEY)


def test_a_move_that_fails_leaves_everything_as_it_was(store: Store) -> None:
    """The old place is given up for nothing less than the new one."""
    moved = booked(store, "ann-visit", place())
    booked(store, "bob-visit", place(start="10:00"))
    before = store.appointment(moved)
    with pytest.raises(TakenError):
        store.move(moved, place(start="10:00"))
    assert store.appointment(moved) == before
    with pytest.raises(TakenError):
        store.hold("cyd-visit", place(), 300, KEY)


def test_a_hold_can_be_moved_by_its_key(store: Store) -> None:
    """It lasts no longer for that."""
    held = store.hold("ann-visit", place(), 300, KEY)
    with pytest.raises(NotHeldError):
        store.move(held.record.id, place(start="10:00"))
    moved = store.move(held.record.id, place(start="10:00"), KEY)
    assert moved.status == "held"
    assert moved.record.held_until == held.record.held_until


def test_cancelled_is_kept_with_its_reason_and_is_no_part_of_the_dataset(store: Store) -> None:
    """Its place is free, and it cannot be changed any more."""
    gone = booked(store, "ann-visit", place())
    made = store.cancel(gone, "pat-crs")
    assert (made.status, made.reason) == ("cancelled", "pat-crs")
    assert num_occupied(store, gone) == 0
    assert store.dataset().appointments == ()
    with pytest.raises(NotThereError):
        store.cancel(gone, "pat")
    booked(store, "bob-visit", place())


def test_another_version_is_refused(store: Store) -> None:
    """Who has not seen the last change does not make the next one."""
    made = booked(store, "ann-visit", place())
    with pytest.raises(OtherVersionError) as caught:
        store.move(made, place(start="10:00"), expected=1)
    assert caught.value.version == 2
    with pytest.raises(OtherVersionError):
        store.cancel(made, "pat", expected=1)
    store.cancel(made, "pat", expected=2)


# Outside of the guard


def test_blocks_and_conflicted_appointments_are_in_the_way_of_new_ones(store: Store) -> None:
    """They lie outside of the constraint; whoever comes looks at them all the same."""
    clinic = ward()
    clinic.appointment("09:00", "10:00", id="block")
    clinic.appointment("10:00", "10:15", request="ann-visit", id="first")
    clinic.appointment("10:00", "10:15", request="bob-visit", id="second")
    loaded = store.load(clinic.dataset(), "replace")
    assert {row.appointment_id for row in loaded.collisions} == {"second"}
    store.cancel("first", "pat")
    for start, who in (("09:00", "block"), ("10:00", "second")):
        with pytest.raises(TakenError) as caught:
            store.hold("cyd-visit", place(start=start), 300, KEY)
        assert {name for row in caught.value.collisions for name in row.with_ids} == {who}
    with pytest.raises(UnfitError, match="a block is not moved"):
        store.move("block", place())
    assert store.move("second", place(start="10:00")).status == "booked"


# What a dataset says


def test_of_day_sessions_at_one_time_the_one_that_was_named_is_taken(store: Store) -> None:
    """Where they are not for the same visits; nothing else tells them apart."""
    more = {"kind": "day", "cell_minutes": None, "visit_type_ids": ("visit",)}
    clinic = ward().session("08:00", "16:00", id="twin", role_id="chair", **more)
    store.load(clinic.dataset(), "replace")
    named = replace(DAY, session_id="twin")
    booked(store, "ann-visit", named)
    with pytest.raises(TakenError) as caught:
        store.hold("bob-visit", named, 300, KEY)
    assert caught.value.collisions[0].of == ("twin",)
    booked(store, "bob-visit", replace(DAY, session_id="day"))


def test_appointments_keep_what_else_was_said_of_them(store: Store) -> None:
    """Where they came from, and that they are confirmed; a move undoes that."""
    clinic = ward().appointment("09:00", "09:15", request="ann-visit", id="a", confirmed=True,
                                source="desk")  # fmt: skip
    store.load(clinic.dataset(), "replace")
    moved = store.move("a", place(start="10:00")).record
    assert moved == Appointment(
        id="a", request_id="ann-visit", role_id="role", start=at("10:00"), end=at("10:15"),
        source="desk",
    )  # fmt: skip
