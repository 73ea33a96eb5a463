"""A doctor is in one place at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from engine.arrays import NONE, Bool, Int, ranges
from engine.candidates import Candidates
from engine.rows import Entries, Rows
from engine.rules import Couples, Suspicion, in_sessions, rule
from engine.seats import Seats
from engine.snapshot import Snapshot

_DOCTOR_STRIDE = 1 << 41  # more minutes than any dataset spans
_SEVERAL = -2


@rule
class DoctorInOnePlace:
    """Where two sessions of a doctor overlap, patients are seen in one of them at a time.

    A *home* is a timed session, or an appointment outside every session of its role.
    Rows stand where homes of one doctor meet, at the instants t at which a cell or an
    appointment starts; stretches that overlap share the later one's start.

    Formula: where appointments keep the doctor in a home at t, ``Σ x_c ≤ 0`` over candidates
    of other homes covering t. Otherwise ``Σ x_c ≤ 1`` where every session at t has one
    seat; else, with ``z`` for "the doctor is in session s at t",
    ``Σ_{c of s} x_c − seats_s · z_{s,t} ≤ 0`` and ``Σ_s z_{s,t} ≤ 1``. Occupied cells count;
    within one session its capacity alone rules; a service may be in several places at once,
    a day session is in none. Key: the meeting, or the meeting and the session.
    """

    name: ClassVar[str] = "doctor_in_one_place"
    couples: ClassVar[Couples] = "doctor"

    seats: Seats = field(default_factory=Seats)

    def rows(self, snapshot: Snapshot, candidates: Candidates) -> Rows:
        """Rows of the meetings that candidates cover."""
        seats = _most_seats(snapshot, self.seats)
        meetings = find_meetings(snapshot, seats)
        if not len(meetings.key):
            return Rows.none()
        meeting, column = meetings.covered_by(snapshot, candidates)
        session = candidates.session[column]
        kept_by = meetings.kept_by[meeting]
        single = meetings.is_single[meeting]
        free = kept_by == NONE
        summed = np.where(free, single, kept_by != session)
        shared = free & ~single
        attendance = meetings.attendance_of(meeting[shared], session[shared])
        return _rows(seats, meetings, meeting[summed], column[summed], attendance, column[shared])

    def suspects(self, snapshot: Snapshot) -> Suspicion:
        """Suspects sessions of doctors whom appointments keep where several homes meet."""
        meetings = find_meetings(snapshot, _most_seats(snapshot, self.seats))
        doctor = snapshot.roles.doctor[snapshot.sessions.role]
        kept = meetings.key[meetings.kept_by != NONE] // _DOCTOR_STRIDE
        return in_sessions(np.isin(doctor, kept))


@dataclass(frozen=True, slots=True)
class Meetings:
    """Instants at which several homes of one doctor meet.

    Parameters
    ----------
    key
        int64, shape (M,), ascending: doctor times a stride, plus minute.
    kept_by
        int64, shape (M,): home in which appointments keep the doctor; -1: none; -2: several,
        a violation before we came.
    is_single
        bool, shape (M,): every session there has one seat.
    at, session
        int64, shape (N,): attendances, a session at a meeting each, by meeting, then session.
    """

    key: Int
    kept_by: Int
    is_single: Bool
    at: Int
    session: Int

    def covered_by(self, snapshot: Snapshot, candidates: Candidates) -> tuple[Int, Int]:
        """Every pair (meeting, candidate that occupies its doctor then)."""
        timed = np.flatnonzero(candidates.has_time)
        start, end = candidates.where(timed).busy(snapshot)
        base = snapshot.roles.doctor[candidates.role[timed]] * _DOCTOR_STRIDE
        first = np.searchsorted(self.key, base + start)
        length = np.searchsorted(self.key, base + end) - first
        return ranges(first, length), np.repeat(timed, length)

    def attendance_of(self, meeting: Int, session: Int) -> Int:
        """Index of each attendance."""
        width = int(np.max(self.session, initial=0)) + 1
        return np.searchsorted(self.at * width + self.session, meeting * width + session)


def _most_seats(snapshot: Snapshot, seats: Seats) -> Int:
    """Most seats that any cell of each session has; int64, shape (S,)."""
    most = snapshot.sessions.capacity.copy()
    np.maximum.at(most, snapshot.sessions.cell_session, seats.per_cell(snapshot))
    return most


def find_meetings(snapshot: Snapshot, seats: Int) -> Meetings:
    """Find where homes of a doctor meet; ``seats`` of every session, int64, shape (S,)."""
    sessions, published = snapshot.sessions, snapshot.published
    doctors = _doctors_who_may_meet(snapshot)
    if not doctors.any():
        none = np.zeros(0, np.int64)
        return Meetings(none, none, none > 0, none, none)
    session, opens, closes = _present(snapshot, doctors)
    told = np.flatnonzero(published.has_time & doctors[snapshot.roles.doctor[published.role]])
    told_base = snapshot.roles.doctor[published.role[told]] * _DOCTOR_STRIDE
    cells = np.flatnonzero(np.isin(sessions.cell_session, session))
    cell_doctor = snapshot.roles.doctor[sessions.role[sessions.cell_session[cells]]]
    starts = cell_doctor * _DOCTOR_STRIDE + sessions.cell_start[cells]
    instants = np.unique(np.concatenate([starts, told_base + published.busy_start[told], opens]))
    at_session, who = _within(instants, opens, closes)
    at_told, which = _within(
        instants, told_base + published.busy_start[told], told_base + published.busy_end[told]
    )
    own_home = len(sessions.ids) + told
    home = np.where(published.session[told] == NONE, own_home, published.session[told])
    attending = np.unique(np.stack([at_session, session[who]]), axis=1)
    keeping = np.unique(np.stack([at_told, home[which]]), axis=1)
    homes = np.unique(np.concatenate([attending, keeping], axis=1), axis=1)
    is_meeting = np.bincount(homes[0], minlength=len(instants)) > 1
    kept_by = np.full(len(instants), NONE, np.int64)
    kept_by[keeping[0]] = keeping[1]
    kept_by[np.bincount(keeping[0], minlength=len(instants)) > 1] = _SEVERAL
    has_groups = np.zeros(len(instants), np.bool_)
    has_groups[attending[0][seats[attending[1]] > 1]] = True
    number = np.cumsum(is_meeting) - 1
    attends = is_meeting[attending[0]]
    return Meetings(
        key=instants[is_meeting],
        kept_by=kept_by[is_meeting],
        is_single=~has_groups[is_meeting],
        at=number[attending[0][attends]],
        session=attending[1][attends],
    )


def _present(snapshot: Snapshot, doctors: Bool) -> tuple[Int, Int, Int]:
    """Where some doctors (bool, shape (D,)) may be: their sessions, and places that can be kept,
    as far as they reach; session, and keys of the first and last minute.
    """
    sessions, told = snapshot.sessions, snapshot.told
    session = np.flatnonzero(~sessions.is_day & doctors[snapshot.roles.doctor[sessions.role]])
    kept = np.flatnonzero(told.can_stay)
    kept = kept[doctors[_doctor_told(snapshot, kept)]]
    start, end = snapshot.busy_told(kept)
    home = np.concatenate([session, sessions.cell_session[told.first_cell[kept]]])
    base = snapshot.roles.doctor[sessions.role[home]] * _DOCTOR_STRIDE
    opens = base + np.concatenate([sessions.start[session], start])
    return home, opens, base + np.concatenate([sessions.end[session], end])


def _doctors_who_may_meet(snapshot: Snapshot) -> Bool:
    """Doctors with overlapping sessions, or with appointments outside their session."""
    sessions, published, roles = snapshot.sessions, snapshot.published, snapshot.roles
    found = np.zeros(len(snapshot.doctors.ids), np.bool_)
    timed = np.flatnonzero(~sessions.is_day)
    doctor = roles.doctor[sessions.role[timed]]
    timed, doctor = (a[np.lexsort((sessions.start[timed], doctor))] for a in (timed, doctor))
    busy_until = np.maximum.accumulate(doctor * _DOCTOR_STRIDE + sessions.end[timed])
    starts = doctor * _DOCTOR_STRIDE + sessions.start[timed]
    found[doctor[1:][starts[1:] < busy_until[:-1]]] = True
    at_home = np.flatnonzero(published.has_time & (published.session != NONE))
    at_home = at_home[~sessions.is_day[published.session[at_home]]]
    home = published.session[at_home]
    outside = published.has_time.copy()
    outside[at_home] = False
    outside[at_home] |= published.busy_start[at_home] < sessions.start[home]
    outside[at_home] |= published.busy_end[at_home] > sessions.end[home]
    found[roles.doctor[published.role[outside]]] = True
    found[_doctor_told(snapshot, _reaches_out(snapshot))] = True
    return found & ~snapshot.doctors.is_service


def _doctor_told(snapshot: Snapshot, requests: Int) -> Int:
    """The doctor whom some requests were told; int64."""
    return snapshot.roles.doctor[snapshot.told.role[requests]]


def _reaches_out(snapshot: Snapshot) -> Int:
    """Requests whose told place, if it is kept, reaches out of its session; int64."""
    sessions, kept = snapshot.sessions, np.flatnonzero(snapshot.told.can_stay)
    home = sessions.cell_session[snapshot.told.first_cell[kept]]
    start, end = snapshot.busy_told(kept)
    return kept[(start < sessions.start[home]) | (end > sessions.end[home])]


def _within(instants: Int, start: Int, end: Int) -> tuple[Int, Int]:
    """Every pair (index of an instant, index of a stretch that covers it)."""
    first = np.searchsorted(instants, start)
    length = np.searchsorted(instants, end) - first
    return ranges(first, length), np.repeat(np.arange(len(start)), length)


def _rows(
    seats: Int,
    meetings: Meetings,
    summed_meeting: Int,
    summed_column: Int,
    attendance: Int,
    shared_column: Int,
) -> Rows:
    """Rows ``Σ x ≤ room`` of summed meetings, and the pairs with z of the shared ones."""
    num_meetings = len(meetings.key)
    touched = np.unique(meetings.at[attendance])
    present = np.flatnonzero(np.isin(meetings.at, touched))  # Σ z spans every session there
    linked = np.unique(attendance)
    keys = np.concatenate([np.unique(summed_meeting), touched, num_meetings + linked])
    keys.sort()
    is_sum = np.isin(keys, summed_meeting)
    is_choice = np.isin(keys, touched)
    room = np.where(meetings.kept_by[np.where(is_sum, keys, 0)] == NONE, 1, 0)
    bound = np.select([is_sum, is_choice], [room, 1], 0) if len(keys) else keys
    column = np.concatenate([summed_column, shared_column])
    row = np.searchsorted(keys, np.concatenate([summed_meeting, num_meetings + attendance]))
    z_row = np.concatenate([meetings.at[present], num_meetings + linked])
    return Rows(
        keys,
        bound,
        Entries(row, column, np.ones(len(column), np.int64)),
        Entries(
            np.searchsorted(keys, z_row),
            np.concatenate([present, linked]),
            np.concatenate([np.ones(len(present), np.int64), -seats[meetings.session[linked]]]),
        ),
    )
