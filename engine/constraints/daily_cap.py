"""No more visits on a day than a role or a doctor takes."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.arrays import NONE, Int, Ragged, ints
from engine.candidates import Candidates
from engine.rows import Rows, at_most
from engine.rules import Couples, Suspicion, in_sessions, nowhere, rule
from engine.snapshot import Snapshot

_DAY_STRIDE = 1 << 20  # more days than any dataset spans


@rule
class DailyCap:
    """A role, or a doctor over all roles, takes so many visits a day, in all or of a type.

    Formula: for every cap and local day, ``Σ x_c ≤ limit − published visits``, at least 0,
    over the candidates in the cap's roles, on that day, of the cap's type. A block is no
    visit. Key: cap × day. Unit: visits.
    """

    name: ClassVar[str] = "daily_cap"
    couples: ClassVar[Couples] = "doctor"

    def rows(self, snapshot: Snapshot, candidates: Candidates) -> Rows:
        """One row per cap and day that a candidate counts for."""
        if not snapshot.caps:
            return Rows.none()
        used_key, count = _used(snapshot)
        limit = ints(cap.limit for cap in snapshot.caps)
        key, index = _counted(snapshot, candidates.role, candidates.request, candidates.day)
        keys = np.unique(np.concatenate([key, used_key]))
        room = limit[keys // _DAY_STRIDE]
        room[np.searchsorted(keys, used_key)] -= count
        return at_most(key, index, keys, np.maximum(room, 0))

    def suspects(self, snapshot: Snapshot) -> Suspicion:
        """Suspects sessions in roles with a cap that is reached on some day."""
        if not snapshot.caps:
            return nowhere
        used_key, count = _used(snapshot)
        most = np.zeros(len(snapshot.caps), np.int64)
        np.maximum.at(most, used_key // _DAY_STRIDE, count)
        may_be_full = np.zeros(snapshot.num_roles, np.bool_)
        for cap, used in zip(snapshot.caps, most.tolist(), strict=True):
            may_be_full[cap.roles] |= used >= cap.limit
        return in_sessions(may_be_full[snapshot.sessions.role])


def _used(snapshot: Snapshot) -> tuple[Int, Int]:
    """Keys of the caps and days that published visits count for, ascending; how many do."""
    published = snapshot.published
    visits = np.flatnonzero(published.request != NONE)
    role = published.role[visits]
    day = snapshot.grid.day(snapshot.roles.zone[role], published.start[visits])
    used, _ = _counted(snapshot, role, published.request[visits], day)
    return np.unique(used, return_counts=True)


def _counted(snapshot: Snapshot, role: Int, request: Int, day: Int) -> tuple[Int, Int]:
    """Key of every cap and day that a visit counts for, and the visit's index."""
    caps = snapshot.caps
    if not caps:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    cap = np.repeat(np.arange(len(caps)), [len(cap.roles) for cap in caps])
    by_role = Ragged.grouping(np.concatenate([cap.roles for cap in caps]), snapshot.num_roles)
    index, place = by_role.expand(role)
    cap = cap[place]
    counted_type = ints(c.visit_type for c in caps)[cap]
    counts = (counted_type == NONE) | (counted_type == snapshot.requests.visit_type[request[index]])
    return cap[counts] * _DAY_STRIDE + day[index[counts]], index[counts]
