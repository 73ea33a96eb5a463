"""Finds at a fixed rate: what is planned is sent, and answered."""

from __future__ import annotations

from pathlib import Path

from benchmarks.find_load import HEADINGS, Load, ask, in_services
from scenarios.world import WorldSpec, generate_world


def test_what_is_sent_is_fixed_before() -> None:
    """As many as the rate says, the same every time; even ones at equal distances."""
    load = Load(rate=10.0, seconds=3.0)
    times = load.times(load.rate, 1)
    assert times == sorted(times) == load.times(load.rate, 1)
    assert len(times) == 30
    assert Load(rate=4.0, seconds=1.0, is_even=True).times(4.0, 1) == [0.0, 0.25, 0.5, 0.75]
    assert load.times(0.0, 1) == []


def test_every_find_and_booking_is_answered(tmp_path: Path) -> None:
    """A town in a store; every answer counts, and who used the processor is told."""
    town = generate_world(WorldSpec(30, 12, 3))
    load = Load(rate=20.0, bookings=3.0, seconds=1.0, k=3)
    with in_services(town, f"sqlite:///{tmp_path}/town.db") as services:
        heard = ask(services, town, load)
    assert len(heard.finds) == 20
    assert heard.statuses["find 200"] == 23
    assert heard.statuses["book 201"] == len(heard.bookings) > 0
    assert heard.service > 0
    assert len(heard.cells(load)) == len(HEADINGS)
