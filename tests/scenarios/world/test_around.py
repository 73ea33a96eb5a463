"""Requests around doctors who are there already, wherever and whenever they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from engine.domain import Coordinates, Dataset, Interval
from engine.interchange.dataset import read_dataset, write_dataset
from engine.match import match
from engine.solve.limits import Limits
from scenarios.world import WorldSpec, generate_world, requests_around

EXAMPLE = Path(__file__).parents[3] / "scenarios/examples/small_clinic.json"
BASE = generate_world(WorldSpec(5, 6, 2, seed=8))


def at(latitude: float, longitude: float) -> Dataset:
    """A world whose places are all at one point."""
    point = Coordinates(latitude=latitude, longitude=longitude)
    return replace(BASE, locations=tuple(replace(row, coordinates=point) for row in BASE.locations))


def on(start: str, days: int) -> Dataset:
    """A world whose horizon is another; its sessions lie outside."""
    now = datetime.fromisoformat(start)
    horizon = Interval(start=now, end=now + timedelta(days=days))
    return replace(BASE, header=replace(BASE.header, as_of=now, horizon=horizon), appointments=())


@pytest.mark.parametrize(
    "base",
    [
        pytest.param(at(90.0, 10.0), id="at the north pole"),
        pytest.param(at(-89.99, -179.99), id="at the south pole"),
        pytest.param(at(-17.0, 179.99), id="beside the date line"),
        pytest.param(on("2000-01-01T00:00:00+00:00", 5), id="in the first days"),
        pytest.param(on("2099-12-26T00:00:00-05:00", 5), id="in the last days"),
    ],
)
def test_what_is_drawn_at_an_edge_can_be_read(base: Dataset, tmp_path: Path) -> None:
    """Beside a pole, the date line and the ends of the calendar."""
    drawn = requests_around(base, 200, seed=1)
    write_dataset(drawn, tmp_path)
    assert len(read_dataset(tmp_path)[0].requests) == 200


def test_places_with_a_postal_code_alone_are_begun_at() -> None:
    """Homes lie around the centre of the postal code; visits of no specialty are asked for too."""
    small, _ = read_dataset(EXAMPLE)
    drawn = requests_around(small, 60, seed=1)
    homes = [row.home for row in drawn.patients]
    assert all(isinstance(home, Coordinates) and 40 < home.latitude < 41.5 for home in homes)
    assert {row.visit_type_id for row in drawn.requests} == {"ear-visit", "video-follow-up"}


def test_a_year_of_days_has_a_session_id_each(tmp_path: Path) -> None:
    """Beyond 52 weeks month and day come again; ids do not."""
    write_dataset(generate_world(WorldSpec(10, 2, 366)), tmp_path)
    read_dataset(tmp_path)


def test_requests_around_services_that_state_no_specialty() -> None:
    """Vaccination chairs: patients ask for the type of visit alone, and some are placed."""
    roles = tuple(replace(row, specialties=()) for row in BASE.roles)
    types = tuple(replace(row, specialties=()) for row in BASE.visit_types[:1])
    sessions = tuple(replace(row, visit_type_ids=()) for row in BASE.sessions)
    base = replace(BASE, roles=roles, visit_types=types, sessions=sessions, appointments=())
    dataset = requests_around(base, 20, 1)
    assert {row.specialty for row in dataset.requests} == {None}
    assert match(dataset, limits=Limits(deterministic=True)).plan.is_placed.any()
