"""The survey: all candidates in numbers, whatever is listed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import tiny_worlds

from engine import eligible
from engine.arrays import NONE
from engine.costs import candidate_costs
from engine.domain import Dataset
from engine.eligible import Sieve, eligible_candidates
from engine.policy import Policy
from engine.shortlist import shortlist, the_cheapest
from engine.snapshot import take_snapshot
from engine.survey import survey

MIXED = ("lengths", "two_roles", "places", "distance", "network")


@given(
    dataset=tiny_worlds(max_requests=5, always=MIXED),
    keep=st.integers(0, 3),
    at_once=st.sampled_from([1, 20, 1_000_000]),
    workers=st.sampled_from([1, 2]),
)
def test_the_numbers_are_those_of_all_candidates(
    dataset: Dataset, keep: int, at_once: int, workers: int
) -> None:
    """How many, how dear and how long at most: as counted one by one, however many are listed and
    evaluated at a time.
    """
    snapshot, policy = take_snapshot(dataset), Policy.default()
    requests = np.arange(snapshot.num_requests)
    every = eligible_candidates(snapshot, policy, requests)
    cost = candidate_costs(snapshot, policy, every)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(eligible, "_PAIRS_AT_ONCE", at_once)
        patch.setattr(eligible, "_OFFERS_AT_ONCE", at_once)
        _, found = survey(Sieve(snapshot, policy), requests, the_cheapest(keep + 1), workers)
    for request in requests.tolist():
        own = every.request == request
        assert found.num_eligible[request] == np.count_nonzero(own)
        assert found.most[:, request].tolist() == cost[:, own].max(axis=1, initial=0).tolist()
        assert found.longest[request] == every.num_cells[own].max(initial=0)


@given(tiny_worlds(max_requests=5, always=MIXED), st.sampled_from([1, 20, 1_000_000]))
def test_fields_are_what_shares_no_role(dataset: Dataset, at_once: int) -> None:
    """Requests that could go to one role are in one field, and so on from request to request;
    others are not; who may go nowhere is in none.
    """
    snapshot, policy = take_snapshot(dataset), Policy.default()
    requests = np.arange(snapshot.num_requests)
    sieve = Sieve(snapshot, policy)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(eligible, "_PAIRS_AT_ONCE", at_once)
        _, found = survey(sieve, requests, the_cheapest(1))
    request, role = sieve.roles(requests)
    groups = [({int(r)}, set(role[request == r].tolist())) for r in np.unique(request)]
    merged: list[tuple[set[int], set[int]]] = []
    for members, roles in groups:
        apart = [group for group in merged if not group[1] & roles]
        for group in merged:
            if group[1] & roles:
                members, roles = members | group[0], roles | group[1]
        merged = [*apart, (members, roles)]
    nowhere = np.setdiff1d(requests, request)
    assert np.all(found.field[nowhere] == NONE)
    names = [set(found.field[sorted(members)].tolist()) for members, _ in merged]
    assert all(len(name) == 1 and NONE not in name for name in names)
    assert len(set().union(*names)) == len(merged)


@given(tiny_worlds(max_requests=5), st.integers(1, 3))
def test_what_is_listed_is_what_a_shortlist_lists(dataset: Dataset, keep: int) -> None:
    """To survey is to list, and to count besides."""
    snapshot, policy = take_snapshot(dataset), Policy.default()
    requests, sieve = np.flatnonzero(snapshot.is_open), Sieve(snapshot, policy)
    mine = survey(sieve, requests, the_cheapest(keep))[0].unpacked()
    other = shortlist(sieve, requests, the_cheapest(keep))
    assert mine.candidates.first_cell.tolist() == other.candidates.first_cell.tolist()
    assert mine.cost.tolist() == other.cost.tolist()
    assert mine.outsider_cost.tolist() == other.outsider_cost.tolist()
