"""Candidates: eligible pairs of a request and a place, as a struct of arrays."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from engine.arrays import NONE, Bool, Int, ranges
from engine.snapshot import Snapshot
from engine.time_grid import MINUTES_PER_DAY, minute_of_week


@dataclass(frozen=True, slots=True)
class Candidates:
    """Places that requests could take; arrays of shape (C,), by request, then by cell.

    Parameters
    ----------
    request, role, session
        int64 indices.
    first_cell, num_cells
        int64: the cells covered, ``first_cell`` and those after it.
    start, end
        int64, minutes: the told interval; of a day session, the session's.
    has_time
        bool: there is a told time (false in a day session).
    day
        int64: local day of the start at the place, days since 1970-01-01.
    """

    request: Int
    role: Int
    session: Int
    first_cell: Int
    num_cells: Int
    start: Int
    end: Int
    has_time: Bool
    day: Int

    def __len__(self) -> int:
        return len(self.request)

    @classmethod
    def at(
        cls,
        snapshot: Snapshot,
        request: Int,
        first_cell: Int,
        num_cells: Int,
        minutes: Int | None = None,
    ) -> Candidates:
        """Candidates that begin at the given cells; nothing is judged.

        Parameters
        ----------
        minutes
            int64: length of each visit, if it is known already.
        """
        sessions = snapshot.sessions
        session = sessions.cell_session[first_cell]
        role = sessions.role[session]
        has_time = ~sessions.is_day[session]
        before = snapshot.visit_types.before[snapshot.requests.visit_type[request]]
        told = sessions.cell_start[first_cell] + before
        start = np.where(has_time, told, sessions.start[session])
        length = snapshot.visit_minutes(request, role) if minutes is None else minutes
        end = np.where(has_time, told + length, sessions.end[session])
        day = snapshot.session_day(session, start)
        return cls(request, role, session, first_cell, num_cells, start, end, has_time, day)

    @classmethod
    def told(cls, snapshot: Snapshot, request: Int) -> Candidates:
        """What was told to some requests, as visits without a session and without cells."""
        told, blank = snapshot.told, np.zeros(len(request), np.int64)
        role, start = told.role[request], told.start[request]
        day = snapshot.grid.day(snapshot.roles.zone[role], start)
        return cls(
            request,
            role,
            blank + NONE,
            blank,
            blank,
            start,
            told.end[request],
            told.has_time[request],
            day,
        )

    @classmethod
    def none(cls) -> Candidates:
        """No candidates."""
        blank = np.zeros(0, np.int64)
        return cls(*(blank,) * 7, blank.astype(np.bool_), blank)

    @classmethod
    def joined(cls, parts: list[Candidates]) -> Candidates:
        """One after the other."""
        return cls(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(cls)))

    def where(self, chosen: Bool | Int) -> Candidates:
        """The chosen ones, by mask or by index."""
        return Candidates(*(getattr(self, f.name)[chosen] for f in fields(self)))

    def busy(self, snapshot: Snapshot) -> tuple[Int, Int]:
        """Start and end, in minutes, of the stretch of cells covered; of a place that was told, of
        its own minutes, which need not begin or end with a cell.
        """
        sessions, told = snapshot.sessions, snapshot.told
        start = sessions.cell_start[self.first_cell]
        end = start + self.num_cells * sessions.cell_minutes[self.session]
        is_kept = (told.first_cell[self.request] == self.first_cell) & self.has_time
        kept = np.flatnonzero(is_kept)
        start[kept], end[kept] = snapshot.busy_told(self.request[kept])
        return start, end

    def cells(self) -> tuple[Int, Int]:
        """Every pair (index of a candidate, cell it covers)."""
        index = np.repeat(np.arange(len(self)), self.num_cells)
        return index, ranges(self.first_cell, self.num_cells)

    def zone(self, snapshot: Snapshot) -> Int:
        """Zone index of the clock at the place."""
        return snapshot.roles.zone[self.role]

    def suit_times(self, snapshot: Snapshot) -> Bool:
        """Whether each lies in its request's weekly times; bool, shape (C,).

        A visit lies in their union on the clock at the place, minute by minute; a day session
        suits if any stretch falls on its weekday. Where no times are given, everything suits.
        """
        suits = np.ones(len(self), np.bool_)
        picky = np.flatnonzero(~snapshot.wishes.times.is_empty[self.request])
        grid, zone, end = snapshot.grid, self.zone(snapshot)[picky], self.end[picky]
        change = np.minimum(grid.next_change(zone, self.start[picky]), end)
        suits[picky] = self._suit_stretch(snapshot, picky, self.start[picky], change)
        is_split = self.has_time[picky] & (change < end)  # the clock is set meanwhile
        split = picky[is_split]
        suits[split] &= self._suit_stretch(snapshot, split, change[is_split], self.end[split])
        return suits

    def _suit_stretch(self, snapshot: Snapshot, which: Int, begin: Int, end: Int) -> Bool:
        """Whether a stretch of some candidates, in which no clock is set, lies in the times that
        their requests give.
        """
        times, has_time, request = snapshot.wishes.times, self.has_time[which], self.request[which]
        length = end - begin
        start = minute_of_week(snapshot.grid.wall(self.zone(snapshot)[which], begin))
        midnight = start - start % MINUTES_PER_DAY
        begins = np.where(has_time, start, midnight + MINUTES_PER_DAY - 1)  # by then, and
        ends = np.where(has_time, start + length, midnight + 1)  # not before
        first, after = times.offset[request], times.offset[request + 1]
        suits, left = np.zeros(len(which), np.bool_), np.flatnonzero(first < after)
        while len(left):  # one stretch of everybody at a time
            edge = first[left]
            suits[left] |= (times.value[edge] <= begins[left]) & (
                ends[left] <= times.value[edge + 1]
            )
            first[left] += 2
            left = left[first[left] < after[left]]
        return suits
