"""What a find costs next to a match: built once, asked often; every benchmark asserts its answer.

Run with ``.venv/bin/pytest benchmarks/test_find.py -n0 --benchmark-enable``.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import cycle
from typing import Any

import numpy as np

from benchmarks.instances import FIND, FIRST_LIGHT
from engine.domain import Dataset
from engine.eligible import eligible_candidates
from engine.find import Finder
from engine.found import Found
from engine.plan import Plan
from engine.policy import Policy
from engine.snapshot import Asked, Book, Extracts, take_snapshot
from engine.verify.judge import verify
from scenarios.world import WorldSpec, generate_world

POLICY = Policy.default()


def world(benchmark: Any) -> Dataset:
    """A region; where nothing is timed, a town."""
    return _generated(FIND if benchmark.enabled else FIRST_LIGHT["multi-tight-200x40x10-s1"])


@cache
def _generated(spec: WorldSpec) -> Dataset:
    return generate_world(spec)


def test_make(benchmark: Any) -> None:
    """All that is made once: arrays, lists and hashes."""
    dataset = world(benchmark)
    finder = benchmark.pedantic(Finder, (dataset, POLICY), rounds=3)
    for request in dataset.requests[:3]:
        assert finder.find(request.id).request_id == request.id


def test_find_ten(benchmark: Any) -> None:
    """The ten best places for one request after another, judged."""
    dataset = world(benchmark)
    finder, asked = Finder(dataset, POLICY), cycle(dataset.requests)
    found: list[Found] = []

    def run() -> None:
        found.append(finder.find(next(asked).id))

    benchmark.pedantic(run, rounds=100, warmup_rounds=1)
    benchmark.extra_info["considered"] = float(np.mean([answer.considered for answer in found]))
    for answer in found:
        assert len(answer.places) == min(10, answer.considered)
        values = [tuple(place.values.values()) for place in answer.places]
        assert values == sorted(values)


def test_find_one(benchmark: Any) -> None:
    """The best place alone: what is left when little is judged."""
    dataset = world(benchmark)
    finder = Finder(dataset, POLICY)
    ten = {row.id: finder.find(row.id) for row in dataset.requests[:20]}
    asked = cycle(ten)
    found: list[Found] = []

    def run() -> None:
        found.append(finder.find(next(asked), 1))

    benchmark.pedantic(run, rounds=100)
    for answer in found:
        more = ten[answer.request_id]
        assert answer == replace(more, places=more.places[:1])


def test_worlds_apart(benchmark: Any) -> None:
    """What matters for one request and ten doctors, out of the whole."""
    extracts = Extracts(Book(take_snapshot(world(benchmark))))
    asked, doctors = Asked.known(extracts.book.whole, 0), np.arange(10)
    worlds = benchmark.pedantic(extracts.apart, (asked, doctors), rounds=100)
    assert worlds.snapshot.num_requests >= 10
    whole = extracts.book.whole
    theirs = np.isin(whole.roles.doctor[whole.sessions.role], doctors)
    assert worlds.snapshot.num_sessions == theirs.sum()


def test_without_an_extract(benchmark: Any) -> None:
    """The same question to the whole snapshot: candidates, and one plan judged."""
    dataset = world(benchmark)
    snapshot = take_snapshot(dataset)

    def run() -> int:
        found = eligible_candidates(snapshot, POLICY, np.array([0]))
        assert verify(snapshot, POLICY, Plan.empty(snapshot)).violations == ()
        return len(found)

    considered = Finder(dataset, POLICY).find(dataset.requests[0].id).considered
    assert benchmark.pedantic(run, rounds=3) == considered
