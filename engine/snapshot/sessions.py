"""Sessions and their cells as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.arrays import NONE, Bool, Int, Ragged, frozen, ints, ranges
from engine.domain import Session
from engine.snapshot.index import Index, at
from engine.time_grid import TimeGrid


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

    def alike(self, session: int) -> set[str]:
        """Ids of a session (index), and of the day sessions that nothing tells apart from it: of
        one role, at one time, for the same visits and classes.
        """
        if not self.is_day[session]:
            return {self.ids[session]}
        some = self.of_role.row(int(self.role[session]))
        for column in (self.is_day, self.start, self.end, self.reserved_for):
            some = some[column[some] == column[session]]
        types = set(self.offers.row(session).tolist())
        return {self.ids[row] for row in some.tolist() if set(self.offers.row(row)) == types}


def take_sessions(rows: Sequence[Session], index: Index, grid: TimeGrid) -> Sessions:
    """Arrays of some sessions."""
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


def sessions_joined(first: Sessions, second: Sessions, num_roles: int) -> Sessions:
    """All sessions of the one, then those of the other."""

    def both(mine: Int, theirs: Int) -> Int:
        return frozen(np.concatenate([mine, theirs]))

    role = both(first.role, second.role)
    return Sessions(
        ids=(*first.ids, *second.ids),
        role=role,
        capacity=both(first.capacity, second.capacity),
        start=both(first.start, second.start),
        end=both(first.end, second.end),
        cell_minutes=both(first.cell_minutes, second.cell_minutes),
        is_day=frozen(np.concatenate([first.is_day, second.is_day])),
        reserved_for=both(first.reserved_for, second.reserved_for),
        offers=first.offers.joined(second.offers),
        of_role=Ragged.grouping(role, num_roles),
        first_cell=both(first.first_cell, first.first_cell[-1] + second.first_cell[1:]),
        cell_session=both(first.cell_session, len(first.ids) + second.cell_session),
        cell_start=both(first.cell_start, second.cell_start),
    )


def sessions_taken(
    sessions: Sessions, chosen: Int, num_roles: int, role: Int | None = None
) -> tuple[Sessions, Int]:
    """Some of the sessions, by index; and which cells are theirs, int64, shape (K',).

    Parameters
    ----------
    role
        int64, shape of ``chosen``: their roles, where these have other numbers now.
    """
    length = sessions.first_cell[chosen + 1] - sessions.first_cell[chosen]
    cell = ranges(sessions.first_cell[chosen], length)
    role = frozen(sessions.role[chosen] if role is None else role)
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
