"""A snapshot whose appointments come and go, without being taken anew.

What an appointment changes is worked out for its role, by the code that publishes a dataset: the
seats of its sessions, and where its other appointments lie. Everything else stays. Rows of
appointments that were freed are left behind, and no list names them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from engine.arrays import NONE, Int, Ragged, ints, rows_joined
from engine.snapshot.asked import Asked
from engine.snapshot.published import Places, Published, lie
from engine.snapshot.sessions import sessions_taken
from engine.snapshot.snapshot import Snapshot


class Lists:
    """Rows of indices that grow.

    Parameters
    ----------
    group
        int64: the row in which each index is, to begin with; -1: in none.
    """

    def __init__(self, group: Int, num_rows: int) -> None:
        self._first = Ragged.grouping(group, num_rows)
        self._num_rows = num_rows
        self._more: dict[int, list[int]] = defaultdict(list)

    def add(self, row: int, index: int) -> None:
        """Put an index at the end of a row."""
        self._more[row].append(index)

    def expand(self, rows: Int) -> tuple[Int, Int]:
        """Walk some rows, as ``Ragged.expand``; the later indices stand at the end."""
        old = np.flatnonzero(rows < self._num_rows)
        place, value = self._first.expand(rows[old])
        more = [(at, i) for at, row in enumerate(rows.tolist()) for i in self._more.get(row, ())]
        if not more:
            return old[place], value
        at, index = np.array(more, np.int64).T
        return np.concatenate([old[place], at]), np.concatenate([value, index])


_ROLE, _REQUEST, _START, _END, _BUSY_START, _BUSY_END, _SESSION, _HAS_TIME, _STANDS = range(9)


class Book:
    """A snapshot, and its appointments as they are now.

    Parameters
    ----------
    whole
        The snapshot. Its ``published`` is left as it was: what holds now is in this.

    Attributes
    ----------
    whole
        The same, with ``used`` as it is now, and with every request that became known.
    of_request
        int64, shape (R,): index of the request's appointment or -1.
    """

    def __init__(self, whole: Snapshot) -> None:
        told, roles = whole.published, whole.roles
        self.whole = replace(whole, used=whole.used.copy())
        self.of_request: Int = told.of_request.copy()
        self._ids = list(told.ids)
        self._at = {name: row for row, name in enumerate(told.ids)}
        columns = (told.role, told.request, told.start, told.end, told.busy_start, told.busy_end)
        has_time, stands = told.has_time.astype(np.int64), np.ones(len(told.ids), np.int64)
        self._table = np.stack([*columns, told.session, has_time, stands])
        holds = np.flatnonzero(told.request != NONE)
        patient, location = (np.full(len(told.ids), NONE, np.int64) for _ in range(2))
        patient[holds] = whole.requests.patient[told.request[holds]]
        location[holds] = roles.location[told.role[holds]]
        self._of_role = Lists(told.role, whole.num_roles)
        self._of_patient = Lists(patient, len(whole.patients.ids))
        self._at_location = Lists(location, len(whole.locations.ids))
        self._of_family = Lists(whole.patients.family, len(whole.index.families))

    def __contains__(self, appointment_id: str) -> bool:
        return appointment_id in self._at

    def place(self, appointment: int) -> tuple[int, int, int, int]:
        """Role, session (-1: outside every one), start and end of an appointment."""
        role, session, start, end = self._table[[_ROLE, _SESSION, _START, _END], appointment]
        return int(role), int(session), int(start), int(end)

    def role_of(self, appointment_id: str) -> int:
        """Role in which an appointment is."""
        return int(self._table[_ROLE, self._at[appointment_id]])

    def request_of(self, appointment_id: str) -> int:
        """Request that holds an appointment; -1: a block."""
        return int(self._table[_REQUEST, self._at[appointment_id]])

    def in_roles(self, roles: Int) -> tuple[Int, Int]:
        """Positions in ``roles``, and the appointments there; int64."""
        return self._standing(self._of_role.expand(roles))

    def of_patients(self, patients: Int) -> tuple[Int, Int]:
        """Positions in ``patients``, and the appointments that their requests hold; int64."""
        return self._standing(self._of_patient.expand(patients))

    def at_locations(self, locations: Int) -> tuple[Int, Int]:
        """Positions in ``locations``, and the appointments that requests hold there; int64."""
        return self._standing(self._at_location.expand(locations))

    def relatives(self, family: int) -> Int:
        """Patients of a family; of none (-1), nobody."""
        return self._of_family.expand(ints([family] if family != NONE else []))[1]

    def _standing(self, found: tuple[Int, Int]) -> tuple[Int, Int]:
        place, appointment = found
        stands = self._table[_STANDS, appointment] > 0
        return place[stands], appointment[stands]

    def told(self, appointments: Int) -> Published:
        """What some appointments (int64 indices) say, by the indices of the whole; ``of_request``
        is left empty.
        """
        role, request, start, end, busy_start, busy_end, session, has_time, _ = self._table[
            :, appointments
        ]
        return Published(
            ids=tuple(self._ids[row] for row in appointments.tolist()),
            role=role,
            request=request,
            start=start,
            end=end,
            busy_start=busy_start,
            busy_end=busy_end,
            session=session,
            has_time=has_time > 0,
            of_request=ints([]),
        )

    def take(self, appointment_id: str, role: int, request: int, start: int, end: int) -> None:
        """Enter an appointment; ``request`` -1: a block; minutes."""
        row = len(self._ids)
        if row == self._table.shape[1]:
            self._table = np.pad(self._table, ((0, 0), (0, max(64, row // 8))))
        self._ids.append(appointment_id)
        self._at[appointment_id] = row
        self._table[:, row] = (role, request, start, end, start, end, NONE, 1, 1)
        self._of_role.add(role, row)
        if request != NONE:
            self.of_request[request] = row
            self._of_patient.add(int(self.whole.requests.patient[request]), row)
            location = int(self.whole.roles.location[role])
            if location != NONE:
                self._at_location.add(location, row)
        self._settle(role)

    def free(self, appointment_id: str) -> None:
        """Strike an appointment."""
        row = self._at.pop(appointment_id)
        role, request = self._table[[_ROLE, _REQUEST], row].tolist()
        self._stand(row, role, request, stands=False)

    @contextmanager
    def without(self, appointment: int) -> Iterator[None]:
        """As if an appointment (index) were not there, until all is as it was."""
        role, request = self._table[[_ROLE, _REQUEST], appointment].tolist()
        self._stand(appointment, role, request, stands=False)
        try:
            yield
        finally:
            self._stand(appointment, role, request, stands=True)

    def _stand(self, appointment: int, role: int, request: int, *, stands: bool) -> None:
        """Let an appointment count, or not."""
        self._table[_STANDS, appointment] = stands
        if request != NONE:
            self.of_request[request] = appointment if stands else NONE
        self._settle(role)

    def admit(self, asked: Asked) -> int:
        """Make a new request known, and its patient, if that is new too; index of the request."""
        whole, index = self.whole, self.whole.index
        patients, patient = whole.patients, asked.patient
        if patient == NONE:
            patient = len(patients.ids)
            patients = rows_joined(patients, asked.patients)
            index.patients[asked.patients.ids[0]] = patient
            if asked.patients.family[0] != NONE:
                self._of_family.add(int(asked.patients.family[0]), patient)
        request = whole.num_requests
        index.requests[asked.requests.ids[0]] = request
        new = replace(asked.requests, patient=ints([patient]))
        self.whole = replace(
            whole,
            index=replace(asked.index, patients=index.patients, requests=index.requests),
            patients=patients,
            requests=rows_joined(whole.requests, new),
            wishes=rows_joined(whole.wishes, asked.wishes),
        )
        self.of_request = np.append(self.of_request, NONE)
        return request

    def _settle(self, role: int) -> None:
        """Find anew where the appointments of a role lie, and which seats they take."""
        whole = self.whole
        session = whole.sessions.of_role.row(role)
        sessions, cell = sessions_taken(
            whole.sessions, session, 1, np.zeros(len(session), np.int64)
        )
        _, mine = self.in_roles(ints([role]))
        told = self.told(mine)
        places = Places(told.ids, np.zeros(len(mine), np.int64), told.request, told.start, told.end)
        holds = told.request != NONE
        holder = np.where(holds, told.request, 0)
        visit_type, urgency = (
            np.where(holds, column[holder], NONE) if len(column) else holder + NONE
            for column in (whole.requests.visit_type, whole.requests.urgency)
        )
        lying = lie(places, sessions, whole.visit_types, visit_type, urgency)
        home = lying.session
        self._table[_BUSY_START, mine] = lying.busy_start
        self._table[_BUSY_END, mine] = lying.busy_end
        self._table[_SESSION, mine] = np.where(home == NONE, NONE, np.append(session, NONE)[home])
        self._table[_HAS_TIME, mine] = lying.has_time
        whole.used[cell] = lying.used
