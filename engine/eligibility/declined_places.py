"""Nothing that the patient has said no to."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.arrays import NONE, Bool, Int
from engine.candidates import Candidates
from engine.rules import Grain, Suspicion, of_requests, rule
from engine.snapshot import Refusal, Snapshot
from engine.time_grid import MINUTES_PER_DAY, minute_of_week


@rule
class DeclinedPlaces:
    """What a patient has declined is not offered again.

    Formula: for each of the request's ``declined``, the place misses at least one of the fields
    given: doctor, place, role, ``start`` (the same instant), ``before`` (``start < before``),
    ``times`` (the visit begins in their union, on the clock at the place; of a day session,
    they cover its whole day).

    Units: minutes; minutes of the week, from Monday 00:00.
    """

    name: ClassVar[str] = "declined_places"
    grain: ClassVar[Grain] = "place"

    def admits_places(self, snapshot: Snapshot, candidates: Candidates) -> Bool:
        """Whether each candidate is none of those declined."""
        admitted = np.ones(len(candidates), np.bool_)
        asked = np.flatnonzero(snapshot.requests.has_declined[candidates.request])
        request = candidates.request[asked]
        for one in np.unique(request).tolist():
            own = asked[request == one]
            some = candidates.where(own)
            for refusal in snapshot.requests.declined[one]:
                admitted[own] &= ~_fits(snapshot, some, refusal)
        return admitted

    def suspects(self, snapshot: Snapshot) -> Suspicion:
        """Suspects requests that have declined something."""
        return of_requests(snapshot.requests.has_declined)


def _fits(snapshot: Snapshot, places: Candidates, refusal: Refusal) -> Bool:
    """Which places one refusal speaks of; bool, shape (C,)."""
    roles = snapshot.roles
    fits = places.start < refusal.before
    if refusal.start is not None:
        fits &= places.start == refusal.start
    for value, wanted in (
        (places.role, refusal.role),
        (roles.doctor[places.role], refusal.doctor),
        (roles.location[places.role], refusal.location),
    ):
        if wanted != NONE:
            fits &= value == wanted
    if refusal.times:
        fits &= _begin_in(snapshot, places, np.array(refusal.times, np.int64))
    return fits


def _begin_in(snapshot: Snapshot, places: Candidates, edges: Int) -> Bool:
    """Which places begin in weekly times; of day sessions, whose whole day is in them."""
    low, high = edges[::2], edges[1::2]
    zone = places.zone(snapshot)
    start = minute_of_week(snapshot.grid.wall(zone, places.start))[:, None]
    begins = ((low <= start) & (start < high)).any(axis=1)
    midnight = start - start % MINUTES_PER_DAY
    is_whole = ((low <= midnight) & (midnight + MINUTES_PER_DAY <= high)).any(axis=1)
    found: Bool = np.where(places.has_time, begins, is_whole)
    return found
