"""The desk against find: the earliest of all places that find allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

from clinic import Clinic
from hypothesis import given, settings
from worlds import tiny_worlds

from engine.domain import Dataset
from engine.find import find
from engine.policy import Policy
from engine.snapshot import take_snapshot
from scenarios.rolling import RollingSpec, simulate
from scenarios.rolling.desk import Desk
from scenarios.situation import Situation

ALL = 1_000_000


@settings(max_examples=20)
@given(tiny_worlds(max_requests=4))
def test_the_desk_gives_the_earliest_place_that_find_allows(dataset: Dataset) -> None:
    """One request after the other, each next to those that have a place by then."""
    policy, now = Policy.default(), dataset.header.as_of
    dataset = replace(dataset, links=())
    desk = Desk(dataset, policy)
    snapshot = take_snapshot(dataset)
    open_requests = [snapshot.requests.ids[row] for row in snapshot.is_open.nonzero()[0]]
    for name in open_requests:
        allowed = {place.where.start.astimezone(UTC) for place in find(dataset, name, ALL).places}
        place = desk.place(name, now, f"desk-{name}")
        assert (place is None) == (not allowed)
        if place is not None:
            assert place.start.astimezone(UTC) == min(allowed)
            dataset = replace(dataset, appointments=(*dataset.appointments, place))
    desk.require_sound()


@settings(max_examples=20)
@given(tiny_worlds(max_requests=4))
def test_a_place_that_is_given_back_is_given_again(dataset: Dataset) -> None:
    """Nothing is left of it."""
    policy, now = Policy.default(), dataset.header.as_of
    dataset = replace(dataset, links=())
    desk = Desk(dataset, policy)
    snapshot = take_snapshot(dataset)
    for row in snapshot.is_open.nonzero()[0]:
        name = snapshot.requests.ids[row]
        first = desk.place(name, now, "once")
        if first is not None:
            desk.release("once")
        assert desk.place(name, now, "twice") == (first and replace(first, id="twice"))
        if first is not None:
            desk.release("twice")


def test_day_sessions_at_the_same_time_fill_one_after_the_other() -> None:
    """Of four who ask at once two have the two seats, on every day of the two."""
    clinic = Clinic(days=3)
    for day in (0, 1):
        for name in "ab":
            clinic.session("08:00", "12:00", day, id=f"{name}{day}", kind="day", cell_minutes=None)
    for number in range(5):
        clinic.request(f"r{number}")
    spec = RollingSpec(days=2, nightly_match=False)
    found = simulate(Situation(clinic.dataset(), Policy.default()), spec, seed=1)
    assert (found.states["served"], found.states["waiting"]) == (4, 1)
