"""What is free in a whole region, kept while appointments come and go.

Nothing here is cut out for a request: it is made once, and a change touches the sessions of one
role. ``Supply`` answers what ``Openings`` does, and more slowly where it is asked for everything.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from engine.arrays import Bool, Int, ranges
from engine.moments import Moments
from engine.rules import Keyed, SelectiveWhoever
from engine.seats import Seats, run_until
from engine.snapshot import Snapshot

_MOST_KEYS = 1_000
_EVER = -(1 << 40)
"""A minute before everything."""


class Supply:
    """Seats that are left in every cell, and where visits could begin.

    Parameters
    ----------
    snapshot
        The whole; of its ``used`` it is told when that changes (``renew``).
    seats
        How many visits cells take.
    whoever
        Rules that suspect the same sessions whoever asks.

    Attributes
    ----------
    moments
        Times at which cells begin.
    room
        int64, shape (K,): seats that are left.
    is_suspect
        bool, shape (S,): sessions that one of these rules suspects.
    """

    def __init__(
        self, snapshot: Snapshot, seats: Seats, whoever: Sequence[SelectiveWhoever] = ()
    ) -> None:
        sessions = snapshot.sessions
        self.moments = Moments.of(snapshot)
        self._sessions = sessions
        self._horizon_end = snapshot.horizon_end
        self._seats: Int = seats.per_cell(snapshot)
        self.room: Int = np.maximum(self._seats - snapshot.used, 0)
        self._run = run_until(self.room, sessions.first_cell[sessions.cell_session + 1])
        self._has_room = np.zeros(len(sessions.ids), np.bool_)
        self._has_room[sessions.cell_session[self._run > 0]] = True
        self._counts: dict[int, Int] = {}
        self._admitted: dict[tuple[str, Hashable], Bool] = {}
        self._whoever = whoever
        self.pass_time(snapshot)
        for length in _usual_lengths(snapshot):
            self._counts[length] = self._counted(np.arange(len(sessions.ids)), length)

    def renew(self, snapshot: Snapshot, role: int) -> None:
        """Look again at the sessions of a role, in which ``used`` may have changed."""
        sessions = self._sessions
        some = sessions.of_role.row(role)
        if not len(some):
            return
        first, end = sessions.first_cell[some], sessions.first_cell[some + 1]
        cell, last = ranges(first, end - first), np.repeat(end, end - first)
        self.room[cell] = np.maximum(self._seats[cell] - snapshot.used[cell], 0)
        # cells of sessions need not follow each other: their places among these do
        self._run[cell] = run_until(self.room[cell], last - cell + np.arange(len(cell)))
        place = np.repeat(np.arange(len(some)), end - first)
        self._has_room[some] = np.bincount(place[self._run[cell] > 0], minlength=len(some)) > 0
        self._is_open[some] = self._has_room[some] & self._is_ahead[some]
        for length, count in self._counts.items():
            count[some] = self._counted(some, length)

    def admitted(self, rule: Keyed, snapshot: Snapshot, request: int) -> Bool:
        """Roles, or sessions, by its grain, that a rule admits for one request of a snapshot;
        bool, shape (Q,) or (S,).
        """
        key = rule.name, rule.key(snapshot, request)
        if key not in self._admitted:
            if len(self._admitted) >= _MOST_KEYS:
                self._admitted.clear()
            size = snapshot.num_roles if rule.grain == "role" else snapshot.num_sessions
            every = np.arange(size)
            self._admitted[key] = rule.admits(snapshot, np.full(len(every), request), every)
        return self._admitted[key]

    def learn(self, rules: Sequence[Keyed], snapshot: Snapshot) -> None:
        """Find out beforehand what rules admit for the requests of a snapshot."""
        for rule in rules:
            for request in range(snapshot.num_requests):
                self.admitted(rule, snapshot, request)

    def of_roles(self, roles: Int, among: Bool | None = None) -> tuple[Int, Int]:
        """Positions in ``roles``, and their sessions in which any cell has room; int64.

        Parameters
        ----------
        among
            bool, shape (S,): these alone.
        """
        place, session = self._sessions.of_role.expand(roles)
        chosen = self._is_open if among is None else self._is_open & among
        some = np.flatnonzero(chosen.take(session))
        return place.take(some), session.take(some)

    def pass_time(self, snapshot: Snapshot) -> None:
        """Hear that ``as_of`` is another."""
        self.as_of = snapshot.as_of
        ahead = self._sessions.end > self.as_of
        self._is_open = ahead & self._has_room
        self._is_ahead = ahead
        self._begun = self._sessions.start < self.as_of
        self._any_begun = bool(self._begun.any())
        self.is_suspect = np.zeros(len(ahead), np.bool_)
        every = np.arange(len(ahead))
        for rule in self._whoever:
            self.is_suspect |= rule.suspects(snapshot)(np.zeros(len(ahead), np.int64), every)

    def of(self, session: Int, num_cells: Int) -> tuple[Int, Int]:
        """As ``Openings.of``."""
        return self._starts(session, num_cells, self.as_of)

    def _starts(self, session: Int, num_cells: Int, as_of: int) -> tuple[Int, Int]:
        sessions = self._sessions
        first = sessions.first_cell[session]
        count = sessions.first_cell[session + 1] - first
        place, cell = np.repeat(np.arange(len(session)), count), ranges(first, count)
        fits = np.flatnonzero(self._run[cell] >= num_cells[place])
        place, cell = place[fits], cell[fits]
        start = sessions.cell_start[cell]
        length = (num_cells * sessions.cell_minutes[session])[place]
        moment = np.where(sessions.is_day[session][place], start + length - 1, start)
        within = (start >= 0) & (start + length <= self._horizon_end) & (moment >= as_of)
        return place[within], cell[within]

    def count(self, session: Int, num_cells: Int) -> Int:
        """As ``Openings.count``."""
        found = np.zeros(len(session), np.int64)
        lengths = np.flatnonzero(np.bincount(num_cells)).tolist()
        for length in lengths:
            if length not in self._counts:
                self._counts[length] = self._counted(np.arange(len(self._has_room)), length)
            if len(lengths) == 1:
                found = self._counts[length].take(session)
                continue
            some = np.flatnonzero(num_cells == length)
            found[some] = self._counts[length].take(session.take(some))
        begun = np.flatnonzero(self._begun.take(session)) if self._any_begun else ()
        if len(begun):
            place, _ = self.of(session[begun], num_cells[begun])
            found[begun] = np.bincount(place, minlength=len(begun))
        return found

    def _counted(self, session: Int, length: int) -> Int:
        """Starts of visits of one length in some sessions, as if none had begun."""
        place, _ = self._starts(session, np.full(len(session), length), _EVER)
        return np.bincount(place, minlength=len(session))


def _usual_lengths(snapshot: Snapshot) -> list[int]:
    """How many cells visits take, as their types say, in cells of any session."""
    types, sessions = snapshot.visit_types, snapshot.sessions
    minutes = np.concatenate([types.minutes, types.minutes_new])
    minutes = minutes + np.tile(types.before + types.after, 2)
    cells = np.unique(sessions.cell_minutes[~sessions.is_day])
    return np.unique(-(-minutes[:, None] // cells)).tolist()
