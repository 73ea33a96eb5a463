"""The desk: who asks is given, at once, the earliest place that there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from engine.alone import holds_alone
from engine.arrays import Int, Ragged, ints, ranges
from engine.candidates import Candidates
from engine.domain import Appointment, Dataset
from engine.eligible import Sieve, candidates_by_chunk
from engine.errors import VerificationError
from engine.policy import Policy
from engine.seats import free_run
from engine.snapshot import Snapshot, take_snapshot, with_appointments, without_appointments
from engine.verify.judge import violations_before
from engine.verify.violation import Violation

SOURCE = "desk"
"""Where such an appointment says that it came from."""

_PLACES_AT_FIRST = 32
_GROWTH = 4  # when the first have not been enough


class Desk:
    """Gives places one by one, by the rules that a match goes by.

    It is as ``engine.find`` with the earliest place as the best; but it keeps its arrays while
    places are taken and given back, and looks at one session after the other until it has found
    one, so that thousands may ask.

    Parameters
    ----------
    dataset
        Of the day that begins, with the requests that are going to ask.
    policy
        Whose rules hold.
    """

    def __init__(self, dataset: Dataset, policy: Policy) -> None:
        self._policy = policy
        self._snapshot = take_snapshot(dataset)
        self._broken = _broken(self._snapshot, policy)
        sieve = Sieve(self._snapshot, policy)
        request, role = sieve.roles(np.flatnonzero(self._snapshot.is_open))
        grouped = Ragged.grouping(request, self._snapshot.num_requests)
        self._roles = Ragged(grouped.offset, role[grouped.value])
        self._session_rules = [rule for rule in policy.pair_rules if rule.grain == "session"]
        self._take(self._snapshot)

    def _take(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        room, session = self._policy.seats.room(snapshot), snapshot.sessions.cell_session
        self._run = free_run(snapshot, room)
        self._has_room = np.zeros(snapshot.num_sessions, np.bool_)
        self._has_room[session[room > 0]] = True

    def hopeful(self, request_ids: Sequence[str]) -> list[str]:
        """Those of some open requests that could have a place as the day begins, in their order:
        while places are only taken, nobody else will.
        """
        index = self._snapshot.index.requests
        rows = np.sort(ints(index[name] for name in request_ids))
        chunks = candidates_by_chunk(self._snapshot, self._policy, rows)
        found = {row for chunk in chunks for row in np.unique(chunk.request).tolist()}
        return [name for name in request_ids if index[name] in found]

    def place(self, request_id: str, now: datetime, appointment_id: str) -> Appointment | None:
        """Give a request the earliest place that is free at some instant, if there is one."""
        request = self._snapshot.index.requests[request_id]
        grid = self._snapshot.grid
        snapshot = replace(self._snapshot, as_of_instant=now, as_of=grid.minutes_up(now))
        found = self._earliest(snapshot, request)
        if found is None:
            return None
        self._take(
            with_appointments(
                self._snapshot,
                (appointment_id,),
                found.request,
                found.role,
                found.session,
                found.start,
                found.end,
            )
        )
        role = int(found.role[0])
        zone = int(snapshot.roles.zone[role])
        return Appointment(
            id=appointment_id,
            request_id=request_id,
            role_id=snapshot.roles.ids[role],
            start=grid.instant(int(found.start[0]), zone),
            end=grid.instant(int(found.end[0]), zone),
            source=SOURCE,
        )

    def release(self, appointment_id: str) -> None:
        """A place is free again."""
        gone = self._snapshot.published.ids.index(appointment_id)
        self._take(without_appointments(self._snapshot, ints([gone])))

    def require_sound(self) -> None:
        """Raise ``VerificationError`` where places were given that may not stand together."""
        before = self._broken
        for found in violations_before(self._snapshot, self._policy):
            if found.excess > before.get((found.rule, found.where), 0):
                raise VerificationError(f"the desk broke {found.rule} at {found.where}")

    def _earliest(self, snapshot: Snapshot, request: int) -> Candidates | None:
        """The earliest place of a request as its only candidate; ties by session."""
        session, best = self._sessions(snapshot, request), None
        first, size = 0, 1
        while first < len(session):
            some = session[first : first + size]
            if best is not None and snapshot.sessions.start[some[0]] > best.start[0]:
                break
            found = self._first_standing(snapshot, request, *self._free(snapshot, request, some))
            if found is not None and (best is None or found.start[0] < best.start[0]):
                best = found
            first, size = first + size, size * _GROWTH
        return best

    def _sessions(self, snapshot: Snapshot, request: int) -> Int:
        """Sessions that a request may go to, that have room and are not over, by start."""
        sessions = snapshot.sessions
        _, session = sessions.of_role.expand(self._roles.row(request))
        session = session[(sessions.end[session] > snapshot.as_of) & self._has_room[session]]
        for rule in self._session_rules:
            session = session[rule.admits(snapshot, np.full(len(session), request), session)]
        return session[np.lexsort((session, sessions.start[session]))]

    def _free(self, snapshot: Snapshot, request: int, session: Int) -> tuple[Int, Int, Int]:
        """Free places of a request in some sessions, the earliest first; no rule is asked.

        Returns
        -------
        first_cell, num_cells, minutes
            int64: what each of them covers, and the length of the visit.
        """
        sessions, types = snapshot.sessions, snapshot.visit_types
        visit_type = snapshot.requests.visit_type[request]
        minutes = snapshot.visit_minutes(request, sessions.role[session])
        total = types.before[visit_type] + minutes + types.after[visit_type]
        is_day, length = sessions.is_day[session], sessions.cell_minutes[session]
        needed = np.where(is_day, 1, -(-total // length))
        cells_of = sessions.first_cell[session + 1] - sessions.first_cell[session]
        cell = ranges(sessions.first_cell[session], cells_of)
        place = np.repeat(np.arange(len(session)), cells_of)
        start = sessions.cell_start[cell]
        moment = start + np.where(is_day, length - 1, 0)[place]
        is_free = (self._run[cell] >= needed[place]) & (moment >= max(0, snapshot.as_of))
        is_free &= start + (needed * length)[place] <= snapshot.horizon_end
        chosen = np.flatnonzero(is_free)
        chosen = chosen[np.argsort(start[chosen], kind="stable")]
        which = place[chosen]
        return cell[chosen], needed[which], minutes[which]

    def _first_standing(
        self, snapshot: Snapshot, request: int, first_cell: Int, num_cells: Int, minutes: Int
    ) -> Candidates | None:
        """The first of some places that every rule admits next to what is booked."""
        first, size = 0, _PLACES_AT_FIRST
        while first < len(first_cell):
            part = slice(first, first + size)
            cells, asked = first_cell[part], np.full(len(first_cell[part]), request)
            some = Candidates.at(snapshot, asked, cells, num_cells[part], minutes[part])
            for rule in self._policy.place_rules:
                some = some.where(rule.admits_places(snapshot, some))
            standing = some.where(self._stand(snapshot, some))
            if len(standing):
                return standing.where(np.lexsort((standing.first_cell, standing.start))[:1])
            first, size = first + size, size * _GROWTH
        return None

    def _stand(self, snapshot: Snapshot, candidates: Candidates) -> Int:
        """Those that no row refuses if each alone is added; int64 indices, by cell."""
        order = np.argsort(candidates.first_cell, kind="stable")
        by_cell = candidates.where(order)
        holds = np.ones(len(by_cell), np.bool_)
        for constraint in self._policy.constraints if len(by_cell) else ():
            holds &= holds_alone(constraint.rows(snapshot, by_cell), len(by_cell))
        return order[holds]


def _broken(snapshot: Snapshot, policy: Policy) -> dict[tuple[str, str], int]:
    """By how much what is booked breaks which rule where."""
    found: tuple[Violation, ...] = violations_before(snapshot, policy)
    return {(row.rule, row.where): row.excess for row in found}
