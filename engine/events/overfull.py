"""Stretches of time in which more is promised than there is.

Every use of something – a seat of a session, a room, a patient's time – is an interval with an
owner. A piece of time in which more of them meet than there is room for is over-full; objects are
made of such pieces alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.arrays import NONE, Bool, Int
from engine.events.findings import ConflictKind
from engine.events.pieces import NO_CUTS, Pieces, Uses
from engine.policy import Policy
from engine.snapshot import Snapshot, stays_of


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch in which more is promised than there is, and nobody comes or goes.

    Parameters
    ----------
    kind, of, location_id
        As in ``Conflict``.
    start, end
        Minutes of the snapshot's grid.
    room
        For how many there is room, at least 1.
    excess
        How many are too many; where a doctor is in several places, how many places.
    members
        Ids of the appointments that meet, in the order of the dataset, and at which home of
        the doctor each is: empty where homes do not matter.
    """

    kind: ConflictKind
    of: str
    location_id: str | None
    start: int
    end: int
    room: int
    excess: int
    members: dict[str, str]

    @property
    def owner(self) -> tuple[str, str, str | None]:
        """What there is not enough of."""
        return self.kind, self.of, self.location_id

    @property
    def is_of_places(self) -> bool:
        """Whether a doctor would have to be in several places at once."""
        return any(self.members.values())


class Sweep:
    """Looks for over-full stretches among the active appointments of a snapshot.

    Parameters
    ----------
    snapshot, policy
        What is promised, and by which rules: what a policy does not ask, nobody breaks.
    without
        Ids of appointments that do not count.
    homes
        Where a doctor sees each appointment (id), as far as it is not the session that the
        snapshot has it in: two at one home are a matter of its seats alone.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        policy: Policy,
        without: Collection[str] = (),
        homes: Mapping[str, str] | None = None,
    ) -> None:
        self._snapshot = snapshot
        self._policy = policy
        self._homes = homes or {}
        self._counts = np.array([name not in without for name in snapshot.published.ids], np.bool_)

    def stretches(self) -> list[Stretch]:
        """Every over-full stretch."""
        holding = {rule.name for rule in self._policy.rules}
        found: list[Stretch] = []
        if "slot_capacity" in holding:
            found += self._seats()
        if "doctor_in_one_place" in holding:
            found += self._places()
        if "rooms_and_devices" in holding:
            found += self._rooms()
        if "patient_in_one_place" in holding:
            found += self._patients()
        return found

    def _seats(self) -> Iterator[Stretch]:
        """Sessions in which more are promised than there are seats."""
        snapshot, published = self._snapshot, self._snapshot.published
        sessions = snapshot.sessions
        stays = stays_of(snapshot, np.arange(len(published.ids)))
        which, session = stays.appointment, stays.session
        is_day = sessions.is_day[session]
        start = np.where(is_day, sessions.start[session], published.busy_start[which])
        end = np.where(is_day, sessions.end[session], published.busy_end[which])
        start = np.maximum(start, sessions.start[session])
        end = np.minimum(end, sessions.end[session])
        uses = Uses(which, session, start, end).where(self._counts[which])
        per_cell = self._policy.seats.per_cell(snapshot)
        varies = bool((per_cell != sessions.capacity[sessions.cell_session]).any())
        cuts = (sessions.cell_session, sessions.cell_start) if varies else NO_CUTS
        pieces = Pieces.of(uses, cuts)
        room = sessions.capacity[pieces.owner]
        if varies:
            room = np.maximum(room, _seats_at(snapshot, per_cell, pieces.owner, pieces.start))
        over = (pieces.count > room) & (room > 0)
        doctor = snapshot.roles.doctor[sessions.role]

        def of(session: int) -> tuple[str, None]:
            return snapshot.doctors.ids[doctor[session]], None

        return self._made("doctor", uses, pieces, over, room, of)

    def _places(self) -> Iterator[Stretch]:
        """Doctors who would have to be in several places; a service may be."""
        snapshot, published = self._snapshot, self._snapshot.published
        doctor = snapshot.roles.doctor[published.role]
        chosen = np.flatnonzero(
            self._counts & published.has_time & ~snapshot.doctors.is_service[doctor]
        )
        uses = Uses(
            chosen, doctor[chosen], published.busy_start[chosen], published.busy_end[chosen]
        )
        names = self._home_names()
        number = {name: index for index, name in enumerate(dict.fromkeys(names))}
        home = np.array([number[name] for name in names], np.int64)
        pieces = Pieces.of(uses, NO_CUTS)
        lowest = np.full(len(pieces.owner), len(number), np.int64)
        highest = np.full(len(pieces.owner), NONE, np.int64)
        np.minimum.at(lowest, pieces.piece, home[uses.appointment[pieces.use]])
        np.maximum.at(highest, pieces.piece, home[uses.appointment[pieces.use]])

        def of(doctor: int) -> tuple[str, None]:
            return snapshot.doctors.ids[doctor], None

        one = np.ones(len(pieces.owner), np.int64)
        return self._made("doctor", uses, pieces, lowest < highest, one, of, names)

    def _home_names(self) -> list[str]:
        """Where the doctor is during each appointment: a session, or a place of its own."""
        published, sessions = self._snapshot.published, self._snapshot.sessions
        return [
            self._homes.get(name)
            or (f"appointment {name}" if session == NONE else f"session {sessions.ids[session]}")
            for name, session in zip(published.ids, published.session.tolist(), strict=True)
        ]

    def _rooms(self) -> Iterator[Stretch]:
        """Rooms and devices of which fewer are there than are needed."""
        snapshot, published = self._snapshot, self._snapshot.published
        needing = np.flatnonzero(self._counts & published.has_time & (published.request != NONE))
        visit_type = snapshot.requests.visit_type[published.request[needing]]
        place, kind = snapshot.visit_types.needs.expand(visit_type)
        which = needing[place]
        location = snapshot.roles.location[published.role[which]]
        kinds = list(snapshot.index.kinds)
        width = max(1, len(kinds))
        uses = Uses(
            which,
            location * width + kind,
            published.busy_start[which],
            published.busy_end[which],
        ).where(location != NONE)
        pieces = Pieces.of(uses, NO_CUTS)
        room = snapshot.resources.get(pieces.owner // width, pieces.owner % width, 0)
        over = (pieces.count > room) & (room > 0)

        def of(owner: int) -> tuple[str, str]:
            return kinds[owner % width], snapshot.locations.ids[owner // width]

        return self._made("room", uses, pieces, over, room, of)

    def _patients(self) -> Iterator[Stretch]:
        """Patients who were told to be in several places."""
        snapshot, published = self._snapshot, self._snapshot.published
        told = np.flatnonzero(self._counts & published.has_time & (published.request != NONE))
        patient = snapshot.requests.patient[published.request[told]]
        uses = Uses(told, patient, published.start[told], published.end[told])
        pieces = Pieces.of(uses, NO_CUTS)
        one = np.ones(len(pieces.owner), np.int64)

        def of(patient: int) -> tuple[str, None]:
            return snapshot.patients.ids[patient], None

        return self._made("patient", uses, pieces, pieces.count > 1, one, of)

    def _made(
        self,
        kind: ConflictKind,
        uses: Uses,
        pieces: Pieces,
        over: Bool,
        room: Int,
        of: Callable[[int], tuple[str, str | None]],
        homes: Sequence[str] = (),
    ) -> Iterator[Stretch]:
        """Stretches of the pieces that are over-full; ``homes`` of all appointments."""
        names = self._snapshot.published.ids
        for piece, group in pieces.covers(np.flatnonzero(over)):
            there = uses.appointment[group].tolist()
            members = {names[index]: homes[index] if homes else "" for index in there}
            name, location_id = of(int(pieces.owner[piece]))
            yield Stretch(
                kind=kind,
                of=name,
                location_id=location_id,
                start=int(pieces.start[piece]),
                end=int(pieces.start[piece + 1]),
                room=int(room[piece]),
                excess=len(set(members.values()) if homes else members) - int(room[piece]),
                members=members,
            )


def _seats_at(snapshot: Snapshot, per_cell: Int, session: Int, minute: Int) -> Int:
    """Seats of the cell of a session at a minute; 0 behind its last whole cell."""
    sessions = snapshot.sessions
    number = (minute - sessions.start[session]) // sessions.cell_minutes[session]
    cell = sessions.first_cell[session] + number
    is_cell = cell < sessions.first_cell[session + 1]
    return np.where(is_cell, np.append(per_cell, 0)[np.where(is_cell, cell, -1)], 0)
