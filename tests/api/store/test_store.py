"""What is told of a store, the same on either database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ward import KEY, booked, place

from api.store.errors import (
    BreaksError,
    RefusalError,
    TakenError,
)
from api.store.store import Change, Store


def test_every_refusal_has_a_code_of_its_own() -> None:
    """Programs read it."""
    kinds = [RefusalError, *RefusalError.__subclasses__(), *TakenError.__subclasses__()]
    assert BreaksError in kinds
    assert len({kind.code for kind in kinds}) == len(kinds) >= 8


def test_pages_are_all_of_it_and_nothing_twice(store: Store) -> None:
    """In the order of ids, whatever happens in between."""
    made = {booked(store, f"{name}-visit", place("wide", start)) for name, start in (
        ("ann", "09:00"), ("bob", "09:00"), ("cyd", "09:15"), ("dot", "09:15"), ("eve", "09:30"),
    )}  # fmt: skip
    found, after = [], None
    while True:
        page = store.appointments(after, limit=2)
        found += [row.record.id for row in page.rows]
        after = page.after
        if after is None:
            break
    assert found == sorted(made)
    store.cancel(found[0], "pat")
    assert [row.record.id for row in store.appointments(status="cancelled").rows] == found[:1]


def test_changes_are_those_since_a_moment(store: Store) -> None:
    """A load is one change; later ones name what changed, once per transaction."""
    assert [(row.kind, row.id) for row in store.changes()] == [("dataset", "")]
    last = store.last_change()
    made = booked(store, "ann-visit", place())
    store.put("doctors", replace(store.record("doctors", "dr").record, name="Ames"))
    assert store.changes(last) == (
        Change(last + 1, "appointments", made),
        Change(last + 2, "appointments", made),
        Change(last + 3, "doctors", "dr"),
    )
    assert store.changes(last, limit=1)[0].sequence == last + 1


def test_what_is_refused_changes_nothing(store: Store) -> None:
    """Not even the log of changes."""
    booked(store, "ann-visit", place())
    before = store.last_change(), store.dataset()
    with pytest.raises(TakenError):
        store.hold("bob-visit", place(), 300, KEY)
    assert (store.last_change(), store.dataset()) == before
