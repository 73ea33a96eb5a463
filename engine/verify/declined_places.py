"""Judge of ``declined_places``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.plan import Plan
from engine.snapshot import Refusal, Snapshot
from engine.verify.violation import Violation, Visits, broken

if TYPE_CHECKING:
    from engine.eligibility.declined_places import DeclinedPlaces

_MINUTES_PER_DAY = 1440


def violations(rule: DeclinedPlaces, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Visits where the patient said no."""
    visits = Visits.of(snapshot, plan)
    bad = np.zeros(len(visits.request), np.bool_)
    for index, request in enumerate(visits.request.tolist()):
        refusals = snapshot.requests.declined[request]
        bad[index] = any(_is_meant(snapshot, visits, index, row) for row in refusals)
    yield from broken(rule.name, snapshot, visits, bad)


def _is_meant(snapshot: Snapshot, visits: Visits, index: int, refusal: Refusal) -> bool:
    """Whether every field that is given fits."""
    role, start = int(visits.role[index]), int(visits.start[index])
    stated = (refusal.role, refusal.doctor, refusal.location)
    actual = (role, int(snapshot.roles.doctor[role]), int(snapshot.roles.location[role]))
    if any(wanted not in (-1, found) for wanted, found in zip(stated, actual, strict=True)):
        return False
    if refusal.start not in (None, start) or start >= refusal.before:
        return False
    return not refusal.times or _begins_in(snapshot, visits, index, refusal.times)


def _begins_in(snapshot: Snapshot, visits: Visits, index: int, edges: tuple[int, ...]) -> bool:
    clock = visits.local(snapshot, index, int(visits.start[index]))
    midnight = clock.weekday() * _MINUTES_PER_DAY
    stretches = list(zip(edges[::2], edges[1::2], strict=True))
    if not visits.has_time[index]:
        end = midnight + _MINUTES_PER_DAY
        return any(low <= midnight and end <= high for low, high in stretches)
    minute = midnight + clock.hour * 60 + clock.minute
    return any(low <= minute < high for low, high in stretches)
