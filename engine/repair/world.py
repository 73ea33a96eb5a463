"""The world of a repair: who takes part is asked anew, and may keep what was told."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.arrays import NONE, A, Bool, Int, frozen
from engine.candidates import Candidates
from engine.policy import Policy
from engine.repair.movable import Movable
from engine.shortlist import Shortlist
from engine.snapshot import BYSTANDER, FORCED, Snapshot, Told, without_appointments
from engine.solve.greedy import greedy
from engine.solve.matrix import Matrix, build_matrix


@dataclass(frozen=True, slots=True)
class World:
    """A snapshot in which those who take part have no appointment.

    Parameters
    ----------
    after
        The world after the event, with every appointment.
    snapshot
        The same without those of whom takes part, and what they were told.
    appointments
        int64, ascending: of those who take part; indices in ``after``.
    requests
        int64, ascending: theirs.
    kept
        Candidates: the places told, of those who could keep them.
    """

    after: Snapshot
    snapshot: Snapshot
    appointments: Int
    requests: Int
    kept: Candidates

    @classmethod
    def of(cls, after: Snapshot, movable: Movable, appointments: Int, policy: Policy) -> World:
        """The world in which some appointments (int64 indices, ascending) take part.

        Parameters
        ----------
        policy
            Whose rules say whether a place can be kept at all.
        """
        snapshot = replace(
            without_appointments(after, appointments), told=_told(after, movable, appointments)
        )
        requests = np.sort(after.published.request[appointments])
        kept = _kept(snapshot, movable, after.published.of_request[requests])
        room = policy.seats.room(snapshot)
        index, cell = kept.cells()
        has_room = np.ones(len(kept), np.bool_)
        has_room[index[room[cell] == 0]] = False
        told = _without_place(snapshot.told, kept.request[~has_room])
        kept = kept.where(has_room)
        return cls(after, replace(snapshot, told=told), appointments, requests, kept)

    def final(self, moved: Bool) -> Snapshot:
        """The world after the event without the appointments of whom is moved; bool, shape (R,)."""
        gone = self.appointments[moved[self.after.published.request[self.appointments]]]
        return replace(without_appointments(self.after, gone), told=self.snapshot.told)


def _told(after: Snapshot, movable: Movable, appointments: Int) -> Told:
    published, nothing = after.published, Told.nothing(after.num_requests)
    request = published.request[appointments]
    first_cell = np.where(movable.standing == FORCED, NONE, movable.first_cell)

    def spread(blank: A, value: A) -> A:
        column = blank.copy()
        column[request] = value[appointments]
        return frozen(column)

    return Told(
        standing=spread(nothing.standing, movable.standing),
        role=spread(nothing.role, published.role),
        first_cell=spread(nothing.first_cell, first_cell),
        start=spread(nothing.start, published.start),
        end=spread(nothing.end, published.end),
        has_time=spread(nothing.has_time, movable.has_time),
        is_confirmed=spread(nothing.is_confirmed, movable.is_confirmed),
        asked_first=spread(nothing.asked_first, movable.asked_first),
    )


def _without_place(told: Told, requests: Int) -> Told:
    """The same where the places of some requests cannot be kept."""
    first_cell = told.first_cell.copy()
    first_cell[requests] = NONE
    return replace(told, first_cell=frozen(first_cell))


def _kept(snapshot: Snapshot, movable: Movable, appointments: Int) -> Candidates:
    """What those of some appointments who are not forced were told, in the given order."""
    request = np.flatnonzero(snapshot.told.is_innocent)
    told, own = snapshot.told, appointments[movable.standing[appointments] != FORCED]
    session = movable.session[own]
    return Candidates(
        request,
        told.role[request],
        session,
        movable.first_cell[own],
        movable.num_cells[own],
        told.start[request],
        told.end[request],
        told.has_time[request],
        snapshot.session_day(session, told.start[request]),
    )


def in_old_violations(world: World, policy: Policy) -> Int:
    """Appointments of bystanders that break a rule with others that could be kept, or with what
    stays: it was broken before, and they stay as they are; int64 indices in ``world.after``.

    Those who contest a place count among the others: where they break a rule together with a
    bystander, say a daily cap, the bystander could move in their stead, and nobody would know.

    Parameters
    ----------
    world
        In which everybody takes part who may.
    """
    of_request, told, kept = world.after.published.of_request, world.snapshot.told, world.kept
    is_bystander = told.standing == BYSTANDER
    without_room = np.setdiff1d(np.flatnonzero(is_bystander), kept.request)
    listed = Shortlist.of(world.snapshot, policy, kept)
    matrix = build_matrix(world.snapshot, policy, listed, kept.request)
    guilty = kept.request[_culprits(matrix)]
    return np.sort(of_request[np.concatenate([without_room, guilty[is_bystander[guilty]]])])


def _culprits(matrix: Matrix) -> Int:
    """Candidates that break a row if all are chosen; int64 columns."""
    every, own = np.arange(matrix.num_candidates), len(matrix.request)
    if greedy(matrix, first=every)[: matrix.num_candidates].all():
        return every[:0]
    chosen = np.zeros(matrix.num_columns, np.bool_)
    chosen[: matrix.num_candidates] = True
    opens = _is_broken(matrix, chosen)[matrix.row_of] & (matrix.coefficient < 0)
    chosen[matrix.column_of[opens]] = True
    guilty = _is_broken(matrix, chosen)[matrix.row_of] & chosen[matrix.column_of]
    column = np.unique(matrix.column_of[guilty])
    opened = np.isin(matrix.column_of, column[column >= own])
    behind = np.isin(matrix.row_of, matrix.row_of[opened]) & chosen[matrix.column_of]
    column = np.union1d(column, matrix.column_of[behind])
    return column[column < matrix.num_candidates]


def _is_broken(matrix: Matrix, chosen: Bool) -> Bool:
    """Rows that columns use beyond their bound; bool, shape (M,)."""
    weight = np.where(chosen[matrix.column_of], matrix.coefficient, 0)
    use = np.bincount(matrix.row_of, weight, minlength=matrix.num_rows)
    broken: Bool = use > matrix.bound
    return broken
