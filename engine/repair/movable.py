"""Who may be told another place, and who stays whatever happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.arrays import NONE, Bool, Int
from engine.domain import Dataset
from engine.events.findings import Aftermath
from engine.objectives.protected_people import ProtectedPeople
from engine.policy import Policy
from engine.snapshot import BYSTANDER, CONTESTED, FORCED, Snapshot, stays_of
from engine.urgency import MINUTES_PER_HOUR


@dataclass(frozen=True, slots=True)
class Movable:
    """Appointments by what may become of them; arrays of shape (A,).

    Parameters
    ----------
    standing
        int64: ``FORCED``, ``CONTESTED`` or ``BYSTANDER``; -1: it stays.
    session, first_cell, num_cells
        int64: the cells it covers, where it lies in one session; -1 otherwise.
    has_time
        bool: it had a told time before the event, being no seat in a day session.
    is_confirmed, asked_first
        bool: reasons to keep a place (``engine.snapshot.Told``).
    """

    standing: Int
    session: Int
    first_cell: Int
    num_cells: Int
    has_time: Bool
    is_confirmed: Bool
    asked_first: Bool

    @classmethod
    def of(cls, aftermath: Aftermath, snapshot: Snapshot, policy: Policy) -> Movable:
        """Sort the appointments of a world after an event.

        Pinned and held ones stay, blocks, visits that have begun, and those of bystanders that
        begin within the protected notice or lie outside of sessions, or across them.

        Parameters
        ----------
        snapshot
            Of the dataset afterwards.
        """
        published = snapshot.published
        index = {name: row for row, name in enumerate(published.ids)}
        rows = {row.id: row for row in aftermath.dataset.appointments}
        records = [rows[name] for name in published.ids]
        has_time = np.array([name not in aftermath.seats for name in published.ids], np.bool_)
        is_confirmed = np.array([row.confirmed for row in records], np.bool_)
        is_free = np.array([not row.pinned and row.status != "held" for row in records], np.bool_)
        is_free &= (published.request != NONE) & (published.busy_start >= snapshot.as_of)
        cells = _cells(snapshot)
        standing = np.full(len(records), NONE, np.int64)
        notice = _protected_hours(policy) * MINUTES_PER_HOUR
        is_distant = published.start - snapshot.as_of >= notice
        standing[is_free & is_distant & (cells[0] != NONE)] = BYSTANDER
        asked_first = np.zeros(len(records), np.bool_)
        clusters = []
        for cluster in aftermath.clusters:
            members = np.array([index[name] for name in cluster.appointment_ids], np.int64)
            clusters.append(members[is_free[members] & (cells[0][members] != NONE)])
            standing[clusters[-1]] = CONTESTED
        asked_first[_first_of_each(aftermath.dataset, snapshot, clusters)] = True
        forced = np.array([index[row.appointment_id] for row in aftermath.forced], np.int64)
        standing[forced] = NONE
        standing[forced[_may_move(aftermath, forced, snapshot)]] = FORCED
        return cls(standing, *cells, has_time, is_confirmed, asked_first)

    def of_standing(self, standing: int) -> Int:
        """Appointments that stand so; int64 indices, ascending."""
        return np.flatnonzero(self.standing == standing)


def _protected_hours(policy: Policy) -> int:
    """Notice within which no bystander is asked to move."""
    rules = (rule for rule in policy.for_repair(0).rules if isinstance(rule, ProtectedPeople))
    return next(rules).notice_hours


def _cells(snapshot: Snapshot) -> tuple[Int, Int, Int]:
    """Session, first cell and number of cells of every appointment that lies in one session."""
    every = np.arange(len(snapshot.published.ids))
    stays = stays_of(snapshot, every)
    found = tuple(np.full(len(every), NONE, np.int64) for _ in range(3))
    count = np.bincount(stays.appointment, minlength=len(every))
    once = count[stays.appointment] == 1
    for column, value in zip(
        found, (stays.session, stays.first_cell, stays.num_cells), strict=True
    ):
        column[stays.appointment[once]] = value[once]
    return found[0], found[1], found[2]


def _first_of_each(dataset: Dataset, snapshot: Snapshot, clusters: Sequence[Int]) -> Int:
    """Of the appointments of each cluster, the one whose request was made first; int64."""
    if not clusters:
        return np.zeros(0, np.int64)
    asked = sorted((row.created, row.id) for row in dataset.requests)
    turn = np.zeros(snapshot.num_requests, np.int64)
    turn[[snapshot.index.requests[name] for _, name in asked]] = np.arange(len(asked))
    of = snapshot.published.request
    first = [members[np.argsort(turn[of[members]])[:1]] for members in clusters]
    return np.concatenate(first)


def _may_move(aftermath: Aftermath, forced: Int, snapshot: Snapshot) -> Bool:
    """Which of the forced are not pinned."""
    ids = snapshot.published.ids
    stuck = {row.appointment_id for row in aftermath.stuck}
    return np.array([ids[row] not in stuck for row in forced.tolist()], np.bool_)
