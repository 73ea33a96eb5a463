"""Suits: when visits may begin, by the rules that look at the time alone."""

from __future__ import annotations

import numpy as np
from clinic import Clinic, at
from hypothesis import given
from worlds import tiny_worlds

from engine.arrays import Bool, Int
from engine.domain import Dataset
from engine.eligible import Sieve
from engine.policy import Policy
from engine.snapshot import take_snapshot
from engine.suits import moment_rules


def test_only_moments_in_the_window_suit() -> None:
    """Four quarters of an hour, of which the patient can take the middle two."""
    clinic = Clinic().session("09:00", "10:00")
    clinic.request("ann", earliest=at("09:15"), latest=at("09:45"))
    snapshot = clinic.snapshot()
    sieve = Sieve(snapshot, Policy.default())
    suits = sieve.suits(sieve.pairs(np.array([0])))
    assert suits.table.tolist() == [[False, True, True, False]]
    assert suits.entry.tolist() == [1, 2]
    assert len(suits.visits) == 2
    assert suits.count(np.array([0]), np.array([0])).tolist() == [2]


@given(tiny_worlds())
def test_what_suits_is_what_every_rule_admits(dataset: Dataset) -> None:
    """One rule after the other, each asked only of what the last ones left, admits what all of
    them admit together.
    """
    snapshot, policy = take_snapshot(dataset), Policy.default()
    sieve = Sieve(snapshot, policy)
    pairs = sieve.pairs(np.flatnonzero(snapshot.is_open))
    suits = sieve.suits(pairs)
    expected = np.ones(len(pairs.at_moments), np.bool_)
    for rule in moment_rules(policy):
        expected &= rule.admits_places(snapshot, pairs.at_moments)
    assert suits.table.ravel().tolist() == expected.tolist()
    assert suits.visits.start.tolist() == pairs.at_moments.start[expected].tolist()


@given(tiny_worlds())
def test_full_sessions_are_not_looked_at(dataset: Dataset) -> None:
    """Which sessions are offered at all is known from their room, whoever asks."""
    snapshot = take_snapshot(dataset)
    sieve = Sieve(snapshot, Policy.default())
    looked: set[int] = set()

    def every(pair: Int, session: Int) -> Bool:
        looked.update(session.tolist())
        return np.ones(len(pair), np.bool_)

    for _ in sieve.offers(sieve.pairs(np.flatnonzero(snapshot.is_open)), every):
        pass
    has_room = np.unique(snapshot.sessions.cell_session[sieve.room > 0])
    assert looked <= set(has_room.tolist())
