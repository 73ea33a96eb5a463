"""Work spread over the doctors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from engine.arrays import Int
from engine.candidates import Candidates
from engine.parameters import assumed
from engine.rows import Entries, Rows
from engine.rules import Grain, rule
from engine.snapshot import Snapshot

_MOST_SEATS = 2  # seats of an overbooked cell for each that its session offers, at most


@rule
class LoadSpread:
    """No doctor is full while another is idle, if it costs nothing above.

    A doctor's time is cut into n equal steps; each step begun costs as much as its number, so
    that the next visit goes where less is taken. Off by default.

    Formula: ``Σ_doctors Σ_{j = b+1 … e} j``, with ``e = ⌈n · used / offered⌉`` under the plan and
    b the same by appointments and blocks alone. Offered: minutes of the cells of
    timed sessions that begin within the horizon and not in the past, times the session's
    capacity. Used: minutes of those seats that are taken, and of the cells that the plan
    takes; overbooked, a doctor begins more than n steps.

    Unit: steps, the j-th counted j times. Separable by doctor, and convex: never a maximum.
    """

    name: ClassVar[str] = "load_spread"
    grain: ClassVar[Grain] = "role"
    unit: ClassVar[str] = "steps"
    level: ClassVar[str] = "load"
    is_off: ClassVar[bool] = True

    steps_per_doctor: Annotated[int, Field(ge=1, le=100)] = assumed(
        10, "a tenth of a doctor's time is a difference worth a move"
    )

    def cost(self, snapshot: Snapshot, candidates: Candidates) -> Int:
        """Nothing by itself: what counts is what is chosen together."""
        return np.zeros(len(candidates), np.int64)

    def unplaced(self, snapshot: Snapshot) -> Int:
        """Nothing."""
        return np.zeros(snapshot.num_requests, np.int64)

    def steps(self, snapshot: Snapshot, candidates: Candidates) -> tuple[Rows, Mapping[int, int]]:
        """One row per doctor with candidates: ``n · (used + Σ minutes·x) ≤ offered · Σ z``.

        z are the steps begun, those by appointments left out: as many as there can be. Key of
        a row: the doctor; of a step: doctor × number.
        """
        n, (offered, used) = self.steps_per_doctor, offered_and_used(snapshot)
        begun = -(-used * n // np.maximum(offered, 1))
        doctor = snapshot.roles.doctor[candidates.role]
        counted = np.flatnonzero(candidates.has_time)
        doctors, row = np.unique(doctor[counted], return_inverse=True)
        start, end = candidates.where(counted).busy(snapshot)
        most = _MOST_SEATS * n
        step_row = np.repeat(np.arange(len(doctors)), most)
        number = np.tile(np.arange(1, most + 1), len(doctors))
        is_left = number > begun[doctors][step_row]
        step_row, number = step_row[is_left], number[is_left]
        key = doctors[step_row] * most + number - 1
        rows = Rows(
            doctors,
            begun[doctors] * offered[doctors] - used[doctors] * n,
            Entries(row, counted, (end - start) * n),
            Entries(step_row, key, -offered[doctors][step_row]),
        )
        return rows, dict(zip(key.tolist(), number.tolist(), strict=True))


def offered_and_used(snapshot: Snapshot) -> tuple[Int, Int]:
    """Minutes that every doctor offers from now on, and those taken; int64, shape (D,)."""
    sessions = snapshot.sessions
    session = sessions.cell_session
    ahead = (sessions.cell_start >= snapshot.as_of) & ~sessions.is_day[session]
    ahead &= (sessions.cell_start >= 0) & (sessions.cell_start < snapshot.horizon_end)
    cells = np.flatnonzero(ahead)
    minutes, seats = sessions.cell_minutes[session[cells]], sessions.capacity[session[cells]]
    doctor = snapshot.roles.doctor[sessions.role[session[cells]]]
    offered, used = (np.zeros(len(snapshot.doctors.ids), np.int64) for _ in range(2))
    np.add.at(offered, doctor, minutes * seats)
    np.add.at(used, doctor, minutes * np.minimum(snapshot.used[cells], seats))
    return offered, used
