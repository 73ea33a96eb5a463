"""Who stays where they are when a dataset is loaded."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import combinations

from clinic import at
from hypothesis import given
from hypothesis import strategies as st
from ward import ward
from worlds import tiny_worlds

from api.store.chart import Chart
from api.store.needing import needs_of
from api.store.settling import Settled, settle
from engine.domain import Appointment, Dataset
from engine.events.overfull import Sweep
from engine.policy import Policy
from engine.snapshot import take_snapshot

POLICY = Policy.default()
FEATURES = ("appointments", "rooms", "seats", "two_roles", "same_patient", "day_session")
REQUESTS = [f"{name}-{what}" for name in ("ann", "bob", "cyd", "dot") for what in ("visit", "scan")]


@st.composite
def crowded_wards(draw: st.DrawFn) -> Dataset:
    """More appointments and blocks than there is room for, on the grid of cells and off it."""
    clinic = ward()
    for request in draw(st.lists(st.sampled_from(REQUESTS), unique=True, max_size=8)):
        start = at("09:00") + timedelta(minutes=draw(st.sampled_from((0, 5, 15, 20, 30, 45))))
        status = draw(st.sampled_from(("booked", "booked", "held", "conflicted")))
        clinic.appointments.append(
            Appointment(
                id=f"at-{request}",
                request_id=draw(st.sampled_from((request,) * 5 + (None,))),
                role_id=draw(st.sampled_from(("role", "wide", "wide", "far"))),
                start=start,
                end=start + timedelta(minutes=15),
                status=status,
                held_until=at("12:00", 2) if status == "held" else None,
            )
        )
    return clinic.dataset()


worlds = st.one_of(crowded_wards(), crowded_wards(), tiny_worlds(always=FEATURES))


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


@given(worlds)
def test_who_is_not_conflicted_collides_with_nobody(dataset: Dataset) -> None:
    """And where nobody collides, nobody is conflicted: double bookings are those of a repair."""
    found = settled(dataset)
    after = replace(dataset, appointments=found.appointments)
    assert not collides(with_statuses(after, "booked", "held"))
    if not collides(with_statuses(dataset, "booked", "held")):
        assert found.collisions == ()
        assert found.appointments == dataset.appointments


@given(worlds)
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


@given(worlds)
def test_what_was_settled_once_stays_so(dataset: Dataset) -> None:
    """A second load of what came out changes nothing."""
    after = replace(dataset, appointments=settled(dataset).appointments)
    again = settled(after)
    assert again.collisions == ()
    assert again.appointments == after.appointments
