"""Third next available appointment: how long who calls now has to wait for one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from engine.arrays import NONE, Bool, Float, Int, meets
from engine.eligibility.reserved_cells import ReservedCells
from engine.eligibility.visit_type import VisitType
from engine.result import Result
from engine.seats import free_run
from engine.snapshot import Snapshot
from engine.specialties import covers_table
from engine.time_grid import MINUTES_PER_DAY
from scenarios.measures.after_plan import after_plan
from scenarios.measures.row import Row

THIRD = 3
"""The first two may be free by chance, as after a cancellation."""

_NEVER = 1 << 40  # minutes; more than any visit takes


@dataclass(frozen=True, slots=True)
class ThirdNext:
    """Visits that could still be booked after a plan, and what they say of access.

    Formula: of a doctor, ``(start of the third − as_of) / 1440 min``, at least 0, where free
    time is filled from its beginning with the shortest visit that the session offers to who is
    known, each seat apart; of several doctors, the median. A doctor with time to come in the
    horizon, but fewer than three visits left in it, counts as later than all others: the third
    is behind the end of the horizon, and nobody knows how far. Where the median is among these it
    has no value, and is stated to be more than the median with the end of the horizon in their
    place (as survival times are that outlast a study: censored). Cells that
    are kept for the urgent and not yet released are not free; notice, daily caps and rooms are
    not looked at, and sessions of one doctor that overlap are looked at one by one.

    Unit: days. Source: third next available appointment, the standard measure of access.

    Parameters
    ----------
    snapshot
        With what the plan placed.
    role, start
        int64, shape (E,): visits that could be booked; index, and minutes.
    has_time
        bool, shape (Q,): roles with time to come in the horizon, free or not.
    """

    snapshot: Snapshot
    role: Int
    start: Int
    has_time: Bool

    @classmethod
    def of(cls, result: Result) -> ThirdNext:
        """What is left after the plan of a match."""
        snapshot = after_plan(result)
        sessions, session = snapshot.sessions, snapshot.sessions.cell_session
        needed = _cells_needed(snapshot)
        is_ahead = _is_ahead(snapshot) & (needed > 0)[session]
        has_time = np.zeros(snapshot.num_roles, np.bool_)
        has_time[sessions.role[session[is_ahead]]] = True
        room = result.policy.seats.room(snapshot) * is_ahead
        room[~_is_released(result)] = 0
        layers = [_starts(snapshot, room, needed, seat) for seat in range(THIRD)]
        cell = np.concatenate(layers)
        return cls(snapshot, sessions.role[session[cell]], sessions.cell_start[cell], has_time)

    def days(self, roles: Bool | None = None) -> Float:
        """Days until the third next available appointment of every doctor and service.

        Parameters
        ----------
        roles
            bool, shape (Q,): in which roles; ``None``: in all.

        Returns
        -------
        float64, shape (D,)
            Infinite: there is none in the horizon; NaN: no time to come at all.
        """
        doctor = self.snapshot.roles.doctor
        chosen = np.ones(len(doctor), np.bool_) if roles is None else roles
        found = np.full(len(self.snapshot.doctors.ids), np.nan)
        found[doctor[chosen & self.has_time]] = np.inf
        free = np.flatnonzero(chosen[self.role])
        order = free[np.lexsort((self.start[free], doctor[self.role[free]]))]
        owner = doctor[self.role[order]]
        third = np.flatnonzero(owner[THIRD - 1 :] == owner[: len(owner) - THIRD + 1])
        third = third[np.unique(owner[third], return_index=True)[1]]
        waited = self.start[order[third + THIRD - 1]] - self.snapshot.as_of
        found[owner[third]] = np.maximum(waited, 0) / MINUTES_PER_DAY
        return found

    def row(self, group: str | None = None, roles: Bool | None = None) -> Row:
        """The median over the doctors who have time to come, as a row."""
        return self._row(group, self.days(roles))

    def _row(self, group: str | None, days: Float) -> Row:
        """The median of some doctors' days; of those who have none, nothing is said."""
        known = days[~np.isnan(days)]
        if not len(known):
            return Row.of("third_next_available", group, None, 0)
        median = float(np.median(known))
        if np.isfinite(median):
            return Row.of("third_next_available", group, median, len(known))
        snapshot = self.snapshot
        end = max(0.0, (snapshot.horizon_end - snapshot.as_of) / MINUTES_PER_DAY)
        beyond = float(np.median(np.minimum(known, end)))
        return Row.of("third_next_available", group, None, len(known), beyond)

    def of_specialties(self, codes: Iterable[str]) -> tuple[Row, ...]:
        """The same of those who practise each specialty, or one below it."""
        asked, held = list(codes), list(self.snapshot.index.codes)
        practises = self.snapshot.roles.codes.mask(len(held))
        serves = meets(covers_table(asked, held), practises)
        return tuple(
            self.row(f"specialty={code}", roles) for code, roles in zip(asked, serves, strict=True)
        )

    def of_doctors(self) -> tuple[Row, ...]:
        """The same of each doctor who has time to come."""
        days = self.days()
        return tuple(
            self._row(f"doctor={self.snapshot.doctors.ids[index]}", days[index : index + 1])
            for index in np.flatnonzero(~np.isnan(days)).tolist()
        )


def _cells_needed(snapshot: Snapshot) -> Int:
    """Cells that the shortest visit takes in every session; 0: it offers none; shape (S,)."""
    types, roles, sessions = snapshot.visit_types, snapshot.roles, snapshot.sessions
    role, kind = np.arange(snapshot.num_roles)[:, None], np.arange(len(types.ids))[None, :]
    own = roles.minutes.get(role, kind, NONE)
    minutes = types.before + np.where(own == NONE, types.minutes, own) + types.after
    fits = (types.modality == NONE) | (types.modality == snapshot.modality(role))
    offered = VisitType().offered(snapshot) & fits[sessions.role]
    shortest = np.min(np.where(offered, minutes[sessions.role], _NEVER), axis=1, initial=_NEVER)
    cells = np.where(sessions.is_day, 1, -(-shortest // sessions.cell_minutes))
    return np.where(shortest == _NEVER, 0, cells)


def _is_ahead(snapshot: Snapshot) -> Bool:
    """Cells within the horizon that have not begun; of a day session, not ended; shape (K,)."""
    sessions, session = snapshot.sessions, snapshot.sessions.cell_session
    start = sessions.cell_start
    end = start + sessions.cell_minutes[session]
    moment = np.where(sessions.is_day[session], end - 1, start)
    found: Bool = (start >= 0) & (end <= snapshot.horizon_end) & (moment >= snapshot.as_of)
    return found


def _is_released(result: Result) -> Bool:
    """Cells that are open to everybody by the rule ``reserved_cells``; bool, shape (K,)."""
    snapshot, sessions = result.snapshot, result.snapshot.sessions
    rules = [rule for rule in result.policy.rules if isinstance(rule, ReservedCells)]
    is_open = (sessions.reserved_for == NONE)[sessions.cell_session]
    now = snapshot.grid.minutes(snapshot.as_of_instant)
    for rule in rules:
        is_open |= sessions.cell_start - now <= rule.release_minutes
    return is_open if rules else np.ones_like(is_open)


def _starts(snapshot: Snapshot, room: Int, needed: Int, seat: int) -> Int:
    """Cells at which visits begin that fill the free time of one seat, one after the other."""
    sessions = snapshot.sessions
    session, here = sessions.cell_session, np.arange(len(room))
    is_free = room > seat
    blocked = np.maximum.accumulate(np.where(is_free, NONE, here))
    begin = np.maximum(blocked + 1, sessions.first_cell[session])
    length = np.maximum(needed[session], 1)
    is_turn = (here - begin) % length == 0
    fits = free_run(snapshot, is_free.astype(np.int64)) >= length
    return np.flatnonzero(is_free & is_turn & fits)
