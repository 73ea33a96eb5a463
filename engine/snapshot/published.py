"""What is published already as arrays: active appointments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.arrays import NONE, Bool, Int, frozen, ints
from engine.domain import Appointment, Dataset
from engine.snapshot.demand import Requests
from engine.snapshot.index import Index, at
from engine.snapshot.seated import seated
from engine.snapshot.sessions import Sessions
from engine.snapshot.stays import seats_taken, sessions_touched
from engine.snapshot.supply import VisitTypes
from engine.time_grid import TimeGrid


@dataclass(frozen=True, slots=True)
class Published:
    """Active appointments: what patients were told, blocks, unexpired holds; shape (A,).

    Parameters
    ----------
    role
        int64 index.
    request
        int64 index; -1: a block.
    start, end
        int64, minutes: the told interval.
    busy_start, busy_end
        int64, minutes: told interval with the minutes before and after.
    session
        int64 index of the session it lies in; -1: outside every session of its role. Where several
        day sessions are at one time, the one in which its seat is counted (``seated``).
    has_time
        bool: it has a told time, being no seat in a day session.
    of_request
        int64, shape (R,): index of the request's appointment or -1.
    """

    ids: tuple[str, ...]
    role: Int
    request: Int
    start: Int
    end: Int
    busy_start: Int
    busy_end: Int
    session: Int
    has_time: Bool
    of_request: Int


@dataclass(frozen=True, slots=True)
class Places:
    """What some active appointments say, before it is known where that lies; shape (A,).

    Parameters
    ----------
    ids
        Theirs.
    role, request
        int64 indices; of a block, request is -1.
    start, end
        int64, minutes.
    """

    ids: tuple[str, ...]
    role: Int
    request: Int
    start: Int
    end: Int

    @classmethod
    def of(cls, rows: Sequence[Appointment], index: Index, grid: TimeGrid) -> Places:
        """Read them from records."""
        return cls(
            ids=tuple(row.id for row in rows),
            role=ints(index.roles[row.role_id] for row in rows),
            request=ints(at(index.requests, row.request_id) for row in rows),
            start=ints(grid.minutes(row.start) for row in rows),
            end=ints(grid.minutes(row.end) for row in rows),
        )

    @classmethod
    def published(cls, published: Published) -> Places:
        """What published appointments say."""
        told = published
        return cls(told.ids, told.role, told.request, told.start, told.end)

    def joined(self, others: Places, order: Int) -> Places:
        """These and others, or some of both, in an order; int64 indices, these come first."""
        ids = (*self.ids, *others.ids)

        def both(mine: Int, theirs: Int) -> Int:
            return frozen(np.concatenate([mine, theirs])[order])

        return Places(
            ids=tuple(ids[row] for row in order.tolist()),
            role=both(self.role, others.role),
            request=both(self.request, others.request),
            start=both(self.start, others.start),
            end=both(self.end, others.end),
        )


def active(dataset: Dataset) -> list[Appointment]:
    """Appointments that count."""
    return [row for row in dataset.appointments if row.is_active(dataset.header.as_of)]


def publish(
    places: Places, sessions: Sessions, requests: Requests, visit_types: VisitTypes
) -> tuple[Published, Int]:
    """Arrays of appointments, and the seats they take in sessions; int64, shape (K,)."""
    request = places.request
    visit_type = np.append(requests.visit_type, NONE)[request]
    urgency = np.append(requests.urgency, NONE)[request]
    lying = lie(places, sessions, visit_types, visit_type, urgency)
    of_request = np.full(len(requests.visit_type), NONE, np.int64)
    of_request[request[request != NONE]] = np.flatnonzero(request != NONE)
    published = Published(
        ids=places.ids,
        role=places.role,
        request=request,
        start=places.start,
        end=places.end,
        busy_start=lying.busy_start,
        busy_end=lying.busy_end,
        session=lying.session,
        has_time=lying.has_time,
        of_request=frozen(of_request),
    )
    return published, lying.used


@dataclass(frozen=True, slots=True)
class Lying:
    """Where some appointments lie; arrays of shape (A,), as in ``Published``.

    Parameters
    ----------
    used
        int64, shape (K,): seats of every cell that they take.
    """

    busy_start: Int
    busy_end: Int
    session: Int
    has_time: Bool
    used: Int


def lie(
    places: Places, sessions: Sessions, visit_types: VisitTypes, visit_type: Int, urgency: Int
) -> Lying:
    """Find where all appointments of some roles lie in all sessions of these roles.

    Parameters
    ----------
    visit_type, urgency
        int64, shape (A,): indices of those that hold them; -1 of a block.
    """
    start, end = places.start, places.end
    busy_start = frozen(start - np.append(visit_types.before, 0)[visit_type])
    busy_end = frozen(end + np.append(visit_types.after, 0)[visit_type])
    which, session, is_seat = sessions_touched(
        sessions, places.role, start, end, (busy_start, busy_end), visit_type
    )
    home = np.full(len(start), NONE, np.int64)
    home[which[::-1]] = session[::-1]
    home = seated(sessions, home, np.flatnonzero(is_seat), visit_type, urgency)
    session = np.where(is_seat[which], home[which], session)
    used = seats_taken(sessions, busy_start[which], busy_end[which], session)
    return Lying(busy_start, busy_end, frozen(home), frozen(~is_seat), used)


def published_taken(
    published: Published, chosen: Int, sessions: Int, request: Int, num_requests: int
) -> Published:
    """Some of the appointments, by index.

    Parameters
    ----------
    sessions
        int64, ascending: the sessions that are kept; an appointment in any other one stands
        outside every session.
    request
        int64: new index of whose each appointment is.
    num_requests
        Number of requests that are kept.
    """
    home = published.session[chosen]
    place = np.searchsorted(sessions, home)
    is_kept = np.isin(home, sessions)
    of_request = np.full(num_requests, NONE, np.int64)
    of_request[request[request != NONE]] = np.flatnonzero(request != NONE)
    return Published(
        ids=tuple(published.ids[row] for row in chosen.tolist()),
        role=frozen(published.role[chosen]),
        request=frozen(request),
        start=frozen(published.start[chosen]),
        end=frozen(published.end[chosen]),
        busy_start=frozen(published.busy_start[chosen]),
        busy_end=frozen(published.busy_end[chosen]),
        session=frozen(np.where(is_kept, place, NONE)),
        has_time=frozen(published.has_time[chosen]),
        of_request=frozen(of_request),
    )
