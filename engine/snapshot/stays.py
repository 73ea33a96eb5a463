"""Where appointments take seats: the sessions they lie in, and the cells they touch there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import NONE, Bool, Int, frozen, ranges
from engine.snapshot.sessions import Sessions

if TYPE_CHECKING:
    from engine.snapshot.published import Published

_ROLE_STRIDE = 1 << 40  # more minutes than any dataset spans


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
        which, session, is_seat = sessions_touched(
            sessions,
            published.role[chosen],
            published.start[chosen],
            published.end[chosen],
            busy,
            visit_type,
        )
        home = published.session[chosen]
        session = np.where((is_seat & (home != NONE))[which], home[which], session)
        first, end = cells_touched(sessions, busy[0][which], busy[1][which], session)
        return cls(chosen[which], session, first, end - first)

    def seats(self, num_cells: int) -> Int:
        """Seats that they take in every cell; int64, shape (K,)."""
        return np.bincount(ranges(self.first_cell, self.num_cells), minlength=num_cells)


def sessions_touched(
    sessions: Sessions, role: Int, start: Int, end: Int, busy: tuple[Int, Int], visit_type: Int
) -> tuple[Int, Int, Bool]:
    """Sessions of its role in which each appointment takes seats.

    A seat in a day session is an appointment as long as that session. Any other takes the
    cells it touches in timed sessions; where there are none, a seat of the day. Of several
    day sessions it takes a seat in one: that offers its type of visit, and the first by id;
    where nothing tells them apart, ``Stays`` says which, since that depends on all seats.

    Returns
    -------
    which, session
        int64, shape (E,): pairs, by appointment, then by start and id of the session.
    is_seat
        bool, shape (A,): it is a seat in a day session, and has no told time.
    """
    by_id = np.argsort(np.argsort(np.array(sessions.ids, object)))
    which, session = _overlapping(sessions, role, busy, by_id)
    is_day = sessions.is_day[session]
    is_whole = is_day & (sessions.start[session] == start[which])
    is_whole &= sessions.end[session] == end[which]
    is_seat, has_timed = (np.zeros(len(role), np.bool_) for _ in range(2))
    is_seat[which[is_whole]] = True
    has_timed[which[~is_day]] = True
    seat = np.flatnonzero(is_whole | (is_day & ~is_seat[which] & ~has_timed[which]))
    elsewhere = _offers_others(sessions, session[seat], visit_type[which[seat]])
    seat = seat[np.lexsort((by_id[session[seat]], elsewhere, which[seat]))]
    _, first_seat = np.unique(which[seat], return_index=True)
    taken = ~is_day & ~is_seat[which]
    taken[seat[first_seat]] = True
    return which[taken], session[taken], is_seat


def _overlapping(
    sessions: Sessions, role: Int, busy: tuple[Int, Int], by_id: Int
) -> tuple[Int, Int]:
    """Pairs of appointments and sessions of their role that overlap; int64, shape (E,), by
    appointment, then by start of the session and its place ``by_id``.
    """
    order = np.lexsort((by_id, sessions.start, sessions.role))
    key = sessions.role[order] * _ROLE_STRIDE + sessions.start[order]
    longest = int(np.max(sessions.end - sessions.start, initial=0))
    first = np.searchsorted(key, role * _ROLE_STRIDE + busy[0] - longest, side="right")
    last = np.searchsorted(key, role * _ROLE_STRIDE + busy[1], side="left")
    length = np.maximum(last - first, 0)
    which = np.repeat(np.arange(len(role)), length)
    session = order[ranges(first, length)]
    overlaps = sessions.end[session] > busy[0][which]
    return which[overlaps], session[overlaps]


def _offers_others(sessions: Sessions, session: Int, visit_type: Int) -> Bool:
    """Whether a session offers types of visit, and none of them is the one in question."""
    return np.array(
        [
            len(types := sessions.offers.row(s)) and v not in types
            for s, v in zip(session.tolist(), visit_type.tolist(), strict=True)
        ],
        np.bool_,
    )


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


def seats_taken(sessions: Sessions, busy_start: Int, busy_end: Int, session: Int) -> Int:
    """Seats taken where the given intervals each take one in every cell they touch."""
    first, last = cells_touched(sessions, busy_start, busy_end, session)
    steps = np.zeros(len(sessions.cell_start) + 1, np.int64)
    np.add.at(steps, first, 1)
    np.add.at(steps, last, -1)
    return frozen(np.cumsum(steps)[:-1])
