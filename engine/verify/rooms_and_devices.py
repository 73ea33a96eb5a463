"""Judge of ``rooms_and_devices``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Violation, Visits

if TYPE_CHECKING:
    from engine.constraints.rooms_and_devices import RoomsAndDevices


def violations(rule: RoomsAndDevices, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Instants at which more visits hold a room or device than there are."""
    visits, published = Visits.of(snapshot, plan), snapshot.published
    needs = snapshot.visit_types.needs
    asks = ~needs.is_empty[snapshot.requests.visit_type]
    told = np.flatnonzero(published.has_time & (published.request >= 0))
    told = told[asks[published.request[told]]]
    timed = np.flatnonzero(visits.has_time & asks[visits.request])
    request = np.concatenate([published.request[told], visits.request[timed]]).tolist()
    role = np.concatenate([published.role[told], visits.role[timed]]).tolist()
    start = np.concatenate([published.busy_start[told], visits.busy_start[timed]]).tolist()
    end = np.concatenate([published.busy_end[told], visits.busy_end[timed]]).tolist()
    holders: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, (r, q) in enumerate(zip(request, role, strict=True)):
        for kind in needs.row(snapshot.requests.visit_type[r]).tolist():
            holders[int(snapshot.roles.location[q]), kind].append(index)
    kinds, places = list(snapshot.index.kinds), snapshot.locations.ids
    for (location, kind), indices in holders.items():
        capacity = int(snapshot.resources.get(location, kind, 0))
        for moment in sorted({start[index] for index in indices}):
            there = [index for index in indices if start[index] <= moment < end[index]]
            if len(there) > capacity:
                ids = tuple(sorted(snapshot.requests.ids[request[index]] for index in there))
                place = places[location] if location >= 0 else "video"
                when = snapshot.grid.instant(moment, int(snapshot.roles.zone[role[there[0]]]))
                where = f"{kinds[kind]} at {place}, {when.isoformat()}"
                yield Violation(rule.name, where, ids, len(there) - capacity)
