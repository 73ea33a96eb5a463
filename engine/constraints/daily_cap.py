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
        visit_type = snapshot.requests.visit_type[candidates.request]
        key, index = _counted(snapshot, candidates.role, visit_type, candidates.day)
        return _rows(snapshot, key, index)

    def around(self, snapshot: Snapshot) -> Rows:
        """One row per cap and day with cells that take visits of the cap's type alone, or where
        it counts all of them. Cells that reach into the next day are in none.
        """
        if not snapshot.caps:
            return Rows.none()
        sessions = snapshot.sessions
        role = sessions.role[sessions.cell_session]
        zone = snapshot.roles.zone[role]
        last = sessions.cell_start + sessions.cell_minutes[sessions.cell_session] - 1
        day = snapshot.grid.day(zone, sessions.cell_start)
        cell = np.flatnonzero(day == snapshot.grid.day(zone, last))
        only = np.full(snapshot.num_sessions, NONE)
        has_one = np.flatnonzero(np.diff(sessions.offers.offset) == 1)
        only[has_one] = sessions.offers.value[sessions.offers.offset[has_one]]
        key, index = _counted(snapshot, role[cell], only[sessions.cell_session[cell]], day[cell])
        return _rows(snapshot, key, cell[index])

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


def _rows(snapshot: Snapshot, key: Int, column: Int) -> Rows:
    """Rows of caps and days, and the columns that count for each."""
    used_key, count = _used(snapshot)
    limit = ints(cap.limit for cap in snapshot.caps)
    keys = np.unique(np.concatenate([key, used_key]))
    room = limit[keys // _DAY_STRIDE]
    room[np.searchsorted(keys, used_key)] -= count
    return at_most(key, column, keys, np.maximum(room, 0))


def _used(snapshot: Snapshot) -> tuple[Int, Int]:
    """Keys of the caps and days that published visits count for, ascending; how many do."""
    published = snapshot.published
    visits = np.flatnonzero(published.request != NONE)
    role = published.role[visits]
    day = snapshot.grid.day(snapshot.roles.zone[role], published.start[visits])
    visit_type = snapshot.requests.visit_type[published.request[visits]]
    used, _ = _counted(snapshot, role, visit_type, day)
    return np.unique(used, return_counts=True)


def _counted(snapshot: Snapshot, role: Int, visit_type: Int, day: Int) -> tuple[Int, Int]:
    """Key of every cap and day that a visit counts for, and the visit's index."""
    caps = snapshot.caps
    if not caps:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    cap = np.repeat(np.arange(len(caps)), [len(cap.roles) for cap in caps])
    counted_type = ints(row.visit_type for row in caps)[cap]
    types = 2 + max(int(counted_type.max()), int(visit_type.max(initial=NONE)))
    under = np.concatenate([row.roles for row in caps]) * types
    by_type = Ragged.grouping(under + 1 + counted_type, snapshot.num_roles * types)
    every, place = by_type.expand(role * types)  # caps of all types
    typed = np.flatnonzero(visit_type != NONE)
    own, own_place = by_type.expand(role[typed] * types + 1 + visit_type[typed])
    index = np.concatenate([every, typed[own]])
    return cap[np.concatenate([place, own_place])] * _DAY_STRIDE + day[index], index
