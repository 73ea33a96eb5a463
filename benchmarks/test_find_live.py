"""Finding in a region of 20,000 doctors with a million free cells, and while places are taken.

Run with ``.venv/bin/pytest benchmarks/test_find_live.py -n0 --benchmark-enable``.
"""

from __future__ import annotations

import resource
from dataclasses import replace
from functools import cache
from itertools import count, cycle
from typing import Any

import numpy as np

from benchmarks.instances import FIND_LIVE, FIRST_LIGHT
from engine.domain import Appointment, Dataset
from engine.find import Finder
from engine.found import Found
from engine.policy import Policy
from engine.snapshot import take_snapshot
from scenarios.world import WorldSpec, generate_world

POLICY = Policy.default()
ROUNDS = 2_000


def world(benchmark: Any) -> Dataset:
    """A large region; where nothing is timed, a town."""
    return _generated(FIND_LIVE if benchmark.enabled else FIRST_LIGHT["multi-tight-200x40x10-s1"])


@cache
def _generated(spec: WorldSpec) -> Dataset:
    return generate_world(spec)


@cache
def _finder(spec: WorldSpec) -> Finder:
    return Finder(_generated(spec), POLICY)


def finder(benchmark: Any) -> Finder:
    """For the world, made once."""
    return _finder(FIND_LIVE if benchmark.enabled else FIRST_LIGHT["multi-tight-200x40x10-s1"])


def note(benchmark: Any) -> None:
    """Keep percentiles, in milliseconds, and the most memory that the process has held."""
    if benchmark.enabled:
        seconds = benchmark.stats.stats.data
        named = zip(("p50", "p90", "p99"), np.percentile(seconds, [50, 90, 99]), strict=True)
        benchmark.extra_info |= {name: round(1_000 * float(value), 3) for name, value in named}
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        benchmark.extra_info["MiB"] = most // 1024


def test_make(benchmark: Any) -> None:
    """All that is made once."""
    dataset = world(benchmark)
    made = benchmark.pedantic(Finder, (dataset, POLICY), rounds=3)
    room = POLICY.seats.room(take_snapshot(dataset)) > 0
    benchmark.extra_info["free cells"] = int(room.sum())
    benchmark.extra_info["sessions"] = len(dataset.sessions)
    note(benchmark)
    assert made.find(dataset.requests[0].id).request_id == dataset.requests[0].id


def test_find_ten(benchmark: Any) -> None:
    """The ten best places for one request after another, of every specialty and urgency."""
    dataset, find = world(benchmark), finder(benchmark).find
    asked = cycle(dataset.requests)
    found: list[Found] = []

    def run() -> None:
        found.append(find(next(asked).id))

    benchmark.pedantic(run, rounds=ROUNDS if benchmark.enabled else 5, warmup_rounds=20)
    note(benchmark)
    benchmark.extra_info["considered"] = float(np.mean([answer.considered for answer in found]))
    for answer in found:
        assert len(answer.places) == min(10, answer.considered)
        values = [tuple(place.values.values()) for place in answer.places]
        assert values == sorted(values)


def test_find_new(benchmark: Any) -> None:
    """The same for requests and patients that the dataset does not hold."""
    dataset, made, number = world(benchmark), finder(benchmark), count()
    patients = {row.id: row for row in dataset.patients}
    found: list[tuple[Found, str]] = []

    def given() -> tuple[tuple[Any, ...], dict[str, Any]]:
        row = dataset.requests[next(number) % len(dataset.requests)]
        patient = replace(patients[row.patient_id], id="somebody else")
        return (replace(row, id="new", patient_id=patient.id), patient, row.id), {}

    def run(request: Any, patient: Any, like: str) -> None:
        found.append((made.find_new(request, patient), like))

    benchmark.pedantic(run, setup=given, rounds=ROUNDS if benchmark.enabled else 5)
    note(benchmark)
    for answer, like in found[:50]:
        assert answer.places == made.find(like).places


def test_taken_and_freed(benchmark: Any) -> None:
    """A place is booked, and the index knows; then freed, and the index knows."""
    dataset, made = world(benchmark), finder(benchmark)
    before = [made.find(row.id) for row in dataset.requests[:100]]
    free = cycle([place.where for found in before for place in found.places])

    def given() -> tuple[tuple[Appointment], dict[str, Any]]:
        where = next(free)
        row = Appointment(
            id="taken", role_id=where.role_id, start=where.start, end=where.end, source="benchmark"
        )
        return (row,), {}

    def run(row: Appointment) -> None:
        made.taken(row)
        made.freed(row.id)

    benchmark.pedantic(run, setup=given, rounds=ROUNDS if benchmark.enabled else 5)
    note(benchmark)
    for found in before:
        assert made.find(found.request_id).places == found.places


def test_find_after_booking(benchmark: Any) -> None:
    """A find after each booking, among whose doctors is the one who was booked."""
    dataset, made, number = world(benchmark), finder(benchmark), count()
    taken: list[str] = []

    def given() -> tuple[tuple[str, str], dict[str, Any]]:
        asked = dataset.requests[next(number) % len(dataset.requests)].id
        place = f"booked-{len(taken)}"
        for found in made.find(asked, 1).places:
            where = found.where
            row = Appointment(id=place, role_id=where.role_id, start=where.start, end=where.end)
            made.taken(row)
            taken.append(place)
        return (asked, place), {}

    def run(asked: str, _place: str) -> None:
        made.find(asked)

    benchmark.pedantic(run, setup=given, rounds=ROUNDS // 4 if benchmark.enabled else 5)
    note(benchmark)
    for place in taken:
        made.freed(place)
