"""Time to get from one visit to the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from engine.arrays import NONE, Bool, Int, Ragged
from engine.candidates import Candidates
from engine.geography import great_circle_metres
from engine.parameters import assumed
from engine.rows import Rows, at_most
from engine.rules import Couples, Suspicion, beside_appointments_of_patients, rule
from engine.snapshot import Snapshot

_METRES_PER_KM, _MINUTES_PER_HOUR = 1_000, 60


@rule
class TravelTime:
    """Between two visits of a patient at different places lies the time to get there.

    Formula: for candidates c of one request and those c' of another of the same patient,
    ``x_c + Σ x_c' ≤ 1`` over every c' that begins less than w after c ends and ends less than
    w before c begins, where ``w = ⌈great-circle km × detour / speed × 60⌉`` minutes; next to an
    appointment of the patient so close, ``x_c ≤ 0``. No time is needed by video, at one
    place, and where a place is unknown. A day session has no told time. Key: candidate ×
    the other request.
    """

    name: ClassVar[str] = "travel_time"
    couples: ClassVar[Couples] = "patient"

    speed_km_per_hour: Annotated[float, Field(gt=0, le=1_000)] = assumed(
        40.0, "in a city, door to door"
    )
    detour: Annotated[float, Field(ge=1, le=10)] = assumed(
        1.3, "length of the way over the distance as the crow flies"
    )

    def rows(self, snapshot: Snapshot, candidates: Candidates) -> Rows:
        """Rows of the patients with several requests."""
        empty, count = np.zeros(0, np.int64), snapshot.num_requests
        keys, columns, full = [empty], [empty], [empty]
        for mine, theirs in _neighbours(snapshot, candidates):
            row, place = np.nonzero(self._clash(snapshot, mine, theirs))
            own = np.unique(row)
            key = (mine.first_cell * count + mine.request) * count + theirs.request
            keys.append(key[own])
            columns.append(mine.column[own])
            if theirs.is_kept:
                full.append(key[own])
            else:
                keys.append(key[row])
                columns.append(theirs.column[place])
        full_key = np.unique(np.concatenate(full))
        no_room = np.zeros(len(full_key), np.int64)
        return at_most(np.concatenate(keys), np.concatenate(columns), full_key, no_room, 1)

    def suspects(self, snapshot: Snapshot) -> Suspicion:
        """Suspects sessions from which the way to an appointment of the patient may be too long."""
        sessions, published, roles = snapshot.sessions, snapshot.published, snapshot.roles

        def is_near(session: Int, told: Int) -> Bool:
            here = roles.location[sessions.role[session]]
            way = self._minutes(snapshot, here, roles.location[published.role[told]])
            after = published.start[told] - sessions.end[session]
            before = sessions.start[session] - published.end[told]
            near: Bool = (after < way) & (before < way)
            return near

        return beside_appointments_of_patients(snapshot, is_near)

    def _clash(self, snapshot: Snapshot, mine: _Stops, theirs: _Stops) -> Bool:
        """Whether each of the patient's stops leaves no time to get to each of the others."""
        way = self._minutes(snapshot, mine.location[:, None], theirs.location)
        after = theirs.start - mine.end[:, None]
        before = mine.start[:, None] - theirs.end
        return (way > 0) & (after < way) & (before < way)

    def _minutes(self, snapshot: Snapshot, location: Int, other: Int) -> Int:
        """Minutes between places, broadcast; 0 where none are needed."""
        places = snapshot.locations
        if not len(places.ids):
            return np.zeros(np.broadcast_shapes(location.shape, other.shape), np.int64)
        metres = great_circle_metres(
            places.latitude[location],
            places.longitude[location],
            places.latitude[other],
            places.longitude[other],
        )
        is_way = (location != NONE) & (other != NONE) & (location != other) & (metres > 0)
        hours = metres * self.detour / (self.speed_km_per_hour * _METRES_PER_KM)
        minutes = np.ceil(np.round(hours * _MINUTES_PER_HOUR, 6)).astype(np.int64)
        return np.where(is_way, minutes, 0)


@dataclass(frozen=True, slots=True)
class _Stops:
    """Where one request could be, or is kept.

    Parameters
    ----------
    request
        Index.
    column, first_cell
        int64: index of each candidate, and its first cell; -1 if kept.
    start, end, location
        int64: the told interval, and the place.
    is_kept
        It holds an appointment; the only stop is there.
    """

    request: int
    column: Int
    first_cell: Int
    start: Int
    end: Int
    location: Int
    is_kept: bool = False


def _neighbours(snapshot: Snapshot, candidates: Candidates) -> Iterator[tuple[_Stops, _Stops]]:
    """Stops of every two requests of a patient; the first of the two is open."""
    patient = snapshot.requests.patient
    several = np.bincount(patient, minlength=len(snapshot.patients.ids)) > 1
    chosen = np.flatnonzero(several[patient[candidates.request]] & candidates.has_time)
    own = Ragged.grouping(candidates.request[chosen], snapshot.num_requests)
    of_patient = Ragged.grouping(patient, len(several))
    for who in np.unique(patient[candidates.request[chosen]]).tolist():
        stops = [_stops(snapshot, candidates, r, chosen[own.row(r)]) for r in of_patient.row(who)]
        for one, other in combinations(sorted(stops, key=lambda stop: stop.is_kept), 2):
            if not one.is_kept:
                yield one, other


def _stops(snapshot: Snapshot, candidates: Candidates, request: int, column: Int) -> _Stops:
    published, appointment = snapshot.published, int(snapshot.published.of_request[request])
    if appointment == NONE:
        mine, location = candidates.where(column), snapshot.roles.location
        where = location[mine.role]
        return _Stops(request, column, mine.first_cell, mine.start, mine.end, where)
    there = np.array([appointment] if published.has_time[appointment] else [], np.int64)
    none = np.full(len(there), NONE, np.int64)
    location = snapshot.roles.location[published.role[there]]
    told = published.start[there], published.end[there]
    return _Stops(request, none, none, *told, location, is_kept=True)
