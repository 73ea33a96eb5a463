"""The cells of sessions: the slots they become, and those that an appointment takes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.arrays import Int
from engine.interchange.unique_id import unique_id
from engine.snapshot import Snapshot

_ROLE_STRIDE = 1 << 40  # more minutes than any dataset spans


class Cells:
    """The cells of a snapshot.

    Parameters
    ----------
    snapshot
        Frozen arrays; appointments take seats by its rules.

    Attributes
    ----------
    names
        Of every cell: the session's id, with a number behind it where the session has several.
    end
        int64, shape (K,): minutes.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        sessions = snapshot.sessions
        self._snapshot = snapshot
        self.end = sessions.cell_start + sessions.cell_minutes[sessions.cell_session]
        self.names = tuple(self._named())
        role = sessions.role[sessions.cell_session]
        key = role * _ROLE_STRIDE + sessions.cell_start
        self._order = np.argsort(key, kind="stable")
        self._key = key[self._order]
        self._longest = int(np.max(self.end - sessions.cell_start, initial=0))
        published = snapshot.published
        self._published = {name: index for index, name in enumerate(published.ids)}

    def taken_by(self, appointment_id: str) -> Int:
        """Cells that an appointment takes; none where it counts for nothing, int64."""
        sessions, published = self._snapshot.sessions, self._snapshot.published
        index = self._published.get(appointment_id)
        if index is None or published.session[index] < 0:
            return np.zeros(0, np.int64)
        home = published.session[index]
        if sessions.is_day[home]:
            return sessions.first_cell[home : home + 1]
        start, end = published.busy_start[index], published.busy_end[index]
        base = published.role[index] * _ROLE_STRIDE
        first = np.searchsorted(self._key, base + start - self._longest)
        last = np.searchsorted(self._key, base + end)
        near = self._order[first:last]
        is_day = sessions.is_day[sessions.cell_session[near]]
        return near[(self.end[near] > start) & ~is_day]

    def _named(self) -> Iterator[str]:
        sessions = self._snapshot.sessions
        taken: set[str] = set()
        for cell, session in enumerate(sessions.cell_session.tolist()):
            first, after = sessions.first_cell[session : session + 2].tolist()
            name = sessions.ids[session]
            is_only = after - first == 1
            yield unique_id(name if is_only else f"{name}.{cell - first + 1}", taken)
