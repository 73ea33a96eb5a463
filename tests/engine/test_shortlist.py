"""Shortlists: candidates are told apart by request and first cell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import tiny_worlds

from engine import shortlist as module
from engine.costs import candidate_costs
from engine.domain import Dataset
from engine.eligible import Sieve, eligible_candidates
from engine.policy import Policy
from engine.shortlist import ALL, Shortlist, near_and_far, shortlist, the_cheapest
from engine.snapshot import take_snapshot


def everything(dataset: Dataset) -> Shortlist:
    """Every eligible candidate of the open requests, and no outsider."""
    snapshot, policy = take_snapshot(dataset), Policy.default()
    candidates = eligible_candidates(snapshot, policy, np.flatnonzero(snapshot.is_open))
    cost = candidate_costs(snapshot, policy, candidates)
    return Shortlist(candidates, cost, np.zeros(0, np.int64), cost[:, :0])


@given(tiny_worlds(), st.data())
def test_what_is_listed_twice_is_listed_once(dataset: Dataset, data: st.DataObject) -> None:
    """Any two parts that make up the whole, whatever they share, are the whole together; and
    each candidate of a part is found where it stands in the whole.
    """
    whole = everything(dataset)
    size = len(whole.candidates)
    sides = data.draw(st.lists(st.integers(1, 3), min_size=size, max_size=size))
    first, second = (np.flatnonzero(np.array(sides, np.int64) & side) for side in (1, 2))
    joined = whole.chosen(first).with_new(whole.chosen(second))
    assert joined.candidates.request.tolist() == whole.candidates.request.tolist()
    assert joined.candidates.first_cell.tolist() == whole.candidates.first_cell.tolist()
    assert joined.cost.tolist() == whole.cost.tolist()
    for part in (first, second):
        assert whole.positions_of(whole.candidates.where(part)).tolist() == part.tolist()


@given(tiny_worlds())
def test_a_list_is_in_order(dataset: Dataset) -> None:
    """By request, then by cell, as everything eligible is, wherever roles have their cells; and so
    are parts that are joined out of order, and the part of some requests.
    """
    whole = everything(dataset)
    snapshot = take_snapshot(dataset)
    requests = np.flatnonzero(snapshot.is_open)
    listed = shortlist(Sieve(snapshot, Policy.default()), requests, the_cheapest(ALL))
    names = [whole.candidates.request.tolist(), whole.candidates.first_cell.tolist()]
    assert [listed.candidates.request.tolist(), listed.candidates.first_cell.tolist()] == names
    assert listed.cost.tolist() == whole.cost.tolist()
    parts = [whole.of_requests(some) for some in (requests[1::2], requests[::2])]
    assert [len(part.candidates) for part in parts] == [
        np.count_nonzero(np.isin(whole.candidates.request, some))
        for some in (requests[1::2], requests[::2])
    ]
    joined = Shortlist.joined(parts)
    assert [joined.candidates.request.tolist(), joined.candidates.first_cell.tolist()] == names
    assert joined.cost.tolist() == whole.cost.tolist()


@given(tiny_worlds(max_requests=5), st.integers(2, 6), st.integers(0, 9))
def test_what_is_listed_lies_near_and_far(dataset: Dataset, keep: int, few: int) -> None:
    """Whatever lies farther off, of everybody the cheapest are listed, all of who has a few, and
    nobody who has more is listed whole for it.
    """
    snapshot, policy = take_snapshot(dataset), Policy.default()
    sieve, requests = Sieve(snapshot, policy), np.flatnonzero(snapshot.is_open)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_SHARES", (2,))
        found = shortlist(sieve, requests, near_and_far(keep, few))
    whole, near = (shortlist(sieve, requests, the_cheapest(many)) for many in (ALL, keep // 2))
    for request in requests.tolist():
        every, listed, least = (
            row.candidates.first_cell[row.candidates.request == request].tolist()
            for row in (whole, found, near)
        )
        assert set(least) <= set(listed) <= set(every)
        own = whole.candidates.request == request
        if np.all(whole.candidates.num_cells[own] == 1):
            assert len(listed) == len(every) or few < len(every)
            assert len(listed) <= max(few, 2 * (keep // 2))
        else:
            assert len(listed) == min(keep, len(every))
