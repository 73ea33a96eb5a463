"""Offers: what is skipped, judged once for many, or taken from a table changes no answer."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from clinic import Clinic
from every_place import admitted, eligible_places, every_place
from hypothesis import given
from hypothesis import strategies as st
from worlds import FAR, tiny_worlds

from engine import eligible
from engine.arrays import Int
from engine.candidates import Candidates
from engine.constraints import CONSTRAINTS
from engine.costs import OfferCosts, candidate_costs
from engine.domain import Dataset
from engine.eligible import Sieve, eligible_candidates
from engine.offers import Offers
from engine.policy import RULES, Policy
from engine.rules import Selective
from engine.seats import Seats
from engine.snapshot import Snapshot, take_snapshot

FILTERS = [name for name, rule in RULES.items() if not hasattr(rule, "cost")]
TOGETHER = ("appointments", "same_patient", "linked", "family", "caps", "rooms")
CLOCKS = ("times", "window", "night", "places", "day_session", "notice")


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """The default, at times without a rule, overbooked, or with the load counted."""
    policy = Policy.default().with_seats(Seats(overbooking=draw(st.sampled_from([0.0, 0.5]))))
    if draw(st.booleans()):
        policy = policy.replace("load_spread")
    return policy.without(name) if (name := draw(st.sampled_from([None, *FILTERS]))) else policy


def offered(snapshot: Snapshot, policy: Policy, requests: Int) -> list[Offers]:
    """Offers of a sieve whose every step is told, rule by rule."""
    told: list[tuple[str, Int]] = []
    sieve = Sieve(snapshot, policy, lambda stage, left: told.append((stage, left)))
    found = [part for some in sieve.chunks(requests) for part in sieve.offers(sieve.pairs(some))]
    assert told
    return found


def assert_same(mine: Candidates, other: Candidates) -> None:
    """The same candidates, in every respect, in the same order."""
    for field in fields(Candidates):
        assert getattr(mine, field.name).tolist() == getattr(other, field.name).tolist(), field.name


def assert_offers_are_what_rules_admit(snapshot: Snapshot, policy: Policy) -> None:
    """The eligible candidates are the places that every rule admits, asked one by one."""
    requests = np.flatnonzero(snapshot.is_open)
    expected = eligible_places(snapshot, policy, requests)
    assert_same(eligible_candidates(snapshot, policy, requests), expected)


@given(tiny_worlds(), policies())
def test_what_is_skipped_would_have_been_judged_the_same(dataset: Dataset, policy: Policy) -> None:
    """Tables of moments, sessions left out unseen and suspicions leave exactly the places that
    every rule admits, asked for every free start.
    """
    assert_offers_are_what_rules_admit(take_snapshot(dataset), policy)


@given(tiny_worlds(always=TOGETHER))
def test_appointments_and_links_are_suspected_where_they_matter(dataset: Dataset) -> None:
    """The same where appointments, links, caps and rooms alone leave no place."""
    assert_offers_are_what_rules_admit(take_snapshot(dataset), Policy.default())


@given(tiny_worlds(always=CLOCKS))
def test_moments_are_judged_as_the_places_at_them(dataset: Dataset) -> None:
    """The same where clocks, days and stretches differ from place to place."""
    assert_offers_are_what_rules_admit(take_snapshot(dataset), Policy.default())


@given(st.one_of(tiny_worlds(), tiny_worlds(always=TOGETHER), tiny_worlds(always=CLOCKS)))
def test_a_rule_admits_everything_that_it_does_not_suspect(dataset: Dataset) -> None:
    """Any open request in any session, whether it may go there or not."""
    snapshot, policy = take_snapshot(dataset), Policy.default()
    places = every_place(snapshot, policy, np.flatnonzero(snapshot.is_open), eligible=False)
    for rule in (*policy.place_rules, *policy.constraints):
        if isinstance(rule, Selective):
            suspects = rule.suspects(snapshot)(places.request, places.session)
            assert np.all(suspects | admitted(rule, snapshot, places)), rule.name


def beside_an_appointment(**more: Any) -> Clinic:
    """Ann is booked at nine and wants a second visit; doctors and places are free from nine."""
    clinic = Clinic().doctor("other").location("north", coordinates=FAR)
    clinic.role("near", doctor_id="other").role("far", doctor_id="other", location_id="north")
    clinic.role("own", location_id="north")
    for role in ("role", "near", "far", "own"):
        clinic.session("09:00", "11:00", role_id=role)
    clinic.request("first", "ann").request("second", "ann").request("third", "bob")
    return clinic.appointment("09:00", "09:15", request="first").link("first", "second", **more)


@pytest.mark.parametrize(
    ("rule", "clinic"),
    [
        ("patient_in_one_place", beside_an_appointment()),
        ("travel_time", beside_an_appointment()),
        ("doctor_in_one_place", beside_an_appointment()),
        ("linked_order", beside_an_appointment(ordered=True, min_gap_minutes=30)),
        ("linked_max_gap", beside_an_appointment(ordered=True, max_gap_minutes=30)),
    ],
)
def test_what_an_appointment_leaves_no_room_for_is_not_offered(rule: str, clinic: Clinic) -> None:
    """Free cells that an appointment of the patient or the doctor rules out, by one rule alone."""
    snapshot, policy = clinic.snapshot(), Policy.default()
    requests = np.flatnonzero(snapshot.is_open)
    for others in ((), {cls.name for cls in CONSTRAINTS} - {rule, "slot_capacity"}):
        for name in others:
            policy = policy.without(name)
        found = eligible_candidates(snapshot, policy, requests)
        assert_same(found, eligible_places(snapshot, policy, requests))
    assert len(found) < len(eligible_candidates(snapshot, policy.without(rule), requests))


@given(tiny_worlds(), policies(), st.data())
def test_rules_of_moments_look_at_nothing_else(
    dataset: Dataset, policy: Policy, data: st.DataObject
) -> None:
    """What a rule of that grain says of a visit at a moment, it says at every place then."""
    snapshot = take_snapshot(dataset)
    sieve = Sieve(snapshot, policy)
    request = data.draw(st.integers(0, snapshot.num_requests - 1))
    pairs = sieve.pairs(np.array([request]))
    for part in sieve.offers(pairs):
        places, at = part.candidates(snapshot), part.in_table(sieve.moments)
        for rule in policy.place_rules:
            if rule.grain == "moment":
                by_table = rule.admits_places(snapshot, pairs.at_moments)[at]
                assert by_table.tolist() == rule.admits_places(snapshot, places).tolist()


@given(tiny_worlds(), policies())
def test_costs_of_offers_are_those_of_the_candidates(dataset: Dataset, policy: Policy) -> None:
    """Priced once for a role or a moment, or one by one: every objective keeps the promise of its
    grain; at levels that are left out nothing costs anything.
    """
    snapshot = take_snapshot(dataset)
    sieve, requests = Sieve(snapshot, policy), np.flatnonzero(snapshot.is_open)
    for some in sieve.chunks(requests):
        pairs = sieve.pairs(some)
        suits = sieve.suits(pairs)
        costs = OfferCosts(sieve, pairs, suits)
        for part in sieve.offers(pairs, suits=suits):
            found = np.zeros((len(policy.levels), len(part)), np.int64)
            found[list(costs.levels)] = costs.of(part)
            expected = candidate_costs(snapshot, policy, part.candidates(snapshot))
            assert found.tolist() == expected.tolist()


@given(tiny_worlds(), policies())
def test_who_is_told_of_every_rule_gets_the_same_offers(dataset: Dataset, policy: Policy) -> None:
    """Each rule applied by itself, so that somebody hears who is left, changes nothing."""
    snapshot = take_snapshot(dataset)
    requests = np.flatnonzero(snapshot.is_open)
    slow = Candidates.joined(
        [part.candidates(snapshot) for part in offered(snapshot, policy, requests)]
    )
    slow = slow.where(np.lexsort((slow.first_cell, slow.request)))
    assert_same(slow, eligible_candidates(snapshot, policy, requests))


@given(tiny_worlds(max_requests=5), st.integers(1, 40))
def test_the_size_of_chunks_and_parts_decides_nothing(dataset: Dataset, size: int) -> None:
    """A few pairs, moments and places at once give what all at once give, each request whole."""
    snapshot, policy = take_snapshot(dataset), Policy.default()
    requests = np.flatnonzero(snapshot.is_open)
    whole = eligible_candidates(snapshot, policy, requests)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_PAIRS_AT_ONCE", "_MOMENTS_AT_ONCE", "_OFFERS_AT_ONCE"):
            patch.setattr(eligible, name, size)
        sieve = Sieve(snapshot, policy)
        parts = [
            part for some in sieve.chunks(requests) for part in sieve.offers(sieve.pairs(some))
        ]
        assert_same(eligible_candidates(snapshot, policy, requests), whole)
    seen = [request for part in parts for request in np.unique(part.request).tolist()]
    assert len(seen) == len(set(seen))
