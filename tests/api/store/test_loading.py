"""A dataset into the store, and out of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from clinic import at
from ward import KEY, booked, place, ward

from api.store.errors import (
    NotThereError,
    StoreError,
)
from api.store.loading import Mode
from api.store.store import Store
from engine.interchange.canonical import dataset_hash


def test_what_goes_in_comes_out(store: Store) -> None:
    """Every record equal, in its order; the hash too."""
    given = ward().appointment("09:00", "09:15", request="ann-visit").dataset()
    store.load(given, "replace")
    assert store.dataset() == given
    assert dataset_hash(store.dataset()) == dataset_hash(given)


def test_a_store_without_a_dataset_says_so(store: Store) -> None:
    """There is nothing to give back, and nothing to put a record into."""
    dropped = "DELETE FROM record"
    store.database.write(lambda connection: connection.exec_driver_sql(dropped))
    with pytest.raises(StoreError, match="holds no dataset"):
        store.dataset()
    with pytest.raises(NotThereError, match="no dataset"):
        store.put("patients", ward().patients[0])


def test_a_second_load_says_what_becomes_of_the_first(store: Store) -> None:
    """Otherwise it is refused."""
    with pytest.raises(StoreError, match="--merge or --replace") as caught:
        store.load(ward().dataset())
    assert caught.value.problems[0].code == "store_not_empty"


def test_what_nobody_agrees_to_is_not_done(store: Store) -> None:
    """A dry run tells all, and leaves everything."""
    kept = booked(store, "ann-visit", place())
    before = store.dataset()
    loaded = store.load(ward().doctor("third").dataset(), "replace", lambda _: False)
    assert loaded.lost == (kept,)
    assert (loaded.added["doctors"], loaded.gone["appointments"]) == (1, 1)
    assert store.dataset() == before


def test_merging_keeps_what_is_there_and_lets_the_newer_record_hold(store: Store) -> None:
    """Appointments of the store stay; what comes and collides with them is conflicted."""
    kept = booked(store, "ann-visit", place())
    clinic = ward().patient("ann", state="NJ").doctor("third")
    clinic.appointment("09:00", "09:15", request="bob-visit", id="late")
    loaded = store.load(clinic.dataset(), "merge")
    assert [(row.appointment_id, row.with_ids) for row in loaded.collisions[:1]] == [
        ("late", (kept,))
    ]
    assert (loaded.added["doctors"], loaded.changed["patients"], loaded.lost) == (1, 1, ())
    assert store.record("patients", "ann").version == 2
    assert store.record("patients", "bob").version == 1
    assert [row.id for row in store.dataset().appointments] == [kept, "late"]


def test_replacing_lets_go_of_the_rest_but_not_of_what_was_cancelled(store: Store) -> None:
    """What was once promised is remembered."""
    old = booked(store, "ann-visit", place())
    store.cancel(old, "pat")
    store.load(ward().dataset(), "replace")
    assert store.appointment(old).status == "cancelled"


def test_holds_of_a_dataset_end_by_the_clock_of_the_database(store: Store) -> None:
    """One that holds in the dataset's time and is over in ours is in nobody's way."""
    clinic = ward().appointment(
        "09:00", "09:15", request="ann-visit", status="held", held_until=at("08:00", 2), id="hold"
    )
    store.load(clinic.dataset(), "replace")
    assert store.dataset().appointments[0].status == "held"
    store.hold("bob-visit", place(), 300, KEY)
    assert [row.request_id for row in store.dataset().appointments] == ["bob-visit"]


def test_a_hold_of_a_dataset_that_collides_is_let_go(store: Store) -> None:
    """It never was a promise."""
    clinic = ward().appointment(
        "09:00", "09:15", request="ann-visit", status="held", held_until=at("08:00", 2), id="hold"
    )
    clinic.appointment("09:00", "09:15", request="bob-visit", id="booked")
    loaded = store.load(clinic.dataset(), "replace")
    assert (loaded.let_go, loaded.collisions[0].with_ids) == (("hold",), ("booked",))
    assert [row.id for row in store.dataset().appointments] == ["booked"]


@pytest.mark.parametrize("mode", ["merge", "replace"])
def test_a_load_names_those_whose_session_goes(store: Store, mode: Mode) -> None:
    """Shortened, or gone: they are conflicted. Not who is told to be elsewhere, nor who is where a
    session never was; a second load changes nothing more.
    """
    clinic = ward().appointment("09:00", "09:15", request="ann-visit", id="first")
    clinic.appointment("10:00", "10:15", request="bob-visit", id="second")
    clinic.appointment("10:45", "11:00", request="cyd-visit", id="elsewhere")
    clinic.appointment("07:00", "07:15", request="dot-visit", id="outside")
    store.load(clinic.dataset(), "replace")
    clinic.sessions[0] = replace(clinic.sessions[0], end=at("10:05"))
    clinic.appointments[2] = replace(clinic.appointments[2], start=at("10:50"), end=at("11:05"))
    if mode == "replace":
        del clinic.sessions[0]
    loaded = store.load(clinic.dataset(), mode, lambda _: False)
    gone = {"first", "second"} if mode == "replace" else {"second"}
    assert {row.appointment_id for row in loaded.collisions} == gone
    assert {(row.of, row.with_ids) for row in loaded.collisions} == {(("one",), ())}
    assert store.load(clinic.dataset(), mode).collisions == loaded.collisions
    status = {row.record.id: row.status for row in store.appointments().rows}
    assert {name for name, found in status.items() if found == "conflicted"} == gone
    assert store.load(store.dataset(), mode).collisions == ()


def test_a_block_where_a_doctor_is_absent_names_who_is_in_the_way(store: Store) -> None:
    """It comes with a dataset, and is before whatever was booked."""
    kept = booked(store, "ann-visit", place())
    absent = ward().appointment("09:00", "11:00", id="absent").dataset()
    loaded = store.load(absent, "merge")
    assert {(row.appointment_id, row.with_ids) for row in loaded.collisions} == {
        (kept, ("absent",))
    }
    assert store.appointment(kept).status == "conflicted"
