"""Finding against matching, against brute force, and against itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from unittest.mock import patch

import numpy as np
from brute_force_cost import cost
from brute_force_fits import fits, visits_of
from brute_force_places import places
from brute_force_together import load
from brute_force_world import Place, World
from examples import HALF
from hypothesis import given
from hypothesis import strategies as st
from worlds import tiny_worlds

from engine.domain import Dataset, Request
from engine.find import Finder, find
from engine.found import Extras, Found, FoundPlace, Grouping
from engine.match import match
from engine.plan import PLACED, REASONS, Plan
from engine.policy import Policy
from engine.seats import Seats
from engine.snapshot import take_snapshot
from engine.solve.limits import Limits
from engine.verify.judge import verify

FAST = Limits(deterministic=True, workers=1)
ALL = 1_000_000
TOGETHER = ("linked", "family", "rooms", "appointments", "same_patient")

Key = tuple[str, datetime, datetime]


def key(place: FoundPlace) -> Key:
    """Session, start and end."""
    where = place.where
    return where.session_id or "", where.start.astimezone(UTC), where.end.astimezone(UTC)


def keys(places: Iterable[FoundPlace]) -> list[Key]:
    """The same of several."""
    return [key(place) for place in places]


def asked_alone(dataset: Dataset, request: Request) -> Dataset:
    """The dataset of brute force: links ask for no company, and no other request is open.

    Who holds an appointment asks as somebody new, next to it.
    """
    holders = {row.request_id for row in World(dataset).active}
    links = tuple(replace(row, all_or_none=False) for row in dataset.links)
    kept = tuple(row for row in dataset.requests if row.id in holders | {request.id})
    if request.id not in holders:
        return replace(dataset, links=links, requests=kept)
    patient = next(row for row in dataset.patients if row.id == request.patient_id)
    other = replace(request, id="stand-in", patient_id="stand-in")
    appointments = tuple(
        replace(row, request_id="stand-in") if row.request_id == request.id else row
        for row in dataset.appointments
    )
    return replace(
        dataset,
        links=links,
        requests=(*kept, other),
        patients=(*dataset.patients, replace(patient, id="stand-in")),
        appointments=appointments,
    )


def tried(dataset: Dataset, request: Request, step: int = 0) -> Iterator[tuple[World, Place]]:
    """Every place that brute force allows the request alone, next to what is booked."""
    world = World(asked_alone(dataset, request), step)
    for place in places(world, request):
        if fits(world, [place]):
            yield world, place


def tried_in_groups(
    dataset: Dataset, request: Request, policy: Policy, wanted: Grouping
) -> list[tuple[str, list[Key]]]:
    """Of every place that brute force allows: the first groups, and the best of each."""
    rows = []
    for world, place in tried(dataset, request):
        values = cost(world, place)
        values += (load(world, visits_of(world, [place])),) if "load" in policy.levels else ()
        day = place.start.astimezone(world.zone(place.role)).date().isoformat()
        name = day if wanted.by == "day" else world.who(place.role)
        rows.append((values, place.start, place.session.id, place.end, name))
    rows.sort()
    names = list(dict.fromkeys(row[-1] for row in rows))
    if wanted.by == "day":
        names.sort()
    found: dict[str, list[Key]] = {name: [] for name in names[: wanted.groups]}
    for _, start, session_id, end, name in rows:
        if len(found.get(name, [()] * wanted.per_group)) < wanted.per_group:
            found[name].append((session_id, start, end))
    return list(found.items())


def assert_as_tried(dataset: Dataset, found: Found, policy: Policy, step: int = 0) -> None:
    """The places are those of brute force, at the same cost, in order."""
    request = next(row for row in dataset.requests if row.id == found.request_id)
    spread = "load" in policy.levels
    expected = {}
    for world, place in tried(dataset, request, step):
        values = cost(world, place)
        values += (load(world, visits_of(world, [place])),) if spread else ()
        expected[place.session.id, place.start, place.end] = values
    named = [name for name in policy.levels if not name.startswith("unplaced")]
    assert {key(p): tuple(p.values[name] for name in named) for p in found.places} == expected
    ranked = [(*p.values.values(), p.where.start, p.where.session_id) for p in found.places]
    assert ranked == sorted(ranked)
    assert [place.rank for place in found.places] == list(range(1, len(ranked) + 1))


@given(tiny_worlds(max_requests=5), st.data())
def test_all_places_are_those_of_brute_force(dataset: Dataset, data: st.DataObject) -> None:
    """For any request, open or not: none more, none less, each at its cost, the best first."""
    request = data.draw(st.sampled_from(dataset.requests))
    assert_as_tried(dataset, find(dataset, request.id, ALL), Policy.default())


@given(tiny_worlds(max_requests=4, always=TOGETHER), st.data())
def test_places_beside_linked_visits_are_those_of_brute_force(
    dataset: Dataset, data: st.DataObject
) -> None:
    """The same where partners, rooms and the patient's other visits bind."""
    request = data.draw(st.sampled_from(dataset.requests))
    assert_as_tried(dataset, find(dataset, request.id, ALL), Policy.default())


@given(
    dataset=tiny_worlds(max_requests=3, always=("seats", "two_roles", "appointments")),
    step=st.sampled_from([0, 2, 3]),
    spread=st.booleans(),
    data=st.data(),
)
def test_overbooked_places_and_their_load_are_those_of_brute_force(
    dataset: Dataset, step: int, data: st.DataObject, *, spread: bool
) -> None:
    """The same with a second seat on every n-th cell, and with the load as a last level."""
    policy = Policy.default().with_seats(Seats(overbooking=1 / step if step else 0.0))
    if spread:
        policy = policy.replace("load_spread")
    request = data.draw(st.sampled_from(dataset.requests))
    assert_as_tried(dataset, find(dataset, request.id, ALL, policy), policy, step)


@given(dataset=tiny_worlds(max_requests=3), spread=st.booleans(), data=st.data())
def test_the_first_place_is_the_optimum_of_a_match(
    dataset: Dataset, data: st.DataObject, *, spread: bool
) -> None:
    """With a single open request the first place has the proven values of ``match``, and where
    there is none both say why in the same words.
    """
    request = data.draw(st.sampled_from(dataset.requests))
    dataset = asked_alone(dataset, request)
    ids = {row.id for row in dataset.requests}
    links = tuple(row for row in dataset.links if ids >= set(row.request_ids))
    dataset = replace(dataset, links=links)
    policy = Policy.default().replace("load_spread") if spread else Policy.default()
    result, found = match(dataset, policy, FAST), Finder(dataset, policy).find(request.id, 1)
    certificate, index = result.certificate, result.snapshot.index.requests[request.id]
    assert certificate.is_proven
    assert (found.policy_hash, found.dataset_hash) == (
        certificate.policy_hash,
        certificate.dataset_hash,
    )
    assert found.reason == REASONS[result.plan.reason[index]]
    assert found.ruled_out_by == result.ruled_out_by.get(index)
    for place in found.places:
        assert place.values == {level.name: level.value for level in certificate.levels}


@given(
    dataset=tiny_worlds(max_requests=4, always=("two_roles", "later", "appointments")),
    wanted=st.builds(
        Grouping, st.sampled_from(["day", "doctor"]), st.integers(1, 3), st.integers(1, 4)
    ),
    spread=st.booleans(),
    spare=st.sampled_from([0, 4]),
    data=st.data(),
)
def test_groups_are_those_of_all_places(
    dataset: Dataset, wanted: Grouping, data: st.DataObject, *, spread: bool, spare: int
) -> None:
    """The first days, or the best doctors, and the best places of each are those of a list of
    everything that brute force allows; ranks are those among all places named.
    """
    policy = Policy.default().replace("load_spread") if spread else Policy.default()
    request = data.draw(st.sampled_from(dataset.requests))
    with patch("engine.search._SPARE", spare):
        found = find(dataset, request.id, 1, policy, Extras(wanted))
    groups = found.groups or ()
    assert [
        (row.day.isoformat() if row.day else row.doctor_id or row.service_id, keys(row.places))
        for row in groups
    ] == tried_in_groups(dataset, request, policy, wanted)
    named = [place for row in groups for place in row.places]
    assert sorted(named, key=lambda place: place.rank) == list(found.places)
    values = [(*p.values.values(), p.where.start, p.where.session_id) for p in found.places]
    assert values == sorted(values)


@HALF
@given(tiny_worlds(max_requests=5), st.integers(1, 6))
def test_fewer_places_are_the_first_of_more(dataset: Dataset, k: int) -> None:
    """Asking for less gives the beginning of the list, and the same number considered."""
    finder = Finder(dataset)
    for request in dataset.requests:
        more, less = finder.find(request.id, ALL), finder.find(request.id, k)
        assert less == replace(more, places=more.places[:k])


@given(tiny_worlds(max_requests=4, always=("rooms", "caps", "appointments")))
def test_the_judges_of_the_whole_accept_every_place(dataset: Dataset) -> None:
    """Places are judged in an extract; in the whole snapshot, with everybody else unplaced, the
    judges find nothing either, and count the same.
    """
    dataset = replace(dataset, links=())
    policy = Policy.default()
    snapshot, finder = take_snapshot(dataset), Finder(dataset, policy)
    for request in np.flatnonzero(snapshot.is_open).tolist():
        for place in finder.find(snapshot.requests.ids[request], 3).places:
            plan = Plan.empty(snapshot)
            plan.state[request] = PLACED
            plan.role[request] = snapshot.index.roles[place.where.role_id]
            plan.session[request] = snapshot.index.sessions[place.where.session_id or ""]
            plan.start[request] = snapshot.grid.minutes(place.where.start)
            plan.end[request] = snapshot.grid.minutes(place.where.end)
            verdict = verify(snapshot, policy, plan)
            assert verdict.violations == ()
            assert verdict.contributions[:, request].sum() == sum(place.contributions.values())
