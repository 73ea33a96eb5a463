"""Generated worlds: the same bytes, the promised shape, usable data."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.checks import check_dataset
from engine.domain import Dataset
from engine.interchange.dataset import read_dataset, write_dataset
from engine.seats import Seats, free_run
from engine.snapshot import take_snapshot
from scenarios.world import WorldSpec, generate_world, requests_around
from scenarios.world.demand import URGENCIES
from scenarios.world.medicine import CELL_MINUTES, FIELDS, SHARE_OF_VISITS, field_shares

MEDIUM = WorldSpec(requests=600, doctors=60, days=10, seed=11)


def files(folder: Path) -> dict[str, bytes]:
    """Contents of a folder."""
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    """Two runs write the same files; another seed does not."""
    small = WorldSpec(requests=40, doctors=10, days=3, seed=5)
    for name, spec in (("a", small), ("b", small), ("c", WorldSpec(40, 10, 3, seed=6))):
        write_dataset(generate_world(spec), tmp_path / name)
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert files(tmp_path / "a") != files(tmp_path / "c")


@pytest.mark.parametrize("visits", ["single", "multi"])
@pytest.mark.parametrize("tightness", ["tight", "loose"])
def test_worlds_are_without_errors_and_of_the_size_asked_for(visits: Any, tightness: Any) -> None:
    """Every kind of world passes every check; counts are as specified."""
    spec = WorldSpec(100, 20, 5, visits, tightness, seed=2)
    dataset = generate_world(spec)
    assert check_dataset(dataset).num_errors == 0
    assert len(dataset.requests) == len(dataset.patients) == 100
    assert len(dataset.doctors) == 20
    days = {row.start.date() for row in dataset.sessions}
    assert len(days) == 5
    assert all(day.weekday() < 5 for day in days)


def requested_cells(dataset: Dataset) -> Counter[str]:
    """Cells asked for, by specialty."""
    minutes = {row.id: row.minutes + row.minutes_after for row in dataset.visit_types}
    asked: Counter[str] = Counter()
    for row in dataset.requests:
        asked[str(row.specialty)] += minutes[row.visit_type_id] // CELL_MINUTES
    return asked


def test_tight_worlds_have_a_tenth_more_free_cells_than_are_asked_for() -> None:
    """1.1 times, per specialty, in blocks of at most eight cells."""
    dataset = generate_world(MEDIUM)
    snapshot = take_snapshot(dataset)
    codes = [role.specialties[0] for role in dataset.roles]
    free: Counter[str] = Counter()
    room_of_cell = Seats().room(snapshot)
    role_of_cell = snapshot.sessions.role[snapshot.sessions.cell_session]
    for role, room in zip(role_of_cell.tolist(), room_of_cell.tolist(), strict=True):
        free[codes[role]] += room
    for code, cells in requested_cells(dataset).items():
        assert free[code] == round(1.1 * cells)
    assert free_run(snapshot, room_of_cell).max() <= 8


def test_loose_worlds_have_three_fifths_of_their_cells_free() -> None:
    """60 %, to the cell, per specialty."""
    dataset = generate_world(WorldSpec(100, 30, 10, tightness="loose", seed=3))
    snapshot = take_snapshot(dataset)
    assert Seats().room(snapshot).mean() == pytest.approx(0.6, abs=0.01)


def test_proportions_are_those_promised() -> None:
    """Lengths of visits, specialties and urgencies come in the shares they are drawn from."""
    dataset = generate_world(WorldSpec(5000, 200, 5, seed=4))
    minutes = {row.id: row.minutes + row.minutes_after for row in dataset.visit_types}
    cells = np.array([minutes[row.visit_type_id] // CELL_MINUTES for row in dataset.requests])
    for length, share in zip((1, 2, 3, 4), SHARE_OF_VISITS["multi"], strict=True):
        assert (cells == length).mean() == pytest.approx(share, abs=0.03)
    codes = Counter(row.specialty for row in dataset.requests)
    for field, share in zip(FIELDS, field_shares(), strict=True):
        assert codes[field.code] == pytest.approx(5000 * share, abs=1)
    classes = Counter(row.urgency for row in dataset.requests)
    for name, share in URGENCIES.items():
        assert classes[name] / 5000 == pytest.approx(share, abs=0.03)


def test_sessions_keep_their_clock_over_the_daylight_saving_night() -> None:
    """Ten working days cross 8 March: every session begins at nine or at two on the clock."""
    dataset = generate_world(MEDIUM)
    assert {f"{row.start:%H:%M}" for row in dataset.sessions} == {"09:00", "14:00"}
    hours = {row.start.astimezone(UTC).hour for row in dataset.sessions}
    assert hours == {13, 14, 18, 19}


def test_requests_around_a_dataset_keep_its_supply(tmp_path: Path) -> None:
    """Requests are drawn anew, near its places; doctors, sessions and header stay."""
    base = generate_world(WorldSpec(30, 12, 4, seed=8))
    write_dataset(base, tmp_path)
    read, _ = read_dataset(tmp_path)
    around = requests_around(read, 50, seed=1)
    assert around.sessions == read.sessions
    assert len(around.requests) == 50
    assert check_dataset(around).num_errors == 0
    assert all(row.request_id is None for row in around.appointments)
    assert requests_around(read, 50, seed=1) == around


def test_impossible_specs_are_refused() -> None:
    """Sizes and days outside their limits, a centre that is no place."""
    for name, value in (
        ("doctors", 0),
        ("doctors", 100_001),
        ("requests", -1),
        ("requests", 1_000_001),
        ("days", 0),
        ("days", 367),
        ("seed", -1),
        ("first_day", date(2026, 3, 1)),
    ):
        with pytest.raises(ValueError, match=name):
            WorldSpec(**{name: value})
    with pytest.raises(ValueError, match="times"):
        WorldSpec(doctors=100_000, days=366)
    for first_day in (date(1999, 12, 31), date(2099, 12, 22), date(9999, 12, 31)):
        with pytest.raises(ValueError, match="horizon"):
            WorldSpec(first_day=first_day)
    with pytest.raises(ValueError, match="00000"):
        generate_world(WorldSpec(1, 1, 1, postal_code="00000"))
    with pytest.raises(ValueError, match="type of visit"):
        requests_around(Dataset(header=generate_world(WorldSpec(1, 1, 1)).header), 5, 1)
