"""What appointments occupy: seats of sessions, doctors, patients, rooms and devices.

The same meaning as in the judges and in ``engine.events.overfull``, thing by thing, for those
who write down who is where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.arrays import NONE, Int, ranges
from engine.policy import Policy
from engine.snapshot import Snapshot, stays_of

UseKind = Literal["session", "doctor", "patient", "room"]


@dataclass(frozen=True, slots=True)
class Use:
    """A stretch of time in which an appointment needs something.

    Parameters
    ----------
    appointment_id
        Which appointment.
    kind, of
        What it needs: a seat in a session (its id), a doctor, a patient, or a room or device (ids
        of the location and of the kind; by video there is no location, and no room).
    start, end
        Minutes of the snapshot's grid.
    room
        How many can have it at a time; 0: there is none.
    home
        Where the doctor is: two at one home are a matter of its seats alone. ``None`` of
        everything else.
    """

    appointment_id: str
    kind: UseKind
    of: tuple[str, ...]
    start: int
    end: int
    room: int
    home: str | None = None


def uses(snapshot: Snapshot, policy: Policy) -> Iterator[Use]:
    """Everything that the active appointments of a snapshot occupy.

    - A seat in every cell that it touches, with the minutes before and after, in the sessions
      of its role; of a day session one seat. A session's use is cut at its cells, for they may
      have different numbers of seats.
    - Its doctor, with these minutes, where it has a told time; a service may be in two places.
    - Its patient, from the told start to the told end.
    - One room or device of every kind that its type of visit needs, as long as the doctor.

    Parameters
    ----------
    policy
        Only what one of its rules speaks of is occupied; it says too how many seats there are.
    """
    of_rule: dict[str, Callable[[], Iterator[Use]]] = {
        "slot_capacity": lambda: _seats(snapshot, policy),
        "doctor_in_one_place": lambda: _doctors(snapshot),
        "patient_in_one_place": lambda: _patients(snapshot),
        "rooms_and_devices": lambda: _rooms(snapshot),
    }
    holding = {rule.name for rule in policy.rules}
    for name, found in of_rule.items():
        if name in holding:
            yield from found()


def _seats(snapshot: Snapshot, policy: Policy) -> Iterator[Use]:
    published, sessions = snapshot.published, snapshot.sessions
    stays = stays_of(snapshot, np.arange(len(published.ids)))
    opens, closes = sessions.start[stays.session], sessions.end[stays.session]
    is_day = sessions.is_day[stays.session]
    begin = np.maximum(opens, np.where(is_day, opens, published.busy_start[stays.appointment]))
    finish = np.minimum(closes, np.where(is_day, closes, published.busy_end[stays.appointment]))
    cell = sessions.cell_minutes[stays.session]
    first = (begin - opens) // cell
    number = -((opens - finish) // cell) - first
    stay = np.repeat(np.arange(len(first)), number)
    index = ranges(first, number)  # one more than there are cells: minutes after the last
    cell_start = opens[stay] + index * cell[stay]
    start = np.maximum(begin[stay], cell_start)
    end = np.minimum(finish[stay], cell_start + cell[stay])
    session = stays.session[stay]
    room = _room(snapshot, policy, session, index)
    rows = (stays.appointment[stay], session, start, end, room)
    for which, at, since, until, seats in zip(*(row.tolist() for row in rows), strict=True):
        yield Use(published.ids[which], "session", (sessions.ids[at],), since, until, seats)


def _room(snapshot: Snapshot, policy: Policy, session: Int, index: Int) -> Int:
    """Seats of cells by their index in a session; behind the last one, the session's own."""
    sessions = snapshot.sessions
    cell = sessions.first_cell[session] + index
    is_cell = cell < sessions.first_cell[session + 1]
    seats = np.append(policy.seats.per_cell(snapshot), 0)[np.where(is_cell, cell, -1)]
    return np.where(is_cell, seats, sessions.capacity[session])


def _doctors(snapshot: Snapshot) -> Iterator[Use]:
    published, doctors = snapshot.published, snapshot.doctors
    doctor = snapshot.roles.doctor[published.role]
    for which in np.flatnonzero(published.has_time & ~doctors.is_service[doctor]).tolist():
        name, session = published.ids[which], int(published.session[which])
        home = f"appointment {name}"
        if session != NONE:
            home = f"session {snapshot.sessions.ids[session]}"
        of = (doctors.ids[int(doctor[which])],)
        yield Use(name, "doctor", of, *_busy(snapshot, which), 1, home)


def _patients(snapshot: Snapshot) -> Iterator[Use]:
    published = snapshot.published
    for which in np.flatnonzero(published.has_time & (published.request != NONE)).tolist():
        patient = snapshot.requests.patient[published.request[which]]
        of = (snapshot.patients.ids[int(patient)],)
        told = int(published.start[which]), int(published.end[which])
        yield Use(published.ids[which], "patient", of, *told, 1)


def _rooms(snapshot: Snapshot) -> Iterator[Use]:
    published = snapshot.published
    kinds = list(snapshot.index.kinds)
    for which in np.flatnonzero(published.has_time & (published.request != NONE)).tolist():
        visit_type = snapshot.requests.visit_type[published.request[which]]
        location = int(snapshot.roles.location[published.role[which]])
        place = () if location == NONE else (snapshot.locations.ids[location],)
        for kind in snapshot.visit_types.needs.row(int(visit_type)).tolist():
            room = 0 if location == NONE else int(snapshot.resources.get(location, kind, 0))
            of = (*place, kinds[kind])
            yield Use(published.ids[which], "room", of, *_busy(snapshot, which), room)


def _busy(snapshot: Snapshot, which: int) -> tuple[int, int]:
    """From when until when an appointment keeps its doctor busy."""
    published = snapshot.published
    return int(published.busy_start[which]), int(published.busy_end[which])
