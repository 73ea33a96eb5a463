"""Openings: where in a session enough cells in a row have room."""

from __future__ import annotations

import threading

import numpy as np

from engine.arrays import Int, Ragged
from engine.seats import free_run
from engine.snapshot import Snapshot


class Openings:
    """Cells at which a visit of so many cells could begin, session by session.

    It lies within the horizon, and what it occupies does not begin in the past; a day session
    that has begun is open until it ends. Whose visit it is decides nothing here.

    Parameters
    ----------
    room
        int64, shape (K,): seats that are left in every cell.
    """

    def __init__(self, snapshot: Snapshot, room: Int) -> None:
        self._snapshot = snapshot
        self._run = free_run(snapshot, room)
        self._row_of_length: dict[int, int] = {}
        self._starts = Ragged(np.zeros(1, np.int64), np.zeros(0, np.int64))
        self._lock = threading.Lock()

    def of(self, session: Int, num_cells: Int) -> tuple[Int, Int]:
        """Every start in every session, for a visit of ``num_cells`` there.

        Returns
        -------
        place, cell
            int64: position in ``session``, and the first cell; by position, then by cell.
        """
        row = self._rows(session, num_cells)
        return self._starts.expand(row)

    def count(self, session: Int, num_cells: Int) -> Int:
        """Number of starts in every session, int64, the shape of ``session``."""
        row = self._rows(session, num_cells)
        return self._starts.offset[row + 1] - self._starts.offset[row]

    def _rows(self, session: Int, num_cells: Int) -> Int:
        lengths = np.flatnonzero(np.bincount(num_cells))
        with self._lock:
            for length in lengths.tolist():
                if length not in self._row_of_length:
                    self._add(length)
        first_row = np.zeros(int(np.max(lengths, initial=0)) + 1, np.int64)
        first_row[lengths] = [self._row_of_length[length] for length in lengths.tolist()]
        rows: Int = first_row[num_cells] + session
        return rows

    def _add(self, length: int) -> None:
        """Find the starts of visits of one length."""
        snapshot, sessions = self._snapshot, self._snapshot.sessions
        cell = np.flatnonzero(self._run >= length)
        session = sessions.cell_session[cell]
        start = sessions.cell_start[cell]
        end = start + length * sessions.cell_minutes[session]
        moment = np.where(sessions.is_day[session], end - 1, start)
        within = (start >= 0) & (end <= snapshot.horizon_end) & (moment >= snapshot.as_of)
        count = np.bincount(session[within], minlength=snapshot.num_sessions)
        before = self._starts
        self._row_of_length[length] = len(before.offset) - 1
        self._starts = Ragged(
            np.concatenate([before.offset, before.offset[-1] + np.cumsum(count)]),
            np.concatenate([before.value, cell[within]]),
        )
