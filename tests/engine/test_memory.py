"""The memory: looked at again, requests have the offers they had."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import tiny_worlds

from engine import memory, shortlist
from engine.arrays import Int
from engine.candidates import Candidates
from engine.cheapest import Ranked
from engine.domain import Dataset
from engine.eligible import Sieve
from engine.memory import Memory
from engine.offers import Offers
from engine.policy import Policy
from engine.shortlist import Shortlist, the_cheapest
from engine.snapshot import take_snapshot
from engine.survey import survey
from scenarios.world import WorldSpec, generate_world


def contents(some: Shortlist) -> list[object]:
    """Everything listed, and the outsiders in any order."""
    listed = [getattr(some.candidates, field.name).tolist() for field in fields(Candidates)]
    outside = zip(some.outsider_request.tolist(), some.outsider_cost.T.tolist(), strict=True)
    return [*listed, some.cost.tolist(), sorted(outside)]


@given(
    dataset=tiny_worlds(max_requests=5, always=("two_roles", "prices")),
    most=st.sampled_from([0, 3, 12, memory.MOST_OFFERS]),
    workers=st.sampled_from([1, 2]),
    data=st.data(),
)
def test_looking_again_gives_what_evaluating_anew_gives(
    dataset: Dataset, most: int, workers: int, data: st.DataObject
) -> None:
    """Some requests, then others, known or not, by other choices: whatever fits into memory."""
    sieve = Sieve(take_snapshot(dataset), Policy.default())
    every = np.arange(sieve.snapshot.num_requests)
    _, known = survey(sieve, every, the_cheapest(1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory, "MOST_OFFERS", most)
        patch.setattr(shortlist, "FEW", 0)
        looker = Memory(sieve, known.num_eligible, workers)
        for _ in range(3):
            some = every[
                data.draw(st.lists(st.booleans(), min_size=len(every), max_size=len(every)))
            ]
            choose = the_cheapest(data.draw(st.integers(1, 4)))
            anew = shortlist.shortlist(sieve, some, choose)
            assert contents(looker.look(some, choose)) == contents(anew)
            assert looker._num_offers <= most


def test_what_is_known_is_not_evaluated_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second look asks the sieve for nothing."""
    dataset = generate_world(WorldSpec(20, 4, 2, "single", "loose", 1))
    sieve = Sieve(take_snapshot(dataset), Policy.default())
    every = np.arange(sieve.snapshot.num_requests)
    _, known = survey(sieve, every, the_cheapest(1))
    looker = Memory(sieve, known.num_eligible)
    first = contents(looker.look(every, the_cheapest(2)))
    monkeypatch.setattr(Sieve, "offers", None)
    assert contents(looker.look(every, the_cheapest(2))) == first
    assert len(looker.look(every[:1], the_cheapest(2)).candidates) <= 2


def test_choices_are_told_costs_at_the_levels_that_cost_something() -> None:
    """A choice sees offers with as many costs as there are levels named."""
    dataset = generate_world(WorldSpec(20, 4, 2, "single", "loose", 1))
    sieve = Sieve(take_snapshot(dataset), Policy.default())
    every = np.arange(sieve.snapshot.num_requests)
    _, known = survey(sieve, every, the_cheapest(1))
    seen: list[int] = []

    def choose(offers: Offers, cost: Int, levels: tuple[int, ...]) -> Ranked:
        assert cost.shape == (len(levels), len(offers))
        assert np.all(np.diff(offers.request) >= 0)
        seen.extend(np.unique(offers.request).tolist())
        return Ranked(np.arange(len(offers)), np.zeros(0, np.int64))

    listed = Memory(sieve, known.num_eligible).look(every, choose)
    assert len(listed.candidates) == known.num_eligible.sum()
    assert len(seen) == len(set(seen))
