"""A repair over HTTP that takes as long as it is given."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from functools import cache
from typing import Any

from engine.domain import Dataset
from engine.events.events import Disruption, DoctorAbsent
from engine.interchange.booked import booked
from engine.interchange.dataset import write_document
from engine.interchange.validation import adapter
from engine.match import match
from engine.solve.limits import Limits
from scenarios.world import WorldSpec, generate_world


@cache
def long_repair() -> dict[str, Any]:
    """A body: of a world in which people were told their places, the four busiest doctors are out
    for a week, and twenty others may be moved.
    """
    world = generate_world(WorldSpec(requests=600, doctors=60, days=10, seed=2))
    found = match(world, limits=Limits(seconds=1, workers=1))
    dataset = booked(world, found.snapshot, found.plan)
    events = adapter(tuple[Disruption, ...]).dump_python(_absences(dataset), mode="json")
    content = json.loads(write_document(dataset))
    return {"dataset": content, "disruptions": list(events), "max_additional": 20}


def _absences(dataset: Dataset) -> tuple[DoctorAbsent, ...]:
    doctor_of = {role.id: role.doctor_id for role in dataset.roles}
    told = Counter(doctor_of[row.role_id] for row in dataset.appointments if row.request_id)
    start = dataset.header.horizon.start
    return tuple(
        DoctorAbsent(doctor_id=name, start=start, end=start + timedelta(days=5))
        for name, _ in told.most_common(4)
        if name is not None
    )
