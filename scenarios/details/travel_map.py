"""Where places and homes are, and who goes where."""

from __future__ import annotations

import numpy as np

from engine.arrays import NONE, Float, Int
from engine.geography import EARTH_RADIUS_METRES
from engine.plan import UNPLACED, Plan
from engine.snapshot import Snapshot
from scenarios.details.records import MAX_HOMES, MAX_PLACES, Home, Place, TravelMap

_METRES_PER_KM = 1_000


def travel_map(snapshot: Snapshot, plan: Plan, names: dict[str, str]) -> TravelMap | None:
    """Places and homes on a flat map; ``None`` where no place has a position.

    Formula: ``x = r cos φ₀ (λ − λ₀)``, ``y = r (φ − φ₀)``, around the middle of the places
    (equirectangular). Units: km.

    Parameters
    ----------
    names
        Of the places, by id.
    """
    known = np.flatnonzero(~np.isnan(snapshot.locations.latitude))
    if not len(known):
        return None
    flat = _Flat(snapshot.locations.latitude[known], snapshot.locations.longitude[known])
    visits = _visits(snapshot, plan)
    busiest = known[np.argsort(-visits[known], kind="stable")][:MAX_PLACES]
    homes, num_homes = _homes(snapshot, plan, flat)
    x, y = flat.km(snapshot.locations.latitude, snapshot.locations.longitude)
    ids = snapshot.locations.ids
    return TravelMap(
        places=tuple(
            Place(
                id=ids[row],
                name=names.get(ids[row], ""),
                x=float(x[row]),
                y=float(y[row]),
                visits=int(visits[row]),
            )
            for row in busiest.tolist()
        ),
        homes=homes,
        num_places=len(known),
        num_homes=num_homes,
    )


class _Flat:
    """The globe around some points, made flat."""

    def __init__(self, latitude: Float, longitude: Float) -> None:
        self._phi = float(latitude.min() + latitude.max()) / 2
        self._lam = float(longitude.min() + longitude.max()) / 2

    def km(self, latitude: Float, longitude: Float) -> tuple[Float, Float]:
        """Kilometres east and north of the middle, to a hundred metres."""
        radius = EARTH_RADIUS_METRES / _METRES_PER_KM
        x = radius * np.cos(np.radians(self._phi)) * np.radians(longitude - self._lam)
        y = radius * np.radians(latitude - self._phi)
        return np.round(x, 1) + 0.0, np.round(y, 1) + 0.0  # no zero has a sign


def _visits(snapshot: Snapshot, plan: Plan) -> Int:
    """Visits at every place; int64, shape (O,)."""
    role = plan.role[plan.state != UNPLACED]
    location = snapshot.roles.location[role]
    counted: Int = np.bincount(
        location[location != NONE], minlength=len(snapshot.locations.ids)
    ).astype(np.int64)
    return counted


def _homes(snapshot: Snapshot, plan: Plan, flat: _Flat) -> tuple[tuple[Home, ...], int]:
    """Some homes of those who ask, evenly taken, and how many there are."""
    patient = snapshot.requests.patient
    latitude = snapshot.patients.latitude[patient]
    longitude = snapshot.patients.longitude[patient]
    known = np.flatnonzero(~np.isnan(latitude))
    step = max(1, -(-len(known) // MAX_HOMES))
    some = known[::step]
    x, y = flat.km(latitude[some], longitude[some])
    is_placed = plan.state[some] != UNPLACED
    metres = np.full(len(some), NONE, np.int64)
    metres[is_placed] = snapshot.metres(some[is_placed], plan.role[some[is_placed]])
    homes = zip(x.tolist(), y.tolist(), metres.tolist(), is_placed.tolist(), strict=True)
    return tuple(
        Home(
            x=east,
            y=north,
            km=None if way == NONE else round(way / _METRES_PER_KM, 1),
            is_placed=placed,
        )
        for east, north, way, placed in homes
    ), len(known)
