"""Sessions, their cells, and what is published already, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import NONE, Bool, Int, Ragged, frozen, ints, ranges
from engine.domain import Dataset
from engine.snapshot.index import Index, at
from engine.time_grid import TimeGrid

_ROLE_STRIDE = 1 << 40  # more minutes than any dataset spans


@dataclass(frozen=True, slots=True)
class Sessions:
    """Sessions and their cells; arrays of shape (S,) unless said otherwise.

    Parameters
    ----------
    role, capacity
        int64; index, and seats per cell.
    start, end
        int64, minutes, ``[start, end)``.
    cell_minutes
        int64; a day session is one cell as long as itself.
    is_day
        bool.
    reserved_for
        int64 index of an urgency or -1.
    offers
        Row per session: visit types offered; empty: all.
    of_role
        Row per role: its sessions.
    first_cell
        int64, shape (S + 1,): cells of session ``s`` are ``first_cell[s]`` up to, not
        including, ``first_cell[s + 1]``.
    cell_session, cell_start
        int64, shape (K,): index, and minutes.
    """

    ids: tuple[str, ...]
    role: Int
    capacity: Int
    start: Int
    end: Int
    cell_minutes: Int
    is_day: Bool
    reserved_for: Int
    offers: Ragged
    of_role: Ragged
    first_cell: Int
    cell_session: Int
    cell_start: Int


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
        int64 index of the session it lies in; -1: outside every session of its role.
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


def take_sessions(dataset: Dataset, index: Index, grid: TimeGrid) -> Sessions:
    """Arrays of the sessions."""
    rows = dataset.sessions
    start = ints(grid.minutes(row.start) for row in rows)
    end = ints(grid.minutes(row.end) for row in rows)
    own_cells = ints(NONE if row.cell_minutes is None else row.cell_minutes for row in rows)
    is_day = frozen(np.array([row.kind == "day" for row in rows], np.bool_))
    cell_minutes = frozen(np.where(is_day, end - start, own_cells))
    num_cells = (end - start) // cell_minutes
    cell_session = np.repeat(np.arange(len(rows)), num_cells)
    within = ranges(np.zeros(len(rows), np.int64), num_cells)
    role = ints(index.roles[row.role_id] for row in rows)
    return Sessions(
        ids=tuple(row.id for row in rows),
        role=role,
        capacity=ints(row.capacity for row in rows),
        start=start,
        end=end,
        cell_minutes=cell_minutes,
        is_day=is_day,
        reserved_for=ints(at(index.urgencies, row.reserved_for) for row in rows),
        offers=Ragged.of([index.visit_types[i] for i in row.visit_type_ids] for row in rows),
        of_role=Ragged.grouping(role, len(index.roles)),
        first_cell=frozen(np.concatenate([[0], np.cumsum(num_cells)]).astype(np.int64)),
        cell_session=frozen(cell_session),
        cell_start=frozen(start[cell_session] + within * cell_minutes[cell_session]),
    )


def take_published(
    dataset: Dataset, index: Index, grid: TimeGrid, sessions: Sessions
) -> tuple[Published, Int]:
    """Arrays of the active appointments, and the seats they take; int64, shape (K,)."""
    rows = [row for row in dataset.appointments if row.is_active(dataset.header.as_of)]
    type_of = {row.id: row.visit_type_id for row in dataset.requests}
    padding = {row.id: (row.minutes_before, row.minutes_after) for row in dataset.visit_types}
    wanting = [row.request_id for row in rows]
    pads = [(0, 0) if i is None else padding[type_of[i]] for i in wanting]
    role = ints(index.roles[row.role_id] for row in rows)
    request = ints(at(index.requests, row.request_id) for row in rows)
    start = ints(grid.minutes(row.start) for row in rows)
    end = ints(grid.minutes(row.end) for row in rows)
    busy_start = frozen(start - ints(before for before, _ in pads))
    busy_end = frozen(end + ints(after for _, after in pads))
    visit_type = ints(NONE if i is None else index.visit_types[type_of[i]] for i in wanting)
    which, session, is_seat = sessions_touched(
        sessions, role, start, end, (busy_start, busy_end), visit_type
    )
    home = np.full(len(rows), NONE, np.int64)
    home[which[::-1]] = session[::-1]
    of_request = np.full(len(dataset.requests), NONE, np.int64)
    of_request[request[request != NONE]] = np.flatnonzero(request != NONE)
    published = Published(
        ids=tuple(row.id for row in rows),
        role=role,
        request=request,
        start=start,
        end=end,
        busy_start=busy_start,
        busy_end=busy_end,
        session=frozen(home),
        has_time=frozen(~is_seat),
        of_request=frozen(of_request),
    )
    return published, _seats_taken(sessions, busy_start[which], busy_end[which], session)


def sessions_touched(
    sessions: Sessions, role: Int, start: Int, end: Int, busy: tuple[Int, Int], visit_type: Int
) -> tuple[Int, Int, Bool]:
    """Sessions of its role in which each appointment takes seats.

    A seat in a day session is an appointment as long as that session. Any other takes the
    cells it touches in timed sessions; where there are none, a seat of the day. Of several
    day sessions it takes a seat in one: that offers its type of visit, and the first by id.

    Returns
    -------
    which, session
        int64, shape (E,): pairs, by appointment, then by start and id of the session.
    is_seat
        bool, shape (A,): it is a seat in a day session, and has no told time.
    """
    by_id = np.argsort(np.argsort(np.array(sessions.ids, object)))
    order = np.lexsort((by_id, sessions.start, sessions.role))
    key = sessions.role[order] * _ROLE_STRIDE + sessions.start[order]
    longest = int(np.max(sessions.end - sessions.start, initial=0))
    first = np.searchsorted(key, role * _ROLE_STRIDE + busy[0] - longest, side="right")
    last = np.searchsorted(key, role * _ROLE_STRIDE + busy[1], side="left")
    length = np.maximum(last - first, 0)
    which = np.repeat(np.arange(len(role)), length)
    session = order[ranges(first, length)]
    overlaps = sessions.end[session] > busy[0][which]
    which, session = which[overlaps], session[overlaps]
    is_day = sessions.is_day[session]
    is_whole = is_day & (sessions.start[session] == start[which])
    is_whole &= sessions.end[session] == end[which]
    is_seat, has_timed = (np.zeros(len(role), np.bool_) for _ in range(2))
    is_seat[which[is_whole]] = True
    has_timed[which[~is_day]] = True
    seat = np.flatnonzero(is_whole | (is_day & ~is_seat[which] & ~has_timed[which]))
    elsewhere = [
        len(types := sessions.offers.row(s)) and v not in types
        for s, v in zip(session[seat].tolist(), visit_type[which[seat]].tolist(), strict=True)
    ]
    seat = seat[np.lexsort((by_id[session[seat]], np.array(elsewhere, np.bool_), which[seat]))]
    _, first_seat = np.unique(which[seat], return_index=True)
    taken = ~is_day & ~is_seat[which]
    taken[seat[first_seat]] = True
    return which[taken], session[taken], is_seat


def cells_touched(
    sessions: Sessions, busy_start: Int, busy_end: Int, session: Int
) -> tuple[Int, Int]:
    """First cell of its session that each interval touches, and the cell after the last."""
    offset, cell = sessions.first_cell, sessions.cell_minutes[session]
    num_cells = offset[session + 1] - offset[session]
    first = np.maximum((busy_start - sessions.start[session]) // cell, 0)
    last = np.minimum(-((sessions.start[session] - busy_end) // cell), num_cells)
    last = np.maximum(first, last)
    return offset[session] + first, offset[session] + last


@dataclass(frozen=True, slots=True)
class Stays:
    """Sessions in which appointments take seats; int64, shape (E,), by appointment.

    Parameters
    ----------
    appointment, session
        Indices; one that lies across several sessions is there several times.
    first_cell, num_cells
        The cells it touches there.
    """

    appointment: Int
    session: Int
    first_cell: Int
    num_cells: Int

    @classmethod
    def of(cls, sessions: Sessions, published: Published, chosen: Int, visit_type: Int) -> Stays:
        """Where some appointments (int64 indices) take seats.

        Parameters
        ----------
        visit_type
            int64, shape of ``chosen``: index, -1 of a block.
        """
        busy = published.busy_start[chosen], published.busy_end[chosen]
        which, session, _ = sessions_touched(
            sessions,
            published.role[chosen],
            published.start[chosen],
            published.end[chosen],
            busy,
            visit_type,
        )
        first, end = cells_touched(sessions, busy[0][which], busy[1][which], session)
        return cls(chosen[which], session, first, end - first)

    def seats(self, num_cells: int) -> Int:
        """Seats that they take in every cell; int64, shape (K,)."""
        return np.bincount(ranges(self.first_cell, self.num_cells), minlength=num_cells)


def _seats_taken(sessions: Sessions, busy_start: Int, busy_end: Int, session: Int) -> Int:
    """Seats taken where the given intervals each take one in every cell they touch."""
    first, last = cells_touched(sessions, busy_start, busy_end, session)
    steps = np.zeros(len(sessions.cell_start) + 1, np.int64)
    np.add.at(steps, first, 1)
    np.add.at(steps, last, -1)
    return frozen(np.cumsum(steps)[:-1])


def sessions_taken(sessions: Sessions, chosen: Int, num_roles: int) -> tuple[Sessions, Int]:
    """Some of the sessions, by index; and which cells are theirs, int64, shape (K',)."""
    length = sessions.first_cell[chosen + 1] - sessions.first_cell[chosen]
    cell = ranges(sessions.first_cell[chosen], length)
    role = frozen(sessions.role[chosen])
    return Sessions(
        ids=tuple(sessions.ids[session] for session in chosen.tolist()),
        role=role,
        capacity=frozen(sessions.capacity[chosen]),
        start=frozen(sessions.start[chosen]),
        end=frozen(sessions.end[chosen]),
        cell_minutes=frozen(sessions.cell_minutes[chosen]),
        is_day=frozen(sessions.is_day[chosen]),
        reserved_for=frozen(sessions.reserved_for[chosen]),
        offers=sessions.offers.take(chosen),
        of_role=Ragged.grouping(role, num_roles),
        first_cell=frozen(np.concatenate([[0], np.cumsum(length)]).astype(np.int64)),
        cell_session=frozen(np.repeat(np.arange(len(chosen)), length)),
        cell_start=frozen(sessions.cell_start[cell]),
    ), cell


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
