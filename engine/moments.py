"""Moments: the times of a snapshot at which visits can begin, each once.

Thousands of cells of a region begin at a few hundred different times. What depends on the
request and the time alone is worked out once for a moment, not for every cell that begins then.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import Int
from engine.candidates import Candidates
from engine.snapshot import Snapshot

_TIMED = -1


@dataclass(frozen=True, slots=True)
class Moments:
    """Times at which cells begin, told apart by time zone; of day sessions, their stretches.

    Parameters
    ----------
    cell
        int64, shape (M,): a cell that begins then; the moments are sorted by zone, then by start.
    of_cell
        int64, shape (K,): index of the moment at which each cell begins.
    first, end
        int64, shape (S,): every cell of a session begins at one of the moments from ``first`` up
        to, not including, ``end``.
    span, of_session
        int64, shapes (2, N) and (S,): distinct pairs of the two, and which one each session has.
    """

    cell: Int
    of_cell: Int
    first: Int
    end: Int
    span: Int
    of_session: Int

    @classmethod
    def of(cls, snapshot: Snapshot) -> Moments:
        """The moments of a snapshot."""
        sessions = snapshot.sessions
        session = sessions.cell_session
        zone = snapshot.roles.zone[sessions.role[session]]
        stretch = np.where(sessions.is_day[session], sessions.end[session], _TIMED)
        order = np.lexsort((stretch, sessions.cell_start, zone))
        name = np.stack([zone, sessions.cell_start, stretch])[:, order]
        is_new = np.ones(len(order), np.bool_)
        is_new[1:] = np.any(name[:, 1:] != name[:, :-1], axis=0)
        of_cell = np.empty(len(order), np.int64)
        of_cell[order] = np.cumsum(is_new) - 1
        first, end = np.zeros((2, snapshot.num_sessions), np.int64)
        filled = np.flatnonzero(np.diff(sessions.first_cell))
        first[filled] = of_cell[sessions.first_cell[filled]]
        end[filled] = of_cell[sessions.first_cell[filled + 1] - 1] + 1
        width = len(order) + 1
        spans, of_session = np.unique(first * width + end, return_inverse=True)
        return cls(order[is_new], of_cell, first, end, np.stack(divmod(spans, width)), of_session)

    def __len__(self) -> int:
        return len(self.cell)

    def least(self, table: Int) -> Int:
        """The least of every span; int64, shape (A, N), of a table of shape (A, M)."""
        padded = np.append(table, np.full((len(table), 1), np.iinfo(np.int64).max), axis=1)
        found: Int = np.minimum.reduceat(padded, self.span.T.ravel(), axis=1)[:, ::2]
        return found

    def visits(self, snapshot: Snapshot, request: Int, minutes: Int) -> Candidates:
        """A visit of every request at every moment, request by request, wherever it may be.

        Only what rules of the grain "moment" look at means anything: request, told interval,
        day, time zone, and whether there is a told time.

        Parameters
        ----------
        request, minutes
            int64, shape (A,): whose visit it is, and how long it takes.
        """
        sessions = snapshot.sessions
        session = sessions.cell_session[self.cell]
        has_time = ~sessions.is_day[session]
        before = snapshot.visit_types.before[snapshot.requests.visit_type[request]]
        padding, kind = np.unique(before, return_inverse=True)
        told = sessions.cell_start[self.cell] + padding[:, None]
        start = np.where(has_time, told, sessions.start[session])
        day = snapshot.session_day(session, start)
        end = np.where(has_time, start[kind] + minutes[:, None], sessions.end[session])
        every = len(request)
        return Candidates(
            request=np.repeat(request, len(self)),
            role=np.tile(sessions.role[session], every),
            session=np.tile(session, every),
            first_cell=np.tile(self.cell, every),
            num_cells=np.ones(end.size, np.int64),
            start=start[kind].ravel(),
            end=end.ravel(),
            has_time=np.tile(has_time, every),
            day=day[kind].ravel(),
        )
