"""A packed list is the list."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import tiny_worlds

from engine.candidates import Candidates
from engine.domain import Dataset
from engine.eligible import Sieve
from engine.packed import Packed, packed_shortlist
from engine.policy import Policy
from engine.shortlist import ALL, Shortlist, shortlist, the_cheapest
from engine.snapshot import take_snapshot


def rows(listed: Shortlist) -> list[list[object]]:
    """Every column of a list."""
    own = [getattr(listed.candidates, field.name) for field in fields(listed.candidates)]
    columns = [*own, listed.cost, listed.outsider_request, listed.outsider_cost]
    assert all(column.dtype in (np.int64, np.bool_) for column in columns)
    return [column.tolist() for column in columns]


@given(tiny_worlds(max_requests=5), st.integers(1, 3), st.data())
def test_a_packed_list_is_what_was_packed(dataset: Dataset, keep: int, data: st.DataObject) -> None:
    """The whole of it, some requests, some candidates, and with what joins it; in any order."""
    snapshot, policy = take_snapshot(dataset), Policy.default()
    requests, sieve = np.flatnonzero(snapshot.is_open), Sieve(snapshot, policy)
    listed, every = (shortlist(sieve, requests, the_cheapest(most)) for most in (keep, ALL))
    packed, full = Packed.of(listed), packed_shortlist(sieve, requests, the_cheapest(ALL))
    assert rows(full.unpacked()) == rows(every)
    assert rows(packed.unpacked()) == rows(listed)
    assert len(packed) == len(listed) == len(packed.request) == len(packed.first_cell)
    some = np.flatnonzero(data.draw(st.lists(st.booleans(), min_size=5, max_size=5)))
    assert rows(packed.of_requests(some).unpacked()) == rows(listed.of_requests(some))
    assert rows(packed.with_new(full).unpacked()) == rows(listed.with_new(every))
    chosen = np.arange(0, len(listed), 2)
    assert rows(packed.chosen(chosen)) == rows(listed.chosen(chosen))
    apart = [Packed.of(listed.of_requests(requests[at::2])) for at in (1, 0)]
    joined = Packed.joined(apart).unpacked()
    assert rows(joined)[:-2] == rows(listed)[:-2]


@pytest.mark.parametrize("number", [0, -1, 127, 128, -129, 40_000, 1 << 31, -(1 << 40)])
def test_numbers_of_any_size_are_kept(number: int) -> None:
    """A column is as wide as its largest number, and joins narrower ones."""
    small, large = (one_place(first, cost) for first, cost in ((0, 1), (1, number)))
    joined = Packed.joined([Packed.of(small), Packed.of(large)]).unpacked()
    assert joined.cost.tolist() == [[1, number]]
    assert rows(Packed.of(large).unpacked()) == rows(large)


def one_place(request: int, cost: int) -> Shortlist:
    """A list of one place, which costs so much."""
    own, nobody = np.array([request]), np.zeros(0, np.int64)
    place = Candidates(own, *(np.zeros(1, np.int64),) * 6, np.ones(1, np.bool_), own)
    return Shortlist(place, np.array([[cost]]), nobody, np.zeros((1, 0), np.int64))
