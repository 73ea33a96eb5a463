"""How much of the doctors' time is used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.arrays import NONE, Bool, Float, Int
from engine.result import Result
from engine.snapshot import Snapshot, stays_of
from engine.time_grid import day_of
from engine.verify.violation import Visits
from scenarios.measures.after_plan import after_plan
from scenarios.measures.row import Row


def utilisation(result: Result) -> Row:
    """Share of the seats which appointments left free that the plan fills.

    Formula: ``Σ cells of the visits placed / Σ free seats of cells``, in timed sessions. Unit:
    share. Source: utilisation, a measure of the field.
    """
    sessions, seats = result.snapshot.sessions, result.policy.seats
    visits = Visits.of(result.snapshot, result.plan)
    is_timed = ~sessions.is_day[sessions.cell_session]
    room = int(seats.room(result.snapshot)[is_timed].sum())
    timed = visits.has_time
    cell = sessions.cell_minutes[visits.session[timed]]
    filled = int(((visits.busy_end - visits.busy_start)[timed] // cell).sum())
    return Row.of("utilisation", None, filled / room if room else None, room)


@dataclass(frozen=True, slots=True)
class Utilisation:
    """Use of every doctor's time, day by day, once a plan is carried out.

    Formula: ``Σ minutes of cells × seats taken / Σ minutes of cells × seats``, in timed sessions
    within the horizon; seats that blocks take are not there. Taken is what appointments and the
    plan hold; above 1 where more is promised than there are seats. Unit: share. Source:
    utilisation, a measure of the field.

    Parameters
    ----------
    doctors
        Ids of the doctors and services who have timed sessions.
    days
        Local days at the place of the visit, one after the other.
    taken, offered
        int64, shape (doctors, days): minutes.
    """

    doctors: tuple[str, ...]
    days: tuple[date, ...]
    taken: Int
    offered: Int

    @classmethod
    def of(cls, result: Result) -> Utilisation:
        """That of the plan of a match."""
        snapshot = after_plan(result)
        sessions = snapshot.sessions
        cell = np.flatnonzero(_is_within(snapshot))
        session = sessions.cell_session[cell]
        doctors, row = np.unique(snapshot.roles.doctor[sessions.role[session]], return_inverse=True)
        day = snapshot.session_day(session, sessions.cell_start[cell])
        first, last = (int(day.min()), int(day.max())) if len(day) else (0, -1)
        days = tuple(day_of(number) for number in range(first, last + 1))
        blocked = _blocked(snapshot)[cell]
        minutes = sessions.cell_minutes[session]
        seats = result.policy.seats.per_cell(snapshot)[cell]

        def table(amount: Int) -> Int:
            found = np.zeros((len(doctors), len(days)), np.int64)
            np.add.at(found, (row, day - first), minutes * amount)
            return found

        return cls(
            doctors=tuple(snapshot.doctors.ids[index] for index in doctors.tolist()),
            days=days,
            taken=table(snapshot.used[cell] - blocked),
            offered=table(np.maximum(seats - blocked, 0)),
        )

    @property
    def share(self) -> Float:
        """float64, shape (doctors, days); NaN: no time was offered."""
        return _ratio(self.taken, self.offered)

    def of_doctors(self) -> tuple[Row, ...]:
        """The same of each doctor over all days; stated for days on which there is time."""
        share = _ratio(self.taken.sum(axis=1), self.offered.sum(axis=1))
        return tuple(
            Row.of("time_used", f"doctor={name}", None if np.isnan(value) else float(value), number)
            for name, value, number in zip(
                self.doctors, share, (self.offered > 0).sum(axis=1).tolist(), strict=True
            )
        )


def _is_within(snapshot: Snapshot) -> Bool:
    """Cells of timed sessions within the horizon; bool, shape (K,)."""
    sessions, session = snapshot.sessions, snapshot.sessions.cell_session
    end = sessions.cell_start + sessions.cell_minutes[session]
    found: Bool = ~sessions.is_day[session] & (sessions.cell_start >= 0)
    return found & (end <= snapshot.horizon_end)


def _blocked(snapshot: Snapshot) -> Int:
    """Seats of every cell that blocks take; int64, shape (K,)."""
    blocks = np.flatnonzero(snapshot.published.request == NONE)
    return stays_of(snapshot, blocks).seats(len(snapshot.used))


def _ratio(taken: Int, offered: Int) -> Float:
    share = np.full(offered.shape, np.nan)
    np.divide(taken, offered, out=share, where=offered > 0)
    return share
