"""Who stays where they are when a dataset is loaded."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from hypothesis import given
from worlds import tiny_worlds

from api.store.chart import Chart
from api.store.needing import needs_of
from api.store.settling import Settled, settle
from engine.domain import Dataset
from engine.events.overfull import Sweep
from engine.policy import Policy
from engine.snapshot import take_snapshot

POLICY = Policy.default()
FEATURES = ("appointments", "rooms", "seats", "two_roles", "same_patient", "day_session")


def settled(dataset: Dataset) -> Settled:
    """The appointments of a dataset where they are."""
    needs = needs_of(take_snapshot(dataset), POLICY)
    return settle(dataset.appointments, needs, Chart())


def with_statuses(dataset: Dataset, *statuses: str) -> Dataset:
    """The dataset with its appointments of some statuses, and its blocks."""
    rows = tuple(
        row for row in dataset.appointments if row.status in statuses or row.request_id is None
    )
    return replace(dataset, appointments=rows)


def collides(dataset: Dataset) -> bool:
    """Whether a repair would find a double booking that is not of blocks alone."""
    snapshot = take_snapshot(dataset)
    blocks = {row.id for row in dataset.appointments if row.request_id is None}
    return any(row.members.keys() - blocks for row in Sweep(snapshot, POLICY).stretches())


@given(tiny_worlds(always=FEATURES))
def test_who_is_not_conflicted_collides_with_nobody(dataset: Dataset) -> None:
    """And where nobody collides, nobody is conflicted: double bookings are those of a repair."""
    found = settled(dataset)
    after = replace(dataset, appointments=found.appointments)
    assert not collides(with_statuses(after, "booked", "held"))
    if not collides(with_statuses(dataset, "booked", "held")):
        assert found.collisions == ()
        assert found.appointments == dataset.appointments


@given(tiny_worlds(always=FEATURES))
def test_everybody_who_is_conflicted_collides_with_somebody_who_is_not(dataset: Dataset) -> None:
    """So nobody is conflicted for nothing, and the database takes what is left."""
    found = settled(dataset)
    gone = {row.appointment_id for row in found.collisions}
    for row in found.collisions:
        assert row.with_ids
        assert gone.isdisjoint(row.with_ids)
    guarded = [row for row in found.occupied if row.is_guarded]
    for one, other in combinations(guarded, 2):
        if (one.kind, one.id) != (other.kind, other.id):
            continue
        if one.start < other.end and other.start < one.end:
            assert one.seat is None or one.seat != other.seat
            assert one.home == other.home


@given(tiny_worlds(always=FEATURES))
def test_what_was_settled_once_stays_so(dataset: Dataset) -> None:
    """A second load of what came out changes nothing."""
    after = replace(dataset, appointments=settled(dataset).appointments)
    again = settled(after)
    assert again.collisions == ()
    assert again.appointments == after.appointments
