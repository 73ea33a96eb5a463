"""Repairs of a few hundred appointments: the engine and a MIP by HiGHS find the same values."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from benchmarks.repair_by_mip import best_by_mip, busiest_doctors, choice_of
from engine.constraints import CONSTRAINTS
from engine.events.aftermath import aftermath_of
from engine.events.events import DoctorAbsent
from engine.interchange.booked import booked
from engine.match import match
from engine.policy import Policy
from engine.repair.extent import Extent
from engine.repair.repair import mend
from engine.repair.world import World
from engine.solve.limits import Limits
from scenarios.world import WorldSpec, generate_world

LIMITS = Limits(seconds=60, workers=1)


def only_cells() -> Policy:
    """Nothing couples visits but the room of cells: the MIP knows no other rule."""
    policy = Policy.default()
    for rule in CONSTRAINTS:
        if rule.name != "slot_capacity":
            policy = policy.without(rule.name)
    return policy


@pytest.mark.parametrize(
    ("kind", "requests", "seed", "num_away"),
    [
        ("single", 150, 2, 1),
        ("single", 150, 5, 1),
        ("multi", 200, 1, 4),
    ],
)
def test_levels_are_those_of_a_mip(kind: str, requests: int, seed: int, num_away: int) -> None:
    """The busiest doctors are away; nobody else, one or two others may be displaced. In the MIP
    everybody may be moved for others, however far from who must be, and one row counts them all.
    """
    policy = only_cells()
    dataset = generate_world(WorldSpec(requests, 30, 5, kind, "tight", seed))
    result = match(dataset, policy, LIMITS)
    dataset = booked(dataset, result.snapshot, result.plan)
    start = dataset.header.horizon.start
    away = [
        DoctorAbsent(doctor_id=name, start=start, end=start + timedelta(days=30))
        for name in busiest_doctors(dataset, num_away)
    ]
    aftermath = aftermath_of(dataset, away, policy)
    assert len(aftermath.forced) >= 3
    found = mend(aftermath, policy, Extent(max_additional=2), LIMITS)
    takes_part = np.flatnonzero(found.movable.standing >= 0)
    world = World.of(found.snapshot, found.movable, takes_part, policy)
    choice = choice_of(world.snapshot, policy.for_repair(0), world.kept, world.requests)
    by_limit = best_by_mip(choice, range(3))
    for point in found.points:
        assert point.is_proven
        protected, *values = (level.value for level in point.certificate.levels)
        assert protected == 0
        assert tuple(values) == by_limit[point.additional]
    unplaced = [point.unplaced for point in found.points]
    assert len(unplaced) > 1
    assert unplaced == sorted(unplaced, reverse=True)
    assert min(unplaced) == min(values[: choice.num_classes] for values in by_limit)
