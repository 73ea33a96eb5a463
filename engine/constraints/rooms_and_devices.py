"""No more visits in a room, or on a device, than there are of it."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.arrays import NONE, Int, ranges
from engine.candidates import Candidates
from engine.rows import Rows, at_most
from engine.rules import Couples, Suspicion, of_requests, rule
from engine.snapshot import Snapshot

_PLACE_STRIDE = 1 << 41  # more minutes than any dataset spans


@rule
class RoomsAndDevices:
    """A visit that needs a room or a device holds one of its kind as long as it occupies.

    Formula: for every place, kind and instant t at which a cell or an appointment starts
    there, ``Σ x_c ≤ capacity − published use``, at least 0, over the candidates of types
    that need the kind and occupy t. Stretches that overlap share the later one's start.
    Where a place has none of the kind, and by video, nobody fits. A day session knows no
    hour, and holds nothing. Key: instant at the place × kind. Unit: rooms, devices.
    """

    name: ClassVar[str] = "rooms_and_devices"
    couples: ClassVar[Couples] = "place"

    def rows(self, snapshot: Snapshot, candidates: Candidates) -> Rows:
        """One row per kind and instant at a place that a candidate occupies."""
        needs, visit_type = snapshot.visit_types.needs, snapshot.requests.visit_type
        is_needy = ~needs.is_empty[visit_type[candidates.request]] & candidates.has_time
        needy = np.flatnonzero(is_needy)
        if not len(needy):
            return at_most(needy, needy, needy, needy)
        instants = _instants(snapshot)
        mine, published = candidates.where(needy), snapshot.published
        start, end = mine.busy(snapshot)
        key, index = _held(snapshot, instants, mine.role, mine.request, start, end)
        told = np.flatnonzero((published.request != NONE) & published.has_time)
        used, _ = _held(
            snapshot,
            instants,
            published.role[told],
            published.request[told],
            published.busy_start[told],
            published.busy_end[told],
        )
        used_key, count = np.unique(used, return_counts=True)
        keys = np.unique(np.concatenate([key, used_key]))
        num_kinds = len(snapshot.index.kinds)
        place, kind = instants[keys // num_kinds] // _PLACE_STRIDE - 1, keys % num_kinds
        room = snapshot.resources.get(place, kind, 0)
        room[np.searchsorted(keys, used_key)] -= count
        return at_most(key, needy[index], keys, np.maximum(room, 0))

    def suspects(self, snapshot: Snapshot) -> Suspicion:
        """Suspects visits that need a room or a device."""
        return of_requests(~snapshot.visit_types.needs.is_empty[snapshot.requests.visit_type])


def _instants(snapshot: Snapshot) -> Int:
    """Every minute at which a cell or an appointment starts at a place, by place, ascending;
    by video first.
    """
    sessions, published = snapshot.sessions, snapshot.published
    timed = np.flatnonzero(~sessions.is_day[sessions.cell_session])
    role = sessions.role[sessions.cell_session[timed]]
    cells = _at_place(snapshot, role, sessions.cell_start[timed])
    kept = np.flatnonzero(snapshot.told.can_stay)
    told = _at_place(snapshot, snapshot.told.role[kept], snapshot.busy_told(kept)[0])
    held = _at_place(snapshot, published.role, published.busy_start)
    return np.unique(np.concatenate([cells, held, told]))


def _at_place(snapshot: Snapshot, role: Int, minute: Int) -> Int:
    base = (snapshot.roles.location[role] + 1) * _PLACE_STRIDE
    return base + np.maximum(minute + _PLACE_STRIDE // 2, 0)


def _held(
    snapshot: Snapshot, instants: Int, role: Int, request: Int, start: Int, end: Int
) -> tuple[Int, Int]:
    """Key of every kind and instant that visits hold, and whose visit it is (its index)."""
    first = np.searchsorted(instants, _at_place(snapshot, role, start))
    last = np.searchsorted(instants, _at_place(snapshot, role, end))
    needing, kind = snapshot.visit_types.needs.expand(snapshot.requests.visit_type[request])
    length = (last - first)[needing]
    instant = ranges(first[needing], length)
    return instant * len(snapshot.index.kinds) + np.repeat(kind, length), np.repeat(needing, length)
