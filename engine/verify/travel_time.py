"""Judge of ``travel_time``."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from engine.geography import great_circle_metres
from engine.plan import UNPLACED, Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Violation

if TYPE_CHECKING:
    from engine.constraints.travel_time import TravelTime


def violations(rule: TravelTime, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Patients told to be somewhere before they can be there."""
    stops: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
    patient, location = snapshot.requests.patient, snapshot.roles.location
    placed = np.flatnonzero(plan.state != UNPLACED)
    visits = np.bincount(patient[placed], minlength=len(snapshot.patients.ids))
    for request in placed[visits[patient[placed]] > 1].tolist():
        if _has_time(snapshot, plan, request):
            there = int(location[plan.role[request]])
            stop = (int(plan.start[request]), int(plan.end[request]), there, request)
            stops[int(patient[request])].append(stop)
    for who, own in stops.items():
        for one, other in combinations(sorted(own), 2):
            way = _minutes(rule, snapshot, one[2], other[2])
            if way and other[0] - one[1] < way and one[0] - other[1] < way:
                ids = tuple(sorted(snapshot.requests.ids[stop[3]] for stop in (one, other)))
                where = f"{snapshot.patients.ids[who]}: {' and '.join(ids)}"
                yield Violation(rule.name, where, ids)


def _has_time(snapshot: Snapshot, plan: Plan, request: int) -> bool:
    held, session = snapshot.published.of_request[request], plan.session[request]
    if held >= 0:
        return bool(snapshot.published.has_time[held])
    return not snapshot.sessions.is_day[session]


def _minutes(rule: TravelTime, snapshot: Snapshot, one: int, other: int) -> int:
    if one < 0 or other < 0 or one == other:
        return 0
    latitude, longitude = snapshot.locations.latitude, snapshot.locations.longitude
    metres = int(
        great_circle_metres(latitude[one], longitude[one], latitude[other], longitude[other])
    )
    way = max(metres, 0) * rule.detour
    return math.ceil(round(way / (rule.speed_km_per_hour * 1000) * 60, 6))
